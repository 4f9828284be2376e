import { statfsSync } from 'node:fs';
import path from 'node:path';
import { CommbenchError, isNoSpace, systemCode } from '../../kernel/errors.ts';

const DENIED = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT', 'EEXIST']);
const HINT = 'set XDG_CACHE_HOME to a folder of yours that can be written to';

/** The user's view of an error that came while writing into `folder`; other errors are returned as they are. */
export function diskError(error: unknown, folder: string): unknown {
  const code = systemCode(error) ?? '';
  if (isNoSpace(code)) return diskFull(folder, error);
  if (!DENIED.has(code)) return error;
  return new CommbenchError('cannot-write', `${folder} is not writable: ${code}`, {
    hint: `Make it writable, or ${HINT}.`,
    cause: error,
  });
}

export function diskFull(folder: string, cause?: unknown): CommbenchError {
  return new CommbenchError('disk-full', `The disk that holds ${folder} is full`, {
    hint: `Free some space, or ${HINT} on another disk.`,
    cause,
  });
}

/** Checks the free space before a fetch. @throws CommbenchError disk-full */
export function assertFreeSpace(folder: string, bytes: number): void {
  const free = freeBytes(folder);
  if (free === undefined || free >= bytes) return;
  throw new CommbenchError(
    'disk-full',
    `Expected ${megabytes(bytes)} free for ${folder}, found ${megabytes(free)}`,
    {
      hint: `Free some space, or ${HINT} on another disk.`,
    },
  );
}

/** Free bytes for this user on the disk of `folder`, existing or not. */
export function freeBytes(folder: string): number | undefined {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    try {
      const { bavail, bsize } = statfsSync(at);
      return bavail * bsize;
    } catch {
      if (at === path.dirname(at)) return undefined;
    }
  }
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
