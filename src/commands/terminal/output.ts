import { fstatSync, writeSync } from 'node:fs';
import { CommbenchError, isNoSpace, systemCode } from '../../kernel/errors.ts';

/**
 * Standard output whose writes to a file are whole. Node's own stream reports no byte that a full disk left out: a report
 * would be cut off in silence.
 */
export function wholeOutput(stream: typeof process.stdout): typeof process.stdout {
  if (!isWrittenAtOnce(stream)) return stream;
  stream.write = (text: string | Uint8Array, ...rest: unknown[]) => {
    writeAll(stream.fd, Buffer.from(text as string));
    const done = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
    if (done) process.nextTick(done);
    return true;
  };
  return stream;
}

/** A file or a device: terminals and pipes have a stream that waits for its reader. */
function isWrittenAtOnce({ fd, isTTY }: typeof process.stdout): boolean {
  try {
    const stat = fstatSync(fd);
    return !isTTY && (stat.isFile() || stat.isCharacterDevice());
  } catch {
    return false;
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  try {
    for (let from = 0; from < bytes.length;) from += writeSync(fd, bytes, from);
  } catch (cause) {
    throw outputError(cause);
  }
}

/** The user's view of an error of standard output. */
export function outputError(cause: unknown): CommbenchError {
  const code = systemCode(cause);
  const why = isNoSpace(code) ? `no space left (${code})` : (code ?? String(cause));
  return new CommbenchError(
    isNoSpace(code) ? 'disk-full' : 'cannot-write',
    `Cannot write the output: ${why}`,
    {
      hint: 'A result file that was named is whole: `commbench report FILE` prints it again.',
      cause,
    },
  );
}
