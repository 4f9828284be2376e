import type { PatternRecord } from '../record/record.ts';
import type { Facts } from './view.ts';

/** Guarantee of a pattern, as facts about fairness. */
export function promises({
  acknowledgedBy,
  durableAgainst,
  order,
}: PatternRecord['guarantee']): Facts['facts'] {
  return [
    ['acknowledged by', acknowledgedBy],
    ['durable against', durableAgainst],
    ['order', order],
  ];
}
