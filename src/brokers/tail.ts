import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const MOST_BYTES = 8192;

/** The last lines of a file that say something, on one line; empty where there is none. */
export function tail(file: string, lines = 4): string {
  let text: string;
  try {
    text = readEnd(file);
  } catch {
    return '';
  }
  const said = text.split('\n').map((line) => line.trim());
  return said.filter(saysSomething).slice(-lines).join(' | ').slice(-1000);
}

function saysSomething(line: string): boolean {
  return /[\p{L}\p{N}]/u.test(line);
}

function readEnd(file: string): string {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const buffer = Buffer.alloc(Math.min(size, MOST_BYTES));
    readSync(handle, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8');
  } finally {
    closeSync(handle);
  }
}
