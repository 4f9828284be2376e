import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { CommbenchError } from '../kernel/errors.ts';

/**
 * Plugins: packages and folders of the user's own, laid out as this `src`: transports/NAME/index.js, policies/NAME.js,
 * faults/NAME.js. COMMBENCH_PLUGINS names them, separated by commas; every process of a run finds them there.
 */
export const PLUGINS_VARIABLE = 'COMMBENCH_PLUGINS';

let known: readonly string[] | undefined;

/** Folders of all plugins. @throws CommbenchError bad-option: one is not there */
export function pluginFolders(): readonly string[] {
  known ??= foldersNamedIn(process.env[PLUGINS_VARIABLE] ?? '');
  return known;
}

function foldersNamedIn(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  const folders = names.filter((name) => name !== '').map(folderOfPlugin);
  // A process that is started elsewhere finds them, too.
  if (folders.length > 0) process.env[PLUGINS_VARIABLE] = folders.join(',');
  return folders;
}

function folderOfPlugin(name: string): string {
  const candidates =
    /^\.{0,2}[/\\]/.test(name) || path.isAbsolute(name) ? [path.resolve(name)] : packagePlaces(name);
  const found = candidates.find((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory());
  if (found !== undefined) return found;
  throw new CommbenchError(
    'bad-option',
    `${PLUGINS_VARIABLE}: no such folder or installed package: ${name}`,
    {
      hint: 'Name a folder by its path, such as ./my-transport, or a package of your project.',
    },
  );
}

/** Where Node looks for a package, which need not say that its files may be imported. */
function packagePlaces(name: string): string[] {
  const places: string[] = [];
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    places.push(path.join(folder, 'node_modules', name));
    if (folder === path.dirname(folder)) return places;
  }
}

/** A folder of a plugin's that corresponds to one of ours; undefined where it has none. @param place `transports` */
export function pluginFolder(plugin: string, place: string): string | undefined {
  const folder = path.join(plugin, place);
  return existsSync(folder) ? folder : undefined;
}
