import type { ComparisonVerdict } from '../../analysis/compare/comparison.ts';
import { EXIT, type ExitCode } from '../../kernel/errors.ts';

/** Exit codes of commands that compare. */
export const EXIT_OF_VERDICT = {
  improved: EXIT.done,
  equivalent: EXIT.done,
  regressed: EXIT.regressed,
  inconclusive: EXIT.inconclusive,
  'not-comparable': EXIT.notComparable,
} as const satisfies Record<ComparisonVerdict, ExitCode>;
