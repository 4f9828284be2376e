import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const EXTENSION = path.extname(import.meta.filename);

/** Names of the code files in a folder, without their extension, sorted. */
function modulesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(EXTENSION) && !file.endsWith(`.d${EXTENSION}`))
    .map((file) => path.basename(file, EXTENSION))
    .toSorted();
}

/** Names of the folders in a folder that hold this module, sorted. @param module its name without the extension */
export function foldersWith(folder: string, module: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((name) => existsSync(path.join(folder, name, module + EXTENSION)))
    .toSorted();
}

/** The `definition` of every file in a folder, by the files' names: a new file is found, and there is no list to edit. */
export function definitionsIn<Definition>(folder: string): Promise<Definition[]> {
  return Promise.all(modulesIn(folder).map((name) => definitionIn<Definition>(folder, name)));
}

/**
 * The `definition` of every file beside this one; files without one are skipped.
 * @param file the caller's own file, excluded; definitions must not import it
 */
export async function definitionsBeside<Definition>(file: string): Promise<Definition[]> {
  const folder = path.dirname(file);
  const names = modulesIn(folder).filter((name) => name !== path.basename(file, EXTENSION));
  const found = await Promise.all(names.map((name) => definitionIn<Definition | undefined>(folder, name)));
  return found.filter((definition) => definition !== undefined);
}

async function definitionIn<Definition>(folder: string, name: string): Promise<Definition> {
  const file = pathToFileURL(path.join(folder, name + EXTENSION)).href;
  const { definition } = (await import(file)) as { definition: Definition };
  return definition;
}
