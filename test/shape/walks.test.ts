import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LAYERS } from './layers.ts';
import { readTree } from './tree/tree.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(path.join(ROOT, 'ARCHITECTURE.md'), 'utf8');
/** `used by` marks a file that imports the one before it. */
const STEP = /^\d+\. (used by )?`([^`]+)` – \S/gm;
/** From a file to the next of its walk: directly, or by one file between them. */
const MOST_IMPORTS = 2;

const imports = new Map(
  readTree(ROOT, LAYERS).sources.map((file) => [file.path, file.imports.map(({ target }) => target)]),
);

describe.each(walks(PAGE))('the walk "%s"', (_title, steps) => {
  it.each(pairsOf(steps))('%s, then %o', (from, step) => {
    expect(imports.has(from)).toBe(true);
    expect(imports.has(step.file)).toBe(true);
    expect(isRight(from, step)).toBe(true);
  });
});

it('finds a step in the wrong direction', () => {
  const page = (last: string) =>
    `\n## Three walks\n\n### One\n\n1. \`src/commands/program.ts\` – loads\n2. ${last}\n`;
  const isRightIn = (text: string) =>
    walks(text).flatMap(([, steps]) => pairsOf(steps).map((of) => isRight(...of)));
  expect(isRightIn(page('`src/commands/commands.ts` – lists'))).toEqual([true]);
  expect(isRightIn(page('used by `src/commands/commands.ts` – lists'))).toEqual([false]);
  expect(isRightIn(page('`src/cli.ts` – parses'))).toEqual([false]);
  expect(isRightIn(page('used by `src/cli.ts` – parses'))).toEqual([true]);
});

it('there are three, none of a few steps', () => {
  expect(walks(PAGE).map(([title]) => title)).toEqual([
    'From `run` to the table',
    'From YAML to the plan',
    'From an instant to a percentile',
  ]);
  for (const [, steps] of walks(PAGE)) expect(steps.length).toBeGreaterThan(8);
});

it('every path on the page exists', () => {
  const named = [...PAGE.matchAll(/(?<![\w./])(?:src|bin|test|bench|docs|prove)\/[\w./-]*[\w/]/g)].map(
    ([file]) => file,
  );
  expect(named.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
});

interface Step {
  readonly file: string;
  /** It imports the file before it; otherwise that one imports it. */
  readonly isUser: boolean;
}

function walks(page: string): [title: string, steps: Step[]][] {
  const [, chapter = ''] = page.split('\n## Three walks\n');
  return chapter
    .split('\n## ')[0]!
    .split('\n### ')
    .slice(1)
    .map((part) => [
      part.split('\n')[0]!,
      [...part.matchAll(STEP)].map(([, isUsedBy, file]) => ({ file: file!, isUser: isUsedBy !== undefined })),
    ]);
}

function pairsOf(steps: readonly Step[]): [from: string, step: Step][] {
  return steps.slice(1).map((step, i) => [steps[i]!.file, step]);
}

function isRight(from: string, { file, isUser }: Step): boolean {
  return isUser ? leadsTo(file, from) : leadsTo(from, file);
}

function leadsTo(from: string, to: string, left = MOST_IMPORTS): boolean {
  const next = imports.get(from) ?? [];
  return next.includes(to) || (left > 1 && next.some((file) => leadsTo(file, to, left - 1)));
}
