import type { Problem, Rule } from '../rule.ts';
import type { SourceFile } from '../tree/source-file.ts';

/** Type-only imports count: files in a cycle can't be read one after the other. */
export const importCycles: Rule = {
  name: 'import-cycles',
  check: ({ sources }) => {
    const byPath = new Map(sources.map((file) => [file.path, file]));
    const known = new Set<string>();
    const problems: Problem[] = [];
    for (const file of sources) {
      if (known.has(file.path)) continue;
      const cycle = shortestCycle(byPath, file);
      if (cycle === undefined) continue;
      for (const member of cycle) known.add(member);
      const line = file.imports.find(({ target }) => target === cycle[1])!.line;
      problems.push({ path: file.path, line, what: cycle.join(' → ') });
    }
    return problems;
  },
};

/** From the file back to itself, breadth first; undefined where no way leads back. */
function shortestCycle(byPath: ReadonlyMap<string, SourceFile>, start: SourceFile): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start.path];
  for (const at of queue) {
    for (const { target } of byPath.get(at)?.imports ?? []) {
      if (target === start.path) return [...wayTo(cameFrom, start.path, at), start.path];
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, at);
      queue.push(target);
    }
  }
  return undefined;
}

function wayTo(cameFrom: ReadonlyMap<string, string>, start: string, end: string): string[] {
  const way = [end];
  while (way[0] !== start) way.unshift(cameFrom.get(way[0]!)!);
  return way;
}
