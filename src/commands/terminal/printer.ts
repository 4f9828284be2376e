import { writeFileSync } from 'node:fs';
import { CommbenchError, unwritableText } from '../../kernel/errors.ts';
import type { Surface } from '../../report/reporter.ts';
import type { Report } from '../../report/report.ts';
import { loadReporter } from '../../report/reporters.ts';
import { type Context, heightOf, wantsColor, widthOf } from './context.ts';

/** Format and extent of a report. */
export interface Shown {
  readonly format: string;
  readonly full?: boolean;
  readonly explain?: boolean;
}

export type Printer = (report: Report) => void;

/** The width at which a file will be read is unknown. */
const FILE_SURFACE = { width: 120, height: 40, color: false, program: 'commbench' } as const;

/**
 * Loads the format, so that one that is not there is refused before anything is measured.
 * @param file to write in place of standard output
 * @throws CommbenchError bad-option; the printer: cannot-write
 */
export async function openPrinter(
  context: Context,
  { format, full, explain }: Shown,
  file?: string,
): Promise<Printer> {
  const reporter = await loadReporter(format);
  const wanted = { full: full ?? explain ?? false, explain: explain ?? false };
  if (file !== undefined) return (report) => write(file, reporter(report, { ...FILE_SURFACE, ...wanted }));
  return (report) => void context.stdout.write(reporter(report, { ...surfaceOf(context), ...wanted }));
}

function surfaceOf({ stdout, env }: Context): Pick<Surface, 'width' | 'height' | 'color' | 'program'> {
  return {
    width: widthOf(stdout, env),
    height: heightOf(stdout, env),
    color: wantsColor(stdout, env),
    program: env['npm_command'] === 'exec' ? 'npx commbench' : 'commbench',
  };
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommbenchError('cannot-write', unwritableText(file, error), {
      hint: 'Name another file with --out FILE.',
      cause: error,
    });
  }
}
