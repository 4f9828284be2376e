import type { Tree } from './tree/tree.ts';

export interface Rule {
  readonly name: string;
  check(tree: Tree): readonly Problem[];
}

export interface Problem {
  /** From the root. */
  readonly path: string;
  readonly line: number;
  /** What is wrong; an imperative where it isn't plain what to do. */
  readonly what: string;
}
