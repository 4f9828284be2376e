import type { Nanoseconds } from '../../kernel/clock.ts';
import type { Effect } from '../logs/effect-log.ts';
import type { Execution } from '../logs/hop-log.ts';

/** One message to one service, however often it was delivered. */
export function messageKey({
  service,
  call,
  sequence,
}: Pick<Execution, 'service' | 'call' | 'sequence'>): string {
  return `${service}.${call}.${sequence}`;
}

/** Logs of several processes are read one after the other. */
export function byInstant(executions: readonly Execution[]): Execution[] {
  return executions.toSorted((a, b) => a.atNs - b.atNs);
}

/** By message, the instant of its first effect. An effect is that of the latest execution begun before it. */
export function resultsOf(
  executions: readonly Execution[],
  effects: Iterable<Effect>,
): ReadonlyMap<string, Nanoseconds> {
  const workOf = ({ sequence, attempt }: Effect | Execution, service: number) =>
    `${service}.${sequence}.${attempt}`;
  const begun = Map.groupBy(byInstant(executions), (execution) => workOf(execution, execution.service));
  const results = new Map<string, Nanoseconds>();
  for (const effect of [...effects].toSorted((a, b) => a.completedNs - b.completedNs)) {
    const open = begun.get(workOf(effect, effect.subscriber)) ?? [];
    const at = open.findLastIndex(({ atNs }) => atNs <= effect.completedNs);
    const [execution] = at === -1 ? [] : open.splice(at, 1);
    const message = execution && messageKey(execution);
    if (message !== undefined && !results.has(message)) results.set(message, effect.completedNs);
  }
  return results;
}
