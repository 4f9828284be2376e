import { NS_PER_MS } from '../../kernel/clock.ts';
import { onAbort } from '../../kernel/wait.ts';
import type { FaultRecord } from '../../record/record.ts';
import type { FaultActor } from './fault-actor.ts';
import type { PlannedFault } from '../../plan/kinds/timeline/timeline.ts';

/** Record of a fault before it was run. */
export function plannedRecord(planned: PlannedFault, on: string): FaultRecord {
  return {
    id: planned.id,
    do: planned.do,
    on,
    plannedAtNs: planned.atMs * NS_PER_MS,
    plannedForNs: planned.forMs * NS_PER_MS,
    injectedNs: null,
    observedNs: null,
    liftedNs: null,
    readyNs: null,
    planned: null,
    injected: null,
    observed: null,
  };
}

/** The last fault of each subject. */
export type Turns = Map<object, Promise<unknown>>;

/**
 * Runs one planned fault at its instants, and records the actual ones: planned and observed are never derived from each
 * other. Begin and end are ordered beforehand, from whoever carries them out. A restart may last into the next fault of
 * its target, which then comes late, as its record shows, instead of hitting an absent process.
 */
export async function runFault(
  planned: PlannedFault,
  actor: FaultActor,
  { turns, ...running }: Running & { readonly turns: Turns },
): Promise<FaultRecord> {
  const before = turns.get(actor.subject);
  const run = async () => {
    await before;
    running.signal.throwIfAborted();
    return carryOut(planned, actor, running);
  };
  const ran = run();
  turns.set(
    actor.subject,
    ran.catch(() => undefined),
  );
  return ran;
}

interface Running {
  readonly startNs: number;
  readonly signal: AbortSignal;
  /** The fault with its final length, once that is known; absent: it is. */
  readonly whole?: Promise<PlannedFault>;
}

async function carryOut(
  planned: PlannedFault,
  actor: FaultActor,
  { startNs, signal, whole = Promise.resolve(planned) }: Running,
): Promise<FaultRecord> {
  const at = (ns: number) => ({ atNs: startNs + ns, cancel: signal });
  const applied = actor.apply(at(planned.atMs * NS_PER_MS));
  const lifted = whole.then(({ atMs, forMs }) => actor.lift(at((atMs + forMs) * NS_PER_MS), applied));
  const over = Promise.withResolvers<never>();
  using _listener = onAbort(signal, () => over.reject(signal.reason));
  try {
    const [begin, end] = await Promise.race([Promise.all([applied, lifted]), over.promise]);
    return {
      ...plannedRecord(await whole, actor.name),
      injectedNs: begin.injectedNs - startNs,
      observedNs: begin.observedNs - startNs,
      liftedNs: end.liftedNs - startNs,
      readyNs: end.readyNs - startNs,
      injected: actor.injected,
    };
  } catch (ended) {
    await actor.release?.();
    throw ended;
  }
}
