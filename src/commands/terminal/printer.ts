import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CommbenchError, unwritableText } from '../../kernel/errors.ts';
import { makeFolder } from '../../platform/make-folder.ts';
import { prepareReportFile } from '../../record/store.ts';
import type { CarriedFile, Reporter, ReportFormat, Surface } from '../../report/reporter.ts';
import type { Report } from '../../report/report.ts';
import { loadFormat, loadReporter } from '../../report/reporters.ts';
import { isHttp } from '../options/options.ts';
import { type Context, heightOf, wantsColor, widthOf } from './context.ts';
import { postText } from './post.ts';

/** Format and extent of a report. */
export interface Shown {
  readonly format: string;
  readonly full?: boolean;
  readonly explain?: boolean;
  /** Files to write beside what is printed. */
  readonly report?: readonly ReportFile[];
}

/** Where a report goes, and its format. */
interface ReportFile {
  readonly format: string;
  /** A file; a folder, for a format of several files; or the URL of a server. */
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
  const surface = { ...FILE_SURFACE, ...wanted };
  const toFile = async (one: ReportFile): Promise<Printer> => {
    const loaded = await loadFormat(one.format);
    if (isHttp(one.file)) return toServer(context, loaded, one.file, surface);
    if (isFolder(one.file)) return toFolder(loaded, one, surface);
    return (report, carried = []) => write(one.file, loaded.reporter(report, { ...surface, carried }));
  };
  const places = [...beside.map((one) => one.file), ...(file === undefined ? [] : [file])];
  refuseTwice(places);
  for (const place of places) if (!isHttp(place) && !isFolder(place)) prepareReportFile(place);
  const files = await Promise.all(beside.map(toFile));
  const main =
    file === undefined
      ? toTerminal(context, await loadReporter(format), wanted)
      : await toFile({ format, file });
  return (report, carried) => [...files, main].forEach((print) => print(report, carried));
}

/** Of two reports in one file the second one would be left. @throws CommbenchError bad-option */
function refuseTwice(places: readonly string[]): void {
  const files = places.filter((place) => !isHttp(place) && !isFolder(place));
  const twice = files.find((file, i) =>
    files.slice(0, i).some((one) => path.resolve(one) === path.resolve(file)),
  );
  if (twice === undefined) return;
  throw new CommbenchError('bad-option', `Two reports name the same file: ${twice}`, {
    hint: 'Give each a file of its own.',
  });
}

function isFolder(place: string): boolean {
  return place.endsWith('/') || statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** @throws CommbenchError bad-option */
function toFolder({ files }: ReportFormat, { format, file: folder }: ReportFile, surface: Surface): Printer {
  if (!files) {
    throw new CommbenchError('bad-option', `${folder} is a folder, and a report as ${format} is one file`, {
      hint: 'Name a file.',
    });
  }
  guarded(folder, () => makeFolder(folder));
  return (report) => {
    for (const { name, text } of files(report, surface)) write(path.join(folder, name), text);
  };
}

/** Sends the report while the command goes on. */
function toServer(
  { env, pending }: Context,
  { reporter, contentType }: ReportFormat,
  url: string,
  surface: Surface,
): Printer {
  return (report) => {
    const sent = postText(url, reporter(report, surface), contentType, env);
    // Awaited later: until then nobody may call it unhandled.
    sent.catch(() => undefined);
    pending?.push(sent);
  };
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
  guarded(file, () => writeFileSync(file, text));
}

function guarded(place: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new CommbenchError('cannot-write', unwritableText(place, error), {
      hint: 'Name another file.',
      cause: error,
    });
  }
}
