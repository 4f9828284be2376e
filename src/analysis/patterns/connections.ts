import type { ConnectionCounts } from '../../measure/logs/wire-count.ts';
import { plannedOf, type PatternResult } from './pattern-result.ts';

/** Connections of the caller in all latency trials of a pattern. */
interface CallerConnections extends ConnectionCounts {
  readonly calls: number;
  /** Calls on a connection that was open before: all but one for each that was opened. */
  readonly reused: number;
}

/** Null: results older than the counts. */
export function connectionsOf({ trials: { latency } }: PatternResult): CallerConnections | null {
  const known = latency.flatMap(({ connections, phases }) =>
    connections ? [{ ...connections, calls: plannedOf(phases) }] : [],
  );
  if (known.length === 0) return null;
  const sum = (of: (one: (typeof known)[number]) => number) =>
    known.reduce((total, one) => total + of(one), 0);
  const [calls, opened] = [sum((one) => one.calls), sum((one) => one.opened)];
  return {
    atStart: sum(({ atStart }) => atStart),
    opened,
    refused: sum(({ refused }) => refused),
    calls,
    reused: Math.max(0, calls - opened),
  };
}
