import { entryFile } from '../../platform/process/entry.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { startChild } from './child.ts';
import type { Rig } from './rig.ts';
import type { TrialSpec } from '../../plan/spec.ts';
import type { CompletionConfig, CompletionCounts } from './target-completion-config.ts';
import type { CompletionPlace } from '../../plan/target-completion-place.ts';

/** Joining a group of Kafka takes seconds on a busy machine. */
const READY_MS = 60_000;
const COUNTED_MS = 10_000;
/** To leave a group, and to remove it. */
const GRACE_MS = 4000;

/** A listener's process under our hand. Disposing ends it. */
export interface RunningCompletion extends AsyncDisposable {
  readonly pid: number;
  readonly place: string;
  /** Rejects when the process ends although nobody planned it; never resolves. */
  readonly lost: Promise<never>;
  counts(): Promise<CompletionCounts>;
}

/** Starts it, and waits until it misses nothing any more. @throws CommbenchError child-failed with its last words */
export async function startCompletion(
  rig: Rig,
  { name, spec, logPath }: { readonly name: string; readonly spec: TrialSpec; readonly logPath: string },
  completion: CompletionPlace,
  signal: AbortSignal,
): Promise<RunningCompletion> {
  const entry = entryFile(import.meta.url, './target-completion-listener');
  const { row, id } = spec;
  const { transport, correlate, url, place } = completion;
  const settings: Omit<CompletionConfig, 'version' | 'name' | 'mark' | 'socketPath'> = {
    trial: id,
    effectLogPath: logPath,
    transport,
    options: row.definition.name === transport ? row.options : {},
    outlet: { url, name: completion.name, prefix: `commbench.${rig.mark}.${id}` },
    correlate,
  };
  const child = await startChild(rig, { name, entry, settings, graceMs: GRACE_MS }, signal);
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => undefined);
  let isExpected = false;
  child.died.catch((error: unknown) => {
    if (!isExpected) lost.reject(error);
  });
  try {
    await child.next('ready', READY_MS);
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
  return {
    pid: child.program.pid,
    place,
    lost: lost.promise,
    async counts() {
      child.peer.send({ type: 'count' });
      return (await child.next('counted', COUNTED_MS))['counts'] as CompletionCounts;
    },
    async [Symbol.asyncDispose]() {
      isExpected = true;
      await child[Symbol.asyncDispose]();
    },
  };
}

/** Why a trial can't go on of whose warm-up nothing was seen to be done. */
export async function nothingCame(completion: RunningCompletion, accepted: number): Promise<CommbenchError> {
  const { uncorrelated } = await completion.counts();
  const others = uncorrelated > 0 ? `; ${uncorrelated} came without their ids` : '';
  return new CommbenchError(
    'child-failed',
    `Expected the work of ${accepted} warm-up messages to come out of the ${completion.place}, found none${others}`,
    { hint: 'Is the service running that writes there, and does it hand on what `correlate` names?' },
  );
}

/** What the reader must know of messages that were nobody's; empty where there were none. */
export function strayNotes(place: string, { late, uncorrelated }: CompletionCounts): string[] {
  const found = [
    ...(late > 0 ? [`${late} of earlier trials`] : []),
    ...(uncorrelated > 0 ? [`${uncorrelated} without an id of this run`] : []),
  ];
  return found.length === 0
    ? []
    : [`out of the ${place} also came, and counted for nothing: ${found.join(', ')}`];
}
