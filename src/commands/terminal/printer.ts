import { writeFileSync } from 'node:fs';
import { CommbenchError, unwritableText } from '../../kernel/errors.ts';
import { prepareReportFile } from '../../record/store.ts';
import type { CarriedFile, Reporter, Surface } from '../../report/reporter.ts';
import type { Report } from '../../report/report.ts';
import { loadReporter } from '../../report/reporters.ts';
import { type Context, heightOf, wantsColor, widthOf } from './context.ts';

/** Format and extent of a report. */
export interface Shown {
  readonly format: string;
  readonly full?: boolean;
  readonly explain?: boolean;
  /** Files to write beside what is printed. */
  readonly report?: readonly ReportFile[];
}

/** A file for a report, and its format. */
interface ReportFile {
  readonly format: string;
  readonly file: string;
}

/** @param carried files behind the report, for a format that carries them along */
export type Printer = (report: Report, carried?: readonly CarriedFile[]) => void;

/** The width at which a file will be read is unknown. */
const FILE_SURFACE = { width: 120, height: 40, color: false, program: 'commbench' } as const;

/**
 * Loads the formats and tries the files, so that what cannot be had is refused before anything is measured.
 * @param file to write in place of standard output
 * @throws CommbenchError bad-option, cannot-write; the printer: cannot-write
 */
export async function openPrinter(
  context: Context,
  { format, full, explain, report: beside = [] }: Shown,
  file?: string,
): Promise<Printer> {
  const wanted = { full: full ?? explain ?? false, explain: explain ?? false };
  const toFile = async (one: ReportFile): Promise<Printer> => {
    const reporter = await loadReporter(one.format);
    return (report, carried = []) =>
      write(one.file, reporter(report, { ...FILE_SURFACE, ...wanted, carried }));
  };
  for (const one of beside) prepareReportFile(one.file);
  const files = await Promise.all(beside.map(toFile));
  const main =
    file === undefined
      ? toTerminal(context, await loadReporter(format), wanted)
      : await toFile({ format, file });
  return (report, carried) => [...files, main].forEach((print) => print(report, carried));
}

function toTerminal(
  context: Context,
  reporter: Reporter,
  wanted: Pick<Surface, 'full' | 'explain'>,
): Printer {
  return (report, carried = []) =>
    void context.stdout.write(reporter(report, { ...surfaceOf(context), ...wanted, carried }));
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
      hint: 'Name another file.',
      cause: error,
    });
  }
}
