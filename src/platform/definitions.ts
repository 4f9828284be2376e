import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommbenchError } from '../kernel/errors.ts';
import { pluginFolder, pluginFolders } from './plugins.ts';

const EXTENSION = path.extname(import.meta.filename);
const ROOT = path.resolve(import.meta.dirname, '..');
/** Of plugins, whichever commbench itself has. */
const EXTENSIONS = ['.js', '.mjs', '.ts'];

/** A module that was found by listing. */
interface FoundModule {
  readonly name: string;
  readonly file: string;
}

/** Code files in a folder and in those of plugins, by name. */
function modulesIn(folder: string): FoundModule[] {
  const own = codeFiles(folder, [EXTENSION]);
  return onceEach(folder, [...own, ...outside(folder).flatMap((one) => codeFiles(one, EXTENSIONS))]);
}

function codeFiles(folder: string, extensions: readonly string[]): FoundModule[] {
  return readdirSync(folder)
    .filter((file) => extensions.includes(path.extname(file)) && !/\.d\.[cm]?ts$/.test(file))
    .map((file) => ({ name: path.basename(file, path.extname(file)), file: path.join(folder, file) }));
}

/** The same folder of every plugin that has it. */
function outside(folder: string): string[] {
  return pluginFolders().flatMap((plugin) => pluginFolder(plugin, path.relative(ROOT, folder)) ?? []);
}

/** Sorted by name. @throws CommbenchError bad-option: two of one name */
function onceEach(folder: string, found: readonly FoundModule[]): FoundModule[] {
  const sorted = found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const twice = sorted.find(({ name }, i) => name === sorted[i + 1]?.name);
  if (!twice) return sorted;
  const place = path.relative(ROOT, folder);
  throw new CommbenchError('bad-option', `COMMBENCH_PLUGINS: two are named ${twice.name} in ${place}`, {
    hint: 'Rename the one of the plugin.',
  });
}

/**
 * Names of the folders that hold this module, in a folder and in those of plugins, sorted.
 * @param module its name without the extension
 */
export function foldersWith(folder: string, module: string): string[] {
  const own = foldersIn(folder).filter((one) => existsSync(path.join(one.file, module + EXTENSION)));
  const others = outside(folder)
    .flatMap(foldersIn)
    .filter((one) => moduleFile(one.file, module) !== undefined);
  return onceEach(folder, [...own, ...others]).map(({ name }) => name);
}

function foldersIn(folder: string): FoundModule[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, file: path.join(folder, name) }));
}

/** The folder of this name in a folder of ours, or in that of a plugin. */
export function folderOf(parent: string, name: string): string {
  const places = [parent, ...outside(parent)].map((folder) => path.join(folder, name));
  return places.find((place) => existsSync(place)) ?? places[0]!;
}

/** Where a plugin has this module of a folder, as a URL to import; undefined: it is none of a plugin. */
export function outsideModule(parent: string, name: string, module: string): string | undefined {
  const file = outside(parent)
    .map((folder) => moduleFile(path.join(folder, name), module))
    .find((one) => one !== undefined);
  return file === undefined ? undefined : pathToFileURL(file).href;
}

function moduleFile(folder: string, module: string): string | undefined {
  return EXTENSIONS.map((extension) => path.join(folder, module + extension)).find((file) =>
    existsSync(file),
  );
}

/** The `definition` of every file in a folder, by the files' names: a new file is found, and there is no list to edit. */
export function definitionsIn<Definition>(folder: string): Promise<Definition[]> {
  return Promise.all(modulesIn(folder).map((found) => definitionIn<Definition>(found)));
}

/**
 * The `definition` of every file beside this one; files without one are skipped.
 * @param file the caller's own file, excluded; definitions must not import it
 */
export async function definitionsBeside<Definition>(file: string): Promise<Definition[]> {
  const others = modulesIn(path.dirname(file)).filter((found) => found.file !== file);
  const found = await Promise.all(others.map((one) => definitionIn<Definition | undefined>(one)));
  return found.filter((definition) => definition !== undefined);
}

async function definitionIn<Definition>({ file }: FoundModule): Promise<Definition> {
  const { definition } = (await import(pathToFileURL(file).href)) as { definition: Definition };
  return definition;
}
