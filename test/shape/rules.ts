import type { Problem, Rule } from './rule.ts';
import { folderSize } from './rules/folder-size.ts';
import { functionLength } from './rules/function-length.ts';
import { importCycles } from './rules/import-cycles.ts';
import { layerImports } from './rules/layer-imports.ts';
import { memberCount } from './rules/member-count.ts';
import { retiredWords } from './rules/retired-words.ts';
import { siblingFolders } from './rules/sibling-folders.ts';
import { uniqueExports } from './rules/unique-exports.ts';
import type { Tree } from './tree/tree.ts';

export const RULES: readonly Rule[] = [
  layerImports,
  siblingFolders,
  importCycles,
  folderSize,
  uniqueExports,
  functionLength,
  memberCount,
  retiredWords,
];

export interface Outcome {
  readonly rule: Rule;
  readonly problems: readonly Problem[];
}

/** The problems of each rule by place. */
export function checkAll(tree: Tree, rules: readonly Rule[] = RULES): Outcome[] {
  return rules.map((rule) => ({ rule, problems: rule.check(tree).toSorted(byPlace) }));
}

function byPlace(a: Problem, b: Problem): number {
  if (a.path === b.path) return a.line - b.line;
  return a.path < b.path ? -1 : 1;
}
