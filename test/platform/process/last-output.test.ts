import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lastOutputOf, watchOutput } from '../../../src/platform/process/last-output.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cb-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function wordsOf(text: string, lines?: number): string {
  const file = path.join(folder, 'output.log');
  writeFileSync(file, text);
  return lastOutputOf(file, lines);
}

test('the last lines that are not empty', () => {
  expect(wordsOf('one\ntwo\n\nthree  \n\n', 2)).toBe('two\nthree');
});

test('the end of a long output', () => {
  const lines = Array.from({ length: 5000 }, (_, i) => `line ${i}`);
  expect(wordsOf(lines.join('\n'))).toBe(lines.slice(-8).join('\n'));
});

test('none where nothing was written, or nothing is there', () => {
  expect(wordsOf('')).toBe('');
  expect(lastOutputOf(path.join(folder, 'nothing.log'))).toBe('');
});

test('a text is heard wherever it stands in a long output, and in however many pieces it comes', () => {
  const file = path.join(folder, 'long.log');
  const isHeard = watchOutput(file, 'listening');
  expect(isHeard()).toBe(false);
  // Its first half is the end of what is read at once.
  writeFileSync(file, `${'x'.repeat(256 * 1024 - 4)}list`);
  expect(isHeard()).toBe(false);
  appendFileSync(file, 'ening on 80\n');
  expect(isHeard()).toBe(true);
});

test('the colours of a program, and its title of the terminal, are left out', () => {
  expect(wordsOf('\u001B[31mred\u001B[0m \u001B]0;title\u0007end\n')).toBe('red end');
});
