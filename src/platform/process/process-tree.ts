import { listPids, statOf } from './proc.ts';

/** The process and everything below it, by /proc; the process alone where there is no /proc. */
export function processTree(root: number): number[] {
  const children = Map.groupBy(listPids(), (pid) => statOf(pid)?.parent);
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}
