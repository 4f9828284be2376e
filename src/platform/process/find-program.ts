import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** Folders of system programs that a bare PATH may lack. */
const USUAL_FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The first program of this name on the PATH, or in the usual folders; nothing is run. */
export function findProgram(name: string, searchPath = process.env['PATH'] ?? ''): string | undefined {
  const folders = [
    ...searchPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder)),
    ...USUAL_FOLDERS,
  ];
  return folders.map((folder) => path.join(folder, name)).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
