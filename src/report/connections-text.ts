import { connectionsOf } from '../analysis/patterns/connections.ts';
import type { PatternResult } from '../analysis/patterns/pattern-result.ts';
import { formatCount, plural } from './format.ts';

/** `32 open at the start, 12 opened during the load, 288 of 300 calls on one that was open`; null: not known. */
export function madeConnectionsText(pattern: PatternResult): string | null {
  const counts = connectionsOf(pattern);
  if (counts === null) return null;
  const { atStart, opened, refused, calls, reused } = counts;
  return [
    `${formatCount(atStart)} open at the start`,
    `${formatCount(opened)} opened during the load`,
    `${formatCount(reused)} of ${plural(calls, 'call')} on one that was open`,
    ...(refused > 0 ? [`${formatCount(refused)} refused`] : []),
  ].join(', ');
}
