import type { LayerTable } from '../layers.ts';
import { betweenMarks } from './between-marks.ts';

/** @throws RangeError where the page has no place for it */
export function withDrawing(page: string, layers: LayerTable): string {
  return betweenMarks(page, 'test/shape/layers.ts', layerDrawing(layers));
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
