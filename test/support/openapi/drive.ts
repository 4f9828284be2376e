import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { writtenFrom } from '../../../src/commands/init-from/written-from.ts';
import type { FoundCall } from '../../../src/commands/init-from/found-call.ts';
import type { SendResult } from '../../../src/kernel/transport.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { loadCatalogue, loadTransportDefinition } from '../../../src/transports/discover.ts';
import type { Any } from './rules.ts';
import { wholeTransport } from '../whole-transport.ts';

export interface Asked {
  readonly from: string;
  readonly operations?: readonly string[];
  readonly include?: readonly string[];
}

/** The scenario that is written for a description, once it was loaded without a problem. */
export async function loadedFrom(folder: string, { from, operations = [], include = [] }: Asked) {
  const file = path.join(folder, 'written.yaml');
  const { text, calls, warnings } = await writtenFrom({ from, operations, include, file, name: 'written' });
  writeFileSync(file, text);
  const { scenario } = await loadScenario(file, [], await loadCatalogue());
  return { scenario, calls, warnings, text, written: parse(text) as Record<string, Any> };
}

/** Sends the first arrivals of a target's calls to a server, as the generator would. */
export async function sentTo(
  url: string,
  call: Pick<FoundCall, 'transport' | 'settings'>,
): Promise<SendResult[]> {
  const { parts, options, target } = await loadTransportDefinition(call.transport);
  const transport = await wholeTransport({ parts });
  const own = call.transport === 'rest' ? { connections: 1 } : {};
  await using connection = await transport.connectTarget!(
    { url, given: url },
    {
      options: options.parse(own),
      interaction: 'request-reply',
      requests: new Map([['call', { settings: target!.settings.parse(call.settings), seed: 7 }]]),
    },
  );
  const results: SendResult[] = [];
  for (const sequence of [0, 1, 12_345]) {
    const envelope = { trial: 1, stage: 'measured', sequence, attempt: 1, key: 3, deadlineNs: 0 } as const;
    results.push(await connection.send({ operation: 'call', body: null, envelope }));
  }
  return results;
}
