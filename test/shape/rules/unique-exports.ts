import path from 'node:path';
import type { Rule } from '../rule.ts';

/** One name, one thing, so that a search for it finds it. */
export const uniqueExports: Rule = {
  name: 'unique-exports',
  check: ({ sources }) => {
    const all = sources.flatMap((file) => distinct(file.exports).map((one) => ({ ...one, path: file.path })));
    const byName = Map.groupBy(all, ({ name }) => name);
    return [...byName.values()]
      .filter((places) => places.length > 1 && !isOfSiblings(places.map((place) => place.path)))
      .flatMap((places) =>
        places.map((place) => {
          const others = places.filter((other) => other !== place).map((other) => other.path);
          return { path: place.path, line: place.line, what: `${place.name}: also in ${others.join(', ')}` };
        }),
      );
  },
};

/** A value and a type of one name are one thing. */
function distinct<T extends { readonly name: string }>(exported: readonly T[]): T[] {
  return exported.filter((one, i) => exported.findIndex(({ name }) => name === one.name) === i);
}

/**
 * Files of one name in folders side by side, as what is found by listing has them: each says the same of its folder.
 * The layers stand side by side, too, and are no such thing.
 */
function isOfSiblings(files: readonly string[]): boolean {
  const kinds = files.map((file) => {
    const parent = path.posix.dirname(path.posix.dirname(file));
    return parent === 'src' ? file : `${parent}/*/${path.posix.basename(file)}`;
  });
  return new Set(kinds).size === 1;
}
