import type { Result } from '../record/record.ts';
import { type RatedPattern, ratedPatterns } from './claims/words/words.ts';
import { type FaultComparison, faultComparisonsOf } from './faults/fault-comparison.ts';
import { type ContractLine, contractLinesOf } from './patterns/contract-changes.ts';
import { familiesOf, type PatternFamily } from './patterns/alternatives.ts';
import { variantResults, type PatternResult, patternResults } from './patterns/pattern-result.ts';
import { type VariantOrder, variantOrdersOf } from './patterns/variant-order.ts';
import { type ThresholdResult, evaluateThresholds } from './thresholds/evaluate.ts';

/** Everything derived from a result, computed once; reports and claims read it. */
export interface Analysis {
  readonly result: Result;
  /** One entry per pattern. With variants, its latencies mix them. */
  readonly patterns: readonly PatternResult[];
  /** One entry per pattern and variant; without variants, the patterns themselves. */
  readonly perVariant: readonly PatternResult[];
  readonly orders: readonly VariantOrder[];
  /** Ratings of the guides' table; empty where the scenario has no claims of it. */
  readonly words: readonly RatedPattern[];
  /** Patterns with their alternatives; empty where the scenario has none. */
  readonly families: readonly PatternFamily[];
  readonly faults: readonly FaultComparison[];
  /** Empty where every service serves its callers' version of the contract. */
  readonly contracts: readonly ContractLine[];
  readonly thresholds: readonly ThresholdResult[];
}

export function analysisOf(result: Result): Analysis {
  const patterns = patternResults(result);
  const perVariant = variantResults(result);
  return {
    result,
    patterns,
    perVariant,
    orders: variantOrdersOf(result, perVariant),
    words: ratedPatterns(result, patterns),
    families: familiesOf(result, patterns),
    faults: faultComparisonsOf(result),
    contracts: contractLinesOf(result),
    thresholds: evaluateThresholds(result),
  };
}
