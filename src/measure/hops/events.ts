import type {
  Attempt,
  AttemptEnd,
  Execution,
  HopCall,
  HopEvent,
  HopMessage,
  Injected,
} from '../logs/hop-log.ts';

export type PolicyHappening = Extract<HopEvent, { type: 'policy' }>;

/** The measured events of all processes' hop logs, by kind, each in the order in which it was logged. */
export interface SortedEvents {
  readonly executions: readonly Execution[];
  readonly attempts: readonly Attempt[];
  /** By the attempt's `call`. */
  readonly ends: ReadonlyMap<number, AttemptEnd>;
  readonly calls: readonly HopCall[];
  /** Strikes of faults of messages. */
  readonly injected: readonly Injected[];
  /** By instant: several processes' logs are read one after the other. */
  readonly policies: readonly PolicyHappening[];
}

/** @param plan arrivals of the measured load, and when it began: earlier acts of policies are ignored */
export function sortEvents(
  events: Iterable<HopEvent>,
  plan: { readonly count: number; readonly startNs: number },
): SortedEvents {
  const ends = new Map<number, AttemptEnd>();
  const sorted = {
    executions: [] as Execution[],
    attempts: [] as Attempt[],
    calls: [] as HopCall[],
    injected: [] as Injected[],
  };
  const policies: PolicyHappening[] = [];
  const isMeasured = ({ stage, sequence }: HopMessage) => stage === 'measured' && sequence < plan.count;
  for (const event of events) {
    if (event.type === 'ended') ends.set(event.call, event);
    if (event.type === 'policy' && event.atNs >= plan.startNs) policies.push(event);
    if (event.type === 'execution' && isMeasured(event)) sorted.executions.push(event);
    if (event.type === 'attempt' && isMeasured(event)) sorted.attempts.push(event);
    if (event.type === 'injected' && isMeasured(event)) sorted.injected.push(event);
    if (event.type === 'call' && isMeasured(event)) sorted.calls.push(event);
  }
  return { ...sorted, ends, policies: policies.toSorted((a, b) => a.atNs - b.atNs) };
}
