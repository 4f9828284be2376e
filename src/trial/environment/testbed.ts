import path from 'node:path';
import { CommbenchError } from '../../kernel/errors.ts';
import type { StartedBroker } from '../../kernel/broker.ts';
import type { TraceSampling } from '../../kernel/telemetry/trace-context.ts';
import { allOf, untilAborted } from '../../kernel/wait.ts';
import type { CpuSpan } from '../../measure/figures/cost.ts';
import { openHub } from '../../platform/ipc/hub.ts';
import type { ChildHost } from '../../platform/process/child.ts';
import { cleanLeftovers } from '../../platform/process/leftovers.ts';
import { softLimit } from '../../platform/process/proc.ts';
import { openRunFolder } from '../../platform/process/run-folder.ts';
import { watchStopped } from '../../platform/process/stopped-watch.ts';
import { startSupervisor } from '../../platform/process/supervisor.ts';
import type { Progress } from '../progress.ts';

/** Shared by every trial of a run: process starter, socket, folder. */
export interface Testbed extends ChildHost {
  readonly brokers: Map<string, StartedBroker>;
  /** CPU of each broker over a span without traffic, by name: its idle use. */
  readonly idleCpu: Map<string, CpuSpan>;
  /** Processes that share the schedule of a trial. */
  readonly generators: number;
  /** Requests that carry a trace context; absent: none. */
  readonly trace?: TraceSampling;
  readonly progress: Progress;
  /** Aborted by the user's interrupt, or when the reaper is lost: the run then stops. */
  readonly signal: AbortSignal;
}

export interface TestbedOptions {
  /** Default: 1. */
  readonly generators?: number;
  readonly trace?: TraceSampling;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Opens the run's folder, reaper and socket; disposing ends every process and removes the folder. */
export async function openTestbed(options: TestbedOptions): Promise<Testbed & AsyncDisposable> {
  assertFileLimit();
  await cleanUpBefore(options);
  await using stack = new AsyncDisposableStack();
  const { mark, folder } = stack.use(openRunFolder());
  const supervisor = stack.use(await startSupervisor({ mark, folder }));
  const hub = stack.use(await openHub({ path: path.join(folder, 'hub.sock'), mark }));
  const lost = new AbortController();
  void supervisor.lost.then((why) => lost.abort(reaperLost(why)));
  // A stopped reaper neither starts nor ends anything: each order would wait for its bound.
  const still = (words: string) => lost.abort(reaperLost(`the reaper ${words}`));
  stack.use(watchStopped(() => [supervisor.reaperPid], still));
  const brokers = new Map<string, StartedBroker>();
  stack.defer(async () => {
    await allOf([...brokers.values()].map((broker) => broker[Symbol.asyncDispose]()));
  });
  const owned = stack.move();
  return {
    mark,
    folder,
    spawner: supervisor,
    hub,
    brokers,
    idleCpu: new Map(),
    generators: options.generators ?? 1,
    ...(options.trace ? { trace: options.trace } : {}),
    progress: options.progress,
    signal: AbortSignal.any([options.signal, lost.signal]),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function reaperLost(why: string): CommbenchError {
  return new CommbenchError('reaper-lost', `The process that owns all children was lost: ${why}`, {
    hint: 'Everything it had started was ended; trials that were finished are kept. Run the command again.',
  });
}

/** A broker opens some hundred, and reports a lack of them in its own way, or not at all. */
const LEAST_FILES = 512;

/** @throws CommbenchError limit-too-low */
function assertFileLimit(): void {
  const limit = softLimit('Max open files');
  if (limit >= LEAST_FILES) return;
  throw new CommbenchError(
    'limit-too-low',
    `A process may open ${limit} files here; ${LEAST_FILES} are needed`,
    {
      hint: 'Raise the limit in this shell: ulimit -n 4096',
    },
  );
}

/** Cleans up after an earlier run whose CLI and reaper were both killed. */
async function cleanUpBefore({ progress, signal }: TestbedOptions): Promise<void> {
  const slow = setTimeout(() => progress.line('Waiting for the processes of a killed run to end'), 500);
  try {
    signal.throwIfAborted();
    for (const { ended } of await untilAborted(cleanLeftovers(), signal)) {
      progress.line(`Cleaned up after a run that was killed: ${ended.join(', ') || 'its files'}`);
    }
  } finally {
    clearTimeout(slow);
  }
}
