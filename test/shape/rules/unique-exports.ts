import path from 'node:path';
import type { Rule } from '../rule.ts';

/** What a file exports that is found by listing its folder (src/platform/definitions.ts). */
const LISTED = 'definition';

/** One name, one thing, so that a search for it finds it. */
export const uniqueExports: Rule = {
  name: 'unique-exports',
  check: ({ sources }) => {
    const all = sources.flatMap((file) => distinct(file.exports).map((one) => ({ ...one, path: file.path })));
    const byName = Map.groupBy(all, ({ name }) => name);
    return [...byName]
      .filter(([name, places]) => places.length > 1 && name !== LISTED && !isOfSiblings(places))
      .flatMap(([, places]) =>
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
 * Files of one name in folders side by side, as folders that are found by listing have them: each says the same of
 * its own.
 * The layers stand side by side, too, and are no such thing.
 */
function isOfSiblings(places: readonly { readonly path: string }[]): boolean {
  const kinds = places.map(({ path: file }) => {
    const parent = path.posix.dirname(path.posix.dirname(file));
    return parent === 'src' ? file : `${parent}/*/${path.posix.basename(file)}`;
  });
  return new Set(kinds).size === 1;
}
