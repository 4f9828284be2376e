import { fstatSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommbenchError, unreadableText } from '../../kernel/errors.ts';
import type { Desk } from './desk.ts';
import { parseIntent } from './grammar.ts';

/** Lines of a session, in their order, until it is over. */
export type Lines = (over: AbortSignal) => AsyncIterable<string> | Iterable<string>;

/**
 * The lines of a file, checked beforehand.
 * @throws CommbenchError bad-option: not there, or a line that nobody understands
 */
export function scriptLines(file: string): Lines {
  const lines = readText(file).split('\n');
  for (const [i, line] of lines.entries()) {
    try {
      if (isAction(line)) parseIntent(line);
    } catch (error) {
      throw new CommbenchError('bad-option', `${file}:${i + 1} ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
  return () => lines;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommbenchError('bad-option', `--script: ${unreadableText(file, error)}`);
  }
}

/** Lines of a pipe or a file at standard input; undefined: it is neither. */
export function inputLines(): Lines | undefined {
  try {
    const stat = fstatSync(0);
    if (!stat.isFIFO() && !stat.isFile() && !stat.isSocket()) return undefined;
  } catch {
    return undefined;
  }
  // Read only then: lines that come before somebody waits for them would be lost.
  return (signal) => createInterface({ input: process.stdin, signal });
}

function isAction(line: string): boolean {
  return line.trim() !== '' && !line.trim().startsWith('#');
}

/** Carries out lines, and ends the session after the last one. What is refused is printed, and the next line follows. */
export async function playScript(desk: Desk, lines: Lines, print: (text: string) => void): Promise<void> {
  const { over } = desk.session;
  for await (const line of lines(over)) {
    if (over.aborted) return;
    if (!isAction(line)) continue;
    try {
      await playLine(desk, line);
    } catch (error) {
      if (over.aborted) return;
      if (!(error instanceof CommbenchError)) throw error;
      print(`not done: ${line.trim()}: ${error.message}`);
    }
  }
  desk.session.end();
}

async function playLine(desk: Desk, line: string): Promise<void> {
  const intent = parseIntent(line);
  if (intent.kind === 'wait') return sleep(intent.ms, undefined, { signal: desk.session.over });
  if (intent.kind === 'until') return desk.until(intent.edge, intent.state);
  desk.act(intent);
}
