import { readFileSync } from 'node:fs';
import path from 'node:path';
import { entryFile } from '../../src/platform/process/entry.ts';
import type { Program } from '../../src/kernel/program.ts';
import { exactQuantiles, scheduleErrorMs, withoutOpening } from './schedule-error.ts';
import { dueOf } from './middle.ts';
import type { Seen, Work } from './record.ts';
import type { HubMessage } from '../../src/platform/ipc/hub.ts';
import { startHubProcess } from '../../src/platform/process/hub-process.ts';
import type { Testbed } from '../../src/trial/environment/testbed.ts';
import type { RefereeLine, RefereeSettings } from './referee-settings.ts';

/** A busy machine starts five times slower than a quiet one. */
const READY_MS = 30_000;
/** The freeze begins so long after the first arrival. */
const FREEZE_AT_MS = 4000;

export interface Referee extends AsyncDisposable {
  readonly program: Program;
  readonly port: number;
  /** What arrived so far; asked once. */
  report(): Promise<{ readonly seen: Seen; readonly cpuUs: number }>;
}

/** What a referee is there for, and how many connections its caller may open beforehand. */
interface Duty {
  readonly work: Work;
  readonly connections: number;
}

/** Starts a referee for one turn. @throws CommbenchError child-failed */
export async function openReferee(testbed: Testbed, name: string, rating: Duty): Promise<Referee> {
  const { work } = rating;
  const stampsPath = path.join(testbed.folder, `${name}.stamps`);
  const settings: Omit<RefereeSettings, 'version' | 'name' | 'mark' | 'socketPath'> = {
    protocol: work.protocol,
    processingMs: work.processingMs,
    freezeMs: work.freezeMs,
    freezeAtMs: FREEZE_AT_MS,
    stampsPath,
  };
  const entry = entryFile(import.meta.url, './referee');
  let ready: HubMessage | undefined;
  const started = await startHubProcess(testbed, {
    name,
    entry,
    graceMs: 1000,
    readyMs: READY_MS,
    signal: testbed.signal,
    settings: () => settings,
    onReady: (line) => (ready = line),
  });
  return {
    program: started.launched.program,
    port: (ready as unknown as LineOf<'ready'>).port,
    async report() {
      const line = (await started.ask({ type: 'report' }, 'reported')) as unknown as LineOf<'reported'>;
      return { seen: seenOf(rating, readFileSync(stampsPath), line), cpuUs: line.cpuUs };
    },
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  };
}

type LineOf<T extends RefereeLine['type']> = Extract<RefereeLine, { type: T }>;

function seenOf(
  { work, connections }: Duty,
  file: Buffer,
  { arrivals, holds, frozenMs }: LineOf<'reported'>,
): Seen {
  // Copied, so that it starts at an aligned address.
  const stamps = new Float64Array(new Uint8Array(file).buffer, 0, arrivals + holds);
  const scheduled = withoutOpening(stamps.subarray(0, arrivals), dueOf(work), connections);
  const error = work.ratePerS > 0 ? scheduleErrorMs(scheduled, work.ratePerS) : [];
  return {
    count: arrivals,
    errorMs: exactQuantiles(error),
    delayedMs: exactQuantiles(stamps.subarray(arrivals)),
    frozenMs,
  };
}
