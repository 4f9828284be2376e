import { writeFileSync } from 'node:fs';
import { CommbenchError, EXIT, type ExitCode, systemCode } from '../../kernel/errors.ts';
import { type Format, reporters } from '../../report/formats/reporters.ts';
import type { Comparison, Verdict } from '../../analysis/compare/comparison.ts';
import { comparisonView } from '../../report/comparison/comparison-view.ts';
import { type Context, wantsColor, widthOf } from './context.ts';

/** How a command that compares ends. */
export const EXIT_OF_VERDICT = {
  improved: EXIT.done,
  equivalent: EXIT.done,
  regressed: EXIT.regressed,
  inconclusive: EXIT.inconclusive,
  'not-comparable': EXIT.notComparable,
} as const satisfies Record<Verdict, ExitCode>;

/** Of a file nobody knows how wide it will be shown. */
const FILE_WIDTH = 120;

/**
 * Prints a comparison, or writes it to a file in place of that.
 * @throws CommbenchError cannot-write
 */
export function reportComparison(
  { stdout, env }: Context,
  comparison: Comparison,
  { format, out }: { readonly format: Format; readonly out?: string },
): void {
  const surface =
    out === undefined
      ? { width: widthOf(stdout, env), color: wantsColor(stdout, env), explain: false }
      : { width: FILE_WIDTH, color: false, explain: false };
  const text = reporters[format](comparisonView(comparison), comparison, surface);
  if (out === undefined) stdout.write(text);
  else write(out, text);
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommbenchError(
      'cannot-write',
      `Expected to write ${file}, found ${systemCode(error) ?? String(error)}`,
      { hint: 'Choose a place with --out FILE.', cause: error },
    );
  }
}
