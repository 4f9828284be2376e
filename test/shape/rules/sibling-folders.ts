import { SIBLINGS } from '../layers.ts';
import type { Rule } from '../rule.ts';

/** Folders found by listing know nothing of each other: one can be added or removed without a look at the rest. */
export const siblingFolders: Rule = {
  name: 'sibling-folders',
  check: ({ sources }) =>
    sources.flatMap((file) =>
      file.imports.flatMap(({ line, target }) => {
        const [own, other] = [siblingOf(file.path), siblingOf(target)];
        if (!own || !other || own.parent !== other.parent || own.name === other.name) return [];
        if (SIBLINGS[own.parent]!.includes(other.name)) return [];
        return [{ path: file.path, line, what: `${own.parent}/${own.name} may not import ${target}` }];
      }),
    ),
};

/** Undefined for files that stand beside the siblings. */
function siblingOf(file: string): { parent: string; name: string } | undefined {
  for (const parent of Object.keys(SIBLINGS)) {
    const rest = file.startsWith(`src/${parent}/`) ? file.slice(`src/${parent}/`.length) : '';
    if (rest.includes('/')) return { parent, name: rest.split('/')[0]! };
  }
  return undefined;
}
