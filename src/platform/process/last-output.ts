import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const TAIL_BYTES = 8192;
const READ_BYTES = 256 * 1024;

/** The last lines that a program wrote, for a message, without its colours; empty where it wrote none. */
export function lastOutputOf(outputPath: string, lines = 8): string {
  return (
    stripVTControlCharacters(tail(outputPath))
      .split('\n')
      .map((line) => line.trimEnd())
      // Rules and frames carry no information.
      .filter((line) => /[\p{L}\p{N}]/u.test(line))
      .slice(-lines)
      .join('\n')
  );
}

/** The same as a part of a sentence. */
export function lastOutputText(words: string): string {
  return words === '' ? 'it printed nothing' : `its last output: ${words}`;
}

function tail(file: string): string {
  return part(file, (size) => Math.max(0, size - TAIL_BYTES), TAIL_BYTES).toString();
}

/**
 * Reports whether a program has written this text yet, however much it writes: each read continues after the last one.
 */
export function watchOutput(outputPath: string, text: string): () => boolean {
  const wanted = Buffer.from(text);
  let from = 0;
  let isHeard = false;
  return () => {
    for (let isEnd = false; !isHeard && !isEnd;) {
      const seen = part(outputPath, () => from, READ_BYTES);
      isHeard = seen.includes(wanted);
      isEnd = seen.length < READ_BYTES;
      // The end of a chunk may cut the text in two.
      from += Math.max(0, seen.length - wanted.length + 1);
    }
    return isHeard;
  };
}

function part(file: string, fromOf: (size: number) => number, most: number): Buffer {
  try {
    const fd = openSync(file, 'r');
    try {
      const { size } = fstatSync(fd);
      const from = fromOf(size);
      const buffer = Buffer.alloc(Math.min(size - from, most));
      const got = readSync(fd, buffer, 0, buffer.length, from);
      return buffer.subarray(0, got);
    } finally {
      closeSync(fd);
    }
  } catch {
    // The program never wrote, or the folder is gone. There is no last output, and the cause is reported elsewhere.
    return Buffer.alloc(0);
  }
}
