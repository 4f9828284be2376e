import type { LayerTable } from './layers.ts';

const BEGIN = '<!-- made of test/shape/layers.ts by `node test/shape/write-layers.ts` -->';
const END = '<!-- end -->';

/** @throws RangeError where the page has no place for it */
export function withDrawing(page: string, layers: LayerTable): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END, from);
  if (from < 0 || to < 0) throw new RangeError(`Expected the page to have ${BEGIN} and ${END}`);
  return `${page.slice(0, from)}${BEGIN}\n${layerDrawing(layers)}\n${page.slice(to)}`;
}

/** One line per level: a folder imports only folders of lines above its own, and of those the ones named. */
function layerDrawing(table: LayerTable): string {
  const levels = Map.groupBy(Object.keys(table), (layer) => levelOf(table, layer));
  const lines = [...levels]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([level, layers]) =>
      layers.map((layer, i) => {
        const number = i === 0 ? String(level).padStart(2) : '  ';
        return `${number}  ${layer.padEnd(18)}${importsOf(table, layer)}`.trimEnd();
      }),
    );
  return ['```', ' level and folder      may import', ...lines, '```'].join('\n');
}

function levelOf(table: LayerTable, layer: string): number {
  const below = table[layer]!.filter((other) => !isBack(table, layer, other));
  return 1 + Math.max(-1, ...below.map((other) => levelOf(table, other)));
}

/** Both import each other. */
function isBack(table: LayerTable, layer: string, other: string): boolean {
  return table[other]!.includes(layer) && layer < other;
}

function importsOf(table: LayerTable, layer: string): string {
  const allowed = table[layer]!;
  if (allowed.length <= 9) return allowed.join(', ');
  const missing = Object.keys(table).filter(
    (other) => levelOf(table, other) < levelOf(table, layer) && !allowed.includes(other),
  );
  return missing.length === 0 ? 'all above' : `all above but ${missing.join(', ')}`;
}
