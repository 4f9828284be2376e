import type { Result } from '../record/record.ts';
import { type RatedPattern, ratedPatterns } from './claims/words/words.ts';
import { type FaultComparison, faultComparisonsOf } from './faults/fault-comparison.ts';
import { type ContractLine, contractLinesOf } from './patterns/contract-changes.ts';
import {
  baseResults,
  variantResults,
  type PatternResult,
  patternResults,
} from './patterns/pattern-result.ts';
import { familiesOf, type PatternFamily } from './patterns/alternatives.ts';
import { type VariantOrder, variantOrdersOf } from './patterns/variant-order.ts';
import { type RegimeSeries, regimeSeries } from './regimes/regime-words.ts';
import { type ThresholdResult, evaluateThresholds, thresholdsOutside } from './thresholds/evaluate.ts';
import type { Threshold } from '../scenario/schema/threshold.ts';

/** Everything derived from a result, computed once; reports and claims read it. */
export interface Analysis {
  readonly result: Result;
  /** One entry per pattern. With variants, its latencies mix them. */
  readonly patterns: readonly PatternResult[];
  /** One entry per pattern as the scenario stands; with variants but no unchanged one, the patterns themselves. */
  readonly base: readonly PatternResult[];
  /** One entry per pattern and variant; without variants, the patterns themselves. */
  readonly perVariant: readonly PatternResult[];
  readonly orders: readonly VariantOrder[];
  /** Each pattern against the reference, along variants that differ in work or rate alone. */
  readonly regimes: readonly RegimeSeries[];
  /** Ratings of the guides' table; empty where the scenario has no claims of it. */
  readonly words: readonly RatedPattern[];
  /** Patterns with their alternatives; empty where the scenario has none. */
  readonly families: readonly PatternFamily[];
  readonly faults: readonly FaultComparison[];
  /** Empty where every service serves its callers' version of the contract. */
  readonly contracts: readonly ContractLine[];
  readonly thresholds: readonly ThresholdResult[];
  readonly thresholdsOutside: readonly Threshold[];
}

export function analysisOf(result: Result): Analysis {
  const patterns = patternResults(result);
  const base = baseResults(result);
  const perVariant = variantResults(result);
  return {
    result,
    patterns,
    base,
    perVariant,
    orders: variantOrdersOf(result, perVariant),
    regimes: regimeSeries(result, perVariant),
    words: ratedPatterns(result, base, perVariant),
    families: familiesOf(result, patterns),
    faults: faultComparisonsOf(result),
    contracts: contractLinesOf(result),
    thresholds: evaluateThresholds(result),
    thresholdsOutside: thresholdsOutside(result),
  };
}
