import type { Comparison, ComparisonVerdict } from '../../analysis/compare/comparison.ts';
import { unmeasuredNames } from '../../analysis/compare/unmeasured.ts';
import { EXIT, type ExitCode } from '../../kernel/errors.ts';

const EXIT_OF_VERDICT = {
  improved: EXIT.done,
  equivalent: EXIT.done,
  regressed: EXIT.regressed,
  inconclusive: EXIT.inconclusive,
  'not-comparable': EXIT.notComparable,
} as const satisfies Record<ComparisonVerdict, ExitCode>;

/** A pattern that was not measured on both sides fails, unless another one regressed: then that is shown. */
export function exitOfComparison(comparison: Pick<Comparison, 'verdict' | 'notes'>): ExitCode {
  const isIncomplete = comparison.verdict !== 'regressed' && unmeasuredNames(comparison).length > 0;
  return isIncomplete ? EXIT.incomplete : EXIT_OF_VERDICT[comparison.verdict];
}
