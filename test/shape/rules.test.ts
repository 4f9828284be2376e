import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LAYERS, type LayerTable } from './layers.ts';
import type { Rule } from './rule.ts';
import { checkAll, RULES } from './rules.ts';
import { folderSize } from './rules/folder-size.ts';
import { readTree } from './tree/tree.ts';

const FIXTURES = path.join(import.meta.dirname, 'fixtures');
/** A fixture's own table of layers, where the real one is not to matter. */
const TABLE = 'layers.json';

describe.each(RULES.map((rule) => [rule.name, rule] as const))('%s', (name, rule) => {
  it('finds what its failing fixture breaks, line by line', () => {
    const expected = readFileSync(path.join(FIXTURES, name, 'fails/expected.txt'), 'utf8');
    expect(`${problemsIn(`${name}/fails`, rule).join('\n')}\n`).toBe(expected);
  });

  it('finds nothing in its passing fixture', () => {
    expect(problemsIn(`${name}/holds`, rule)).toEqual([]);
  });
});

it('lets a folder of made files be as large as it is', () => {
  const files = (folder: string) => Array.from({ length: 26 }, (_, i) => `${folder}/${i}.json`);
  const tree = {
    root: '',
    layers: {},
    sources: [],
    launcher: [],
    trying: [],
    files: [...files('docs/evidence'), ...files('docs/figures')],
  };
  expect(folderSize.check(tree).map((problem) => problem.path)).toEqual(['docs/figures']);
});

function problemsIn(fixture: string, rule: Rule): string[] {
  const root = path.join(FIXTURES, fixture);
  const table = path.join(root, TABLE);
  const layers = existsSync(table) ? (JSON.parse(readFileSync(table, 'utf8')) as LayerTable) : LAYERS;
  const [outcome] = checkAll(readTree(root, layers), [rule]);
  return outcome!.problems.map(({ path: file, line, what }) => `${file}:${line}: ${what}`);
}
