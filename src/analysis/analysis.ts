import type { Result } from '../record/record.ts';
import { type JudgedRow, judgedRows } from './claims/words/words.ts';
import { type FaultLine, faultLinesOf } from './faults/fault-line.ts';
import { linesOf, type ResultRow, rowsOf } from './patterns/row.ts';
import { type VariantOrder, variantOrdersOf } from './patterns/variant-order.ts';
import { type Judged, judgedThresholds } from './thresholds/judge.ts';

/** What follows of a result, computed once: reports and claims read it. */
export interface Analysis {
  readonly result: Result;
  /** One for each pattern. Where there are variants its latencies mix them. */
  readonly patterns: readonly ResultRow[];
  /** One for each pattern and variant; without variants, the patterns themselves. */
  readonly perVariant: readonly ResultRow[];
  readonly orders: readonly VariantOrder[];
  /** The words of the guides' table, judged; empty where the scenario has none. */
  readonly words: readonly JudgedRow[];
  readonly faults: readonly FaultLine[];
  readonly thresholds: readonly Judged[];
}

export function analysisOf(result: Result): Analysis {
  const patterns = rowsOf(result);
  const perVariant = linesOf(result);
  return {
    result,
    patterns,
    perVariant,
    orders: variantOrdersOf(result, perVariant),
    words: judgedRows(result, patterns),
    faults: faultLinesOf(result),
    thresholds: judgedThresholds(result),
  };
}
