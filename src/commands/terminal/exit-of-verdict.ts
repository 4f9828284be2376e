import type { Comparison, ComparisonVerdict } from '../../analysis/compare/comparison.ts';
import { EXIT, type ExitCode } from '../../kernel/errors.ts';

const EXIT_OF_VERDICT = {
  improved: EXIT.done,
  equivalent: EXIT.done,
  regressed: EXIT.regressed,
  inconclusive: EXIT.inconclusive,
  'not-comparable': EXIT.notComparable,
} as const satisfies Record<ComparisonVerdict, ExitCode>;

/** A pattern that was not measured on both sides fails, unless another one regressed: then that is said. */
export function exitOfComparison({
  verdict,
  unmeasured,
}: Pick<Comparison, 'verdict' | 'unmeasured'>): ExitCode {
  return unmeasured.length > 0 && verdict !== 'regressed' ? EXIT.incomplete : EXIT_OF_VERDICT[verdict];
}
