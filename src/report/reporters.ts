import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommbenchError, systemCode } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { visibleIn } from '../kernel/foreign/visible.ts';
import type { Reporter } from './reporter.ts';

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
export async function loadReporter(format: string): Promise<Reporter> {
  if (formatNames().includes(format)) {
    const own = (await import(/* @vite-ignore */ `./formats/${format}${EXTENSION}`)) as FormatModule;
    return own.hasEscapes ? own[format]! : withVisibleTexts(own[format]!);
  }
  const file = isPath(format) ? path.resolve(format) : packageFile(format);
  if (file === undefined || !existsSync(file)) throw unknownFormat(format);
  return withVisibleTexts(exportedReporter(format, await importFile(format, file)));
}

type FormatModule = Readonly<Record<string, Reporter>> & {
  /** It writes control characters as escapes of its own. */
  readonly hasEscapes?: true;
};

/** The one place at which texts from outside lose their power over terminals and runners, in whatever format. */
function withVisibleTexts(reporter: Reporter): Reporter {
  return (report, surface) => reporter(visibleIn(report), surface);
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

function exportedReporter(format: string, module: { default?: unknown; reporter?: unknown }): Reporter {
  const found = module.default ?? module.reporter;
  if (typeof found === 'function') return found as Reporter;
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
