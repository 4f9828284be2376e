import { existsSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * Packages link to files of each other by absolute paths, which mean the system's files once they are
 * unpacked elsewhere. Makes them point to the unpacked ones, where those exist; relative, so that the
 * folder can be moved.
 */
export async function pointLinksInside(root: string): Promise<void> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((it) => it.isSymbolicLink())) {
    const link = path.join(entry.parentPath, entry.name);
    const to = readlinkSync(link);
    const inside = path.join(root, to);
    if (!path.isAbsolute(to) || !existsSync(inside)) continue;
    rmSync(link);
    symlinkSync(path.relative(path.dirname(link), inside), link);
  }
}
