import { LAYERS } from './layers.ts';

const BEGIN = '<!-- made of test/shape/layers.ts by `node test/shape/write-layers.ts` -->';
const END = '<!-- end -->';

/** One line per level: a folder imports only folders of lines above its own, and of those the ones named. */
export function layerDrawing(): string {
  const levels = Map.groupBy(Object.keys(LAYERS), levelOf);
  const lines = [...levels]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([level, layers]) => {
      return layers.map(
        (layer, i) => `${i === 0 ? String(level).padStart(2) : '  '}  ${layer.padEnd(18)}${importsOf(layer)}`,
      );
    });
  return ['```', ' level and folder      may import', ...lines.map((line) => line.trimEnd()), '```'].join(
    '\n',
  );
}

/** @throws RangeError where the page has no place for it */
export function withDrawing(page: string, drawing: string): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END, from);
  if (from < 0 || to < 0) throw new RangeError(`Expected the page to have ${BEGIN} and ${END}`);
  return `${page.slice(0, from)}${BEGIN}\n${drawing}\n${page.slice(to)}`;
}

function levelOf(layer: string): number {
  return 1 + Math.max(-1, ...LAYERS[layer]!.filter((other) => !isBack(layer, other)).map(levelOf));
}

/** Both import each other. */
function isBack(layer: string, other: string): boolean {
  return LAYERS[other]!.includes(layer) && layer < other;
}

function importsOf(layer: string): string {
  const allowed = LAYERS[layer]!;
  const isAll = allowed.length > 9;
  const missing = Object.keys(LAYERS).filter(
    (other) => levelOf(other) < levelOf(layer) && !allowed.includes(other),
  );
  if (!isAll) return allowed.join(', ');
  return missing.length === 0 ? 'all above' : `all above but ${missing.join(', ')}`;
}
