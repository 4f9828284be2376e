import { closeSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { lstat, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { systemCode } from '../../kernel/errors.ts';
import { makeFolder } from '../make-folder.ts';
import { diskError } from './disk-errors.ts';
import { holdLock } from './lock.ts';
import { treeDigest } from './tree-digest.ts';

const STAMP = 'commbench-stamp.json';

const stampSchema = z.strictObject({
  format: z.literal(1),
  version: z.string(),
  files: z.number().int(),
  bytes: z.number().int(),
  /** Of all its files; absent where an older version installed it. */
  sha256: z.string().optional(),
});
/** Written last into an installed folder; lists the required contents. */
export type Stamp = z.infer<typeof stampSchema>;

export interface InstallOptions {
  readonly signal: AbortSignal;
  /** Called when another process is filling the same folder. */
  onWait(): void;
  /** Fills the given new folder, checks the contents, and returns their version. */
  fill(folder: string): Promise<string>;
}

/** The stamp of a folder that is whole: as many files and bytes as were installed. Else undefined. */
export async function installedStamp(folder: string): Promise<Stamp | undefined> {
  const stamp = readStamp(folder);
  if (!stamp) return undefined;
  const { files, bytes } = await measure(folder);
  return files === stamp.files && bytes === stamp.bytes ? stamp : undefined;
}

/**
 * Installed folders below `parent` whose files are no longer those that were installed. Reads every byte, so it is not
 * for each start.
 */
export async function changedFolders(parent: string): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  const changed: string[] = [];
  for (const folder of names.map((name) => path.join(parent, name))) {
    const sha256 = readStamp(folder)?.sha256;
    if (sha256 !== undefined && (await digestOf(folder)) !== sha256) changed.push(folder);
  }
  return changed;
}

function digestOf(folder: string): Promise<string> {
  return treeDigest(folder, (name) => name === STAMP);
}

/**
 * Fills `folder` once, at whatever point a process is killed. The work happens in a sibling folder, which gets its
 * stamp last and is then renamed. Processes that want the same folder wait for the first.
 * The next holder of the lock removes remnants of a killed one, since no other process can be at work there.
 */
export async function installOnce(folder: string, options: InstallOptions): Promise<Stamp> {
  const ready = await installedStamp(folder);
  if (ready) return ready;
  try {
    makeFolder(path.dirname(folder), 0o700);
    await using lock = await holdLock(folder, options);
    void lock;
    return (await installedStamp(folder)) ?? (await install(folder, options));
  } catch (error) {
    throw diskError(error, path.dirname(folder));
  }
}

async function install(folder: string, options: InstallOptions): Promise<Stamp> {
  await removeLeftovers(folder);
  const part = await mkdtemp(`${folder}.part-`);
  try {
    const version = await options.fill(part);
    options.signal.throwIfAborted();
    const stamp: Stamp = { format: 1, version, ...(await measure(part)), sha256: await digestOf(part) };
    writeStamp(part, stamp);
    await replace(folder, part);
    return stamp;
  } catch (error) {
    await rm(part, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

/** Removes what killed installations of this folder left beside it. Only with its lock held. */
async function removeLeftovers(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  for (const name of await readdir(parent)) {
    if (
      name.startsWith(`${path.basename(folder)}.part-`) ||
      name.startsWith(`${path.basename(folder)}.old-`)
    ) {
      await rm(path.join(parent, name), { recursive: true, force: true });
    }
  }
}

async function replace(folder: string, part: string): Promise<void> {
  const old = part.replace('.part-', '.old-');
  await rename(folder, old).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
  });
  await rename(part, folder);
  await rm(old, { recursive: true, force: true });
}

function readStamp(folder: string): Stamp | undefined {
  try {
    return stampSchema.safeParse(JSON.parse(readFileSync(path.join(folder, STAMP), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

function writeStamp(folder: string, stamp: Stamp): void {
  const file = openSync(path.join(folder, STAMP), 'wx');
  try {
    writeFileSync(file, JSON.stringify(stamp));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Files and bytes below a folder, without the stamp; links count as themselves. */
export async function measure(folder: string): Promise<{ files: number; bytes: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const leaves = entries.filter((entry) => !entry.isDirectory() && entry.name !== STAMP);
  const sizes = await Promise.all(
    leaves.map(async (entry) => (await lstat(path.join(entry.parentPath, entry.name))).size),
  );
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
