import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LAYERS } from './layers.ts';
import { readTree } from './tree/tree.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(path.join(ROOT, 'ARCHITECTURE.md'), 'utf8');
const STEP = /^\d+\. `([^`]+)` – \S/gm;
/** From a file to the next of its walk: directly, or by one file between them. */
const MOST_IMPORTS = 2;

const imports = new Map(
  readTree(ROOT, LAYERS).sources.map((file) => [file.path, file.imports.map(({ target }) => target)]),
);

describe.each(walks())('the walk "%s"', (_title, files) => {
  it.each(files.slice(1).map((file, i) => [files[i]!, file] as const))('goes from %s to %s', (from, to) => {
    expect(imports.has(from)).toBe(true);
    expect(imports.has(to)).toBe(true);
    expect(leadsTo(from, to) || leadsTo(to, from)).toBe(true);
  });
});

it('there are three, none of a few steps', () => {
  expect(walks().map(([title]) => title)).toEqual([
    'From `run` to the table',
    'From YAML to the plan',
    'From an instant to a percentile',
  ]);
  for (const [, files] of walks()) expect(files.length).toBeGreaterThan(8);
});

it('every path on the page exists', () => {
  const named = [...PAGE.matchAll(/(?<![\w./])(?:src|bin|test|bench|docs|prove)\/[\w./-]*[\w/]/g)].map(
    ([file]) => file,
  );
  expect(named.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
});

function walks(): [title: string, files: string[]][] {
  const [, chapter = ''] = PAGE.split('\n## Three walks\n');
  return chapter
    .split('\n## ')[0]!
    .split('\n### ')
    .slice(1)
    .map((part) => [part.split('\n')[0]!, [...part.matchAll(STEP)].map(([, file]) => file!)]);
}

function leadsTo(from: string, to: string, left = MOST_IMPORTS): boolean {
  const next = imports.get(from) ?? [];
  return next.includes(to) || (left > 1 && next.some((file) => leadsTo(file, to, left - 1)));
}
