import { isDeepStrictEqual } from 'node:util';
import { withDrawing } from '../layer-drawing.ts';
import { type LintConfig, withOverrides } from '../layer-lint.ts';
import type { Problem, Rule } from '../rule.ts';
import { readText, type Tree } from '../tree/tree.ts';

const WHAT = 'is not what the table of layers gives: run `node test/shape/write-layers.ts && npm run format`';

/** The lint rule and the drawing say what the table says. */
export const generatedFiles: Rule = {
  name: 'generated-files',
  check: (tree) => [
    ...differing(tree, '.oxlintrc.json', (text) => {
      const config = JSON.parse(text) as LintConfig;
      return isDeepStrictEqual(withOverrides(config, tree.layers), config);
    }),
    ...differing(tree, 'ARCHITECTURE.md', (page) => withDrawing(page, tree.layers) === page),
  ],
};

function differing(tree: Tree, file: string, isUpToDate: (text: string) => boolean): Problem[] {
  const text = readText(tree, file);
  if (text === undefined) return [{ path: file, line: 1, what: 'is missing' }];
  return isUpToDate(text) ? [] : [{ path: file, line: 1, what: WHAT }];
}
