import type { ComparisonVerdict } from '../../analysis/compare/comparison.ts';
import { EXIT, type ExitCode } from '../../kernel/errors.ts';

/** How a command that compares ends. */
export const EXIT_OF_VERDICT = {
  improved: EXIT.done,
  equivalent: EXIT.done,
  regressed: EXIT.regressed,
  inconclusive: EXIT.inconclusive,
  'not-comparable': EXIT.notComparable,
} as const satisfies Record<ComparisonVerdict, ExitCode>;
