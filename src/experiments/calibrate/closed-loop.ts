import { endsWithin, untilAborted } from '../../kernel/wait.ts';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastOutputOf } from '../../platform/process/last-output.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { createSchedule } from '../../measure/schedule.ts';
import type { ClosedLoop } from './record.ts';
import { clientVersion } from '../../record/environment.ts';
import { writeRequest } from '../../transports/rest/write-request.ts';
import { openSystem } from '../../trial/environment/open-system.ts';
import type { Testbed } from '../../trial/environment/testbed.ts';
import type { TrialSpec } from '../../plan/spec.ts';

const TOOL = 'autocannon';
/** The same number as in our own closed loop. */
const CONNECTIONS = 16;
const [WARM_UP_S, MEASURED_S] = [1, 2];
/** Time beyond its own duration before it counts as hung. */
const SLACK_MS = 15_000;

/**
 * An independent tool against the same service over HTTP: autocannon, a process of its own, closed loop. Its rate alone
 * is used (DESIGN 3.14: its latencies are whole milliseconds). Only for patterns whose requests are plain HTTP.
 * @throws CommbenchError child-failed with its last output
 */
export async function closedLoopOf(testbed: Testbed, spec: TrialSpec): Promise<ClosedLoop> {
  await using stack = new AsyncDisposableStack();
  const name = `closed-loop-${spec.id}`;
  const { address } = await openSystem(testbed, spec, {
    name,
    logPath: path.join(testbed.folder, `${name}.effects`),
    schedule: createSchedule(spec.load.shape, spec.load.durationMs, spec.seed),
    signal: testbed.signal,
    stack,
  });
  const outputPath = path.join(testbed.folder, `${name}.out`);
  const program = stack.use(
    await testbed.spawner.spawn({
      name,
      file: process.execPath,
      args: [fileURLToPath(import.meta.resolve(TOOL)), ...argumentsFor(address.url, spec.id)],
      outputPath,
    }),
  );
  const mostMs = (WARM_UP_S + MEASURED_S) * 1000 + SLACK_MS;
  const isOver = await untilAborted(endsWithin(mostMs, program.ended), testbed.signal);
  const found =
    isOver && (await program.ended).code === 0 ? readOutput(readFileSync(outputPath, 'utf8')) : undefined;
  if (found) return found;
  const words = lastOutputOf(outputPath) || 'no output';
  throw new CommbenchError('child-failed', `${TOOL} gave no result; its last output: ${words}`);
}

function argumentsFor(url: string, trial: number): string[] {
  const envelope = { trial, stage: 'warm-up', sequence: 0, attempt: 1, key: 0, deadlineNs: 0 } as const;
  const request = writeRequest({ operation: 'nothing', body: {}, envelope });
  const headers = (request.headers as string[]).flatMap((name, i, all) =>
    i % 2 === 0 ? ['-H', `${name}=${all[i + 1]}`] : [],
  );
  const load = (seconds: number) => `-c ${CONNECTIONS} -d ${seconds}`;
  const how = `--json --no-progress ${load(MEASURED_S)} --warmup [ ${load(WARM_UP_S)} ] -m ${request.method}`;
  return [...how.split(' '), ...headers, '-b', request.body as string, url + request.path];
}

/** Its JSON stands on a line of its own. Undefined: there is none. */
function readOutput(text: string): ClosedLoop | undefined {
  const line = text.split('\n').findLast((one) => one.startsWith('{'));
  if (line === undefined) return undefined;
  const { requests, errors, non2xx, duration, connections } = JSON.parse(line) as {
    readonly requests: { readonly average: number };
    readonly errors: number;
    readonly non2xx: number;
    readonly duration: number;
    readonly connections: number;
  };
  return {
    tool: clientVersion(TOOL),
    connections,
    seconds: duration,
    perS: requests.average,
    failed: errors + non2xx,
  };
}
