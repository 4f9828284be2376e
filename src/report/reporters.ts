import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommbenchError, systemCode } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { visibleIn } from '../kernel/foreign/visible.ts';
import type { Report } from './report.ts';
import type { Reporter, ReportFormat } from './reporter.ts';

const EXTENSION = path.extname(import.meta.filename);
const FOLDER = path.join(import.meta.dirname, 'formats');

/** A file in `formats/` is a format, and exports a reporter of its own name. */
export function formatNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => path.extname(file) === EXTENSION && !file.endsWith(`.d${EXTENSION}`))
    .map((file) => path.basename(file, EXTENSION))
    .toSorted();
}

/**
 * A format by its name, or one of the user's own by path or package name.
 * @throws CommbenchError bad-option
 */
export async function loadFormat(format: string): Promise<ReportFormat> {
  if (formatNames().includes(format)) {
    const own = (await import(/* @vite-ignore */ `./formats/${format}${EXTENSION}`)) as FormatModule;
    const known = asFormat(own[format]!);
    return own.hasEscapes ? known : withVisibleTexts(known);
  }
  const file = isPath(format) ? path.resolve(format) : packageFile(format);
  if (file === undefined || !existsSync(file)) throw unknownFormat(format);
  return withVisibleTexts(asFormat(exportedFormat(format, await importFile(format, file))));
}

/** The same, as one text. @throws CommbenchError bad-option */
export async function loadReporter(format: string): Promise<Reporter> {
  return (await loadFormat(format)).reporter;
}

type FormatModule = Readonly<Record<string, Reporter | ReportFormat>> & {
  /** It writes control characters as escapes of its own. */
  readonly hasEscapes?: true;
};

function asFormat(format: Reporter | ReportFormat): ReportFormat {
  return typeof format === 'function' ? { reporter: format } : format;
}

/** The one place at which texts from outside lose their power over terminals and runners, in whatever format. */
function withVisibleTexts({ reporter, files, ...format }: ReportFormat): ReportFormat {
  return {
    ...format,
    reporter: (report, surface) => reporter(visibleReport(report), surface),
    ...(files ? { files: (report, surface) => files(visibleReport(report), surface) } : {}),
  };
}

/** The record, of up to some ten MB, is gone through where a format asks for it: few do. */
function visibleReport({ record, ...report }: Report): Report {
  const shown = { ...visibleIn(report) };
  return record ? Object.defineProperty(shown, 'record', { get: () => visibleIn(record) }) : shown;
}

function isPath(format: string): boolean {
  return /^\.{0,2}[/\\]/.test(format) || path.isAbsolute(format) || /\.[cm]?[jt]s$/.test(format);
}

/** A package installed in the user's own project. */
function packageFile(name: string): string | undefined {
  try {
    return createRequire(path.resolve('package.json')).resolve(name);
  } catch {
    return undefined;
  }
}

async function importFile(format: string, file: string): Promise<object> {
  try {
    return (await import(pathToFileURL(file).href)) as object;
  } catch (error) {
    const why = systemCode(error) ?? (error instanceof Error ? error.message : String(error));
    throw new CommbenchError('bad-option', `--format ${format} cannot be loaded: ${why}`, { cause: error });
  }
}

function exportedFormat(
  format: string,
  module: { default?: unknown; reporter?: unknown },
): Reporter | ReportFormat {
  const found = module.default ?? module.reporter;
  if (typeof found === 'function') return found as Reporter;
  if (typeof (found as ReportFormat | undefined)?.reporter === 'function') return found as ReportFormat;
  throw new CommbenchError('bad-option', `--format ${format} exports no reporter`, {
    hint: 'Export a function as default: (report, surface) => string.',
  });
}

function unknownFormat(format: string): CommbenchError {
  if (isPath(format)) return new CommbenchError('bad-option', `--format ${format}: file not found`);
  const close = nearest(format, formatNames());
  return new CommbenchError('bad-option', `--format ${format}: no such format, and no such package`, {
    hint: `${close === undefined ? '' : `Did you mean ${close}? `}Use one of ${formatNames().join(', ')}, or a path such as ./mine.js.`,
  });
}
