import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isPlainPath } from '../plain-path.ts';
import { MAX_SOCKET_PATH_BYTES } from '../ipc/hub.ts';
import { beginRunFile, cannotWrite, removeTraces, runFilePath, runFolderName } from './run-file.ts';

/** The longest name that a socket in the folder may have. */
const SOCKET_NAME_BYTES = 24;

/** A run's temporary folder and its mark. Disposing removes the folder, unless the reaper was first. */
export interface RunFolder extends Disposable {
  /** Unique on this host: in the run file, the folder's name and every child's environment. */
  readonly mark: string;
  readonly folder: string;
}

/** Makes the folder of a run, for this user alone, known to the run file before it exists. */
export function openRunFolder(): RunFolder {
  const mark = randomBytes(6).toString('hex');
  const folder = path.join(temporaryRoot(mark), runFolderName(mark));
  const file = runFilePath(mark);
  beginRunFile({ mark, folder });
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (cause) {
    removeTraces(file, { mark, folder });
    throw cannotWrite(folder, cause);
  }
  return { mark, folder, [Symbol.dispose]: () => removeTraces(file, { mark, folder }) };
}

/**
 * The system's temporary folder, or `/tmp` where its path leaves no room for a socket's, or where a broker's own scripts
 * would not take it for a path.
 */
function temporaryRoot(mark: string): string {
  const root = os.tmpdir();
  const bytes = Buffer.byteLength(path.join(root, runFolderName(mark))) + 1 + SOCKET_NAME_BYTES;
  return bytes < MAX_SOCKET_PATH_BYTES && isPlainPath(root) ? root : '/tmp';
}
