import type { Rule } from '../rule.ts';
import type { LayerTable } from '../layers.ts';

/** A folder imports itself and those that the table names. Subfolders with a line of their own are layers of their own. */
export const layerImports: Rule = {
  name: 'layer-imports',
  check: ({ sources, layers }) =>
    sources.flatMap((file) => {
      const own = layerOf(layers, file.path);
      if (own === undefined) {
        return [{ path: file.path, line: 1, what: 'belongs to no layer of test/shape/layers.ts' }];
      }
      return file.imports.flatMap(({ line, target }) => {
        const other = layerOf(layers, target);
        if (other === own || layers[own]!.includes(other ?? '')) return [];
        const where = other === undefined ? target : `${target} (${other})`;
        return [{ path: file.path, line, what: `${own} may not import ${where}` }];
      });
    }),
};

/** Undefined outside of `src`: test, prove, bench, bin. */
function layerOf(layers: LayerTable, file: string): string | undefined {
  const holds = (layer: string) => file === `src/${layer}.ts` || file.startsWith(`src/${layer}/`);
  return Object.keys(layers)
    .filter(holds)
    .toSorted((a, b) => b.length - a.length)[0];
}
