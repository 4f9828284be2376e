import { createHash } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import path from 'node:path';

/** SHA-256 over the names and contents of all files below a folder; links count as what they name. */
export async function treeDigest(folder: string, isExcluded: (name: string) => boolean): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const leaves = entries.filter((entry) => !entry.isDirectory() && !isExcluded(entry.name));
  const places = leaves.map((entry) => ({ entry, place: path.relative(folder, pathOf(entry)) }));
  const whole = createHash('sha256');
  for (const { entry, place } of places.toSorted((a, b) => (a.place < b.place ? -1 : 1))) {
    whole.update(JSON.stringify([place, await contentOf(entry)]));
  }
  return whole.digest('hex');
}

function pathOf({ parentPath, name }: Dirent): string {
  return path.join(parentPath, name);
}

async function contentOf(entry: Dirent): Promise<string> {
  if (entry.isSymbolicLink()) return `-> ${await readlink(pathOf(entry))}`;
  if (!entry.isFile()) return 'other';
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(pathOf(entry))) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
