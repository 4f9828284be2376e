import type { GraphLink, GraphNode, GraphSeries } from '../../charts/chart.ts';
import { type Markup, markup } from '../markup.ts';
import { type Drawing, fitted, label, WIDTH } from './frame.ts';
import { px } from './scales.ts';
import { ALARM, INK, PAPER, WEAK } from './styles.ts';

const WIDEST_NODE = 104;
const NODE_HEIGHT = 52;
const LEAST_LINK = 19;
const LINE = 13;
/** Between rows there is room for what stands above the links. */
const ROW = 112;
const TOP = 50;

/** Parts from left to right, callers before what they call; each link in the colour of what was lost on it. */
export function drawGraph({ nodes, links }: GraphSeries): Drawing {
  const places = placesOf(nodes, links);
  const rows = Math.max(1, ...places.map(({ row }) => row + 1));
  const columns = Math.max(1, ...places.map(({ column }) => column));
  const width = Math.min(WIDEST_NODE, (WIDTH - 4 - columns * LEAST_LINK) / (columns + 1));
  const step = (WIDTH - 4 - width) / columns;
  const boxOf = (id: string): Box => {
    const { column, row } = places.find((one) => one.node.id === id)!;
    return { x: 2 + column * step, y: TOP + row * ROW, width };
  };
  const drawnLinks = links.map((link) => linkOn(link, boxOf(link.from), boxOf(link.to)));
  const drawnNodes = nodes.map((node) => nodeOn(node, boxOf(node.id)));
  const height = TOP + (rows - 1) * ROW + NODE_HEIGHT + 6;
  return { height, body: markup`${drawnNodes}${drawnLinks}` };
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

interface Place {
  readonly node: GraphNode;
  readonly column: number;
  readonly row: number;
}

/** Column: the longest way from a part that nobody calls. */
function placesOf(nodes: readonly GraphNode[], links: readonly GraphLink[]): Place[] {
  const depths = new Map(nodes.map(({ id }) => [id, 0]));
  for (const _ of nodes) {
    for (const { from, to } of links) depths.set(to, Math.max(depths.get(to)!, depths.get(from)! + 1));
  }
  const filled = new Map<number, number>();
  return nodes.map((node) => {
    const column = Math.min(nodes.length - 1, depths.get(node.id)!);
    const row = filled.get(column) ?? 0;
    filled.set(column, row + 1);
    return { node, column, row };
  });
}

function nodeOn({ id, lines, state }: GraphNode, { x, y, width }: Box): Markup {
  const stroke = state === 'plain' ? WEAK : ALARM;
  const middle = { anchor: 'middle' } as const;
  const name = label(x + width / 2, y + (lines.length === 0 ? 30 : 19), fitted(id, width - 6), {
    ...middle,
    isStrong: true,
  });
  const texts = lines.map((line, i) =>
    label(x + width / 2, y + 33 + i * LINE, fitted(line, width + 8), middle),
  );
  return markup`<g data-node="${id}"><rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${NODE_HEIGHT}" rx="6" fill="${PAPER}" stroke="${stroke}" stroke-width="${state === 'faulted' ? 3 : 1.5}" stroke-dasharray="${state === 'harmed' ? '5 3' : 'none'}" class="hollow"/>${name}${texts}</g>`;
}

function linkOn({ from, to, lines, lostShare }: GraphLink, a: Box, b: Box): Markup {
  const [x1, y1] = [a.x + a.width, a.y + NODE_HEIGHT / 2];
  const [x2, y2] = [b.x - 7, b.y + NODE_HEIGHT / 2];
  const isLossy = lostShare !== null && lostShare > 0;
  const color = isLossy ? ALARM : INK;
  const [middle, share] = [(x1 + x2 + 7) / 2, lostShare ?? 0];
  const path =
    y1 === y2
      ? `M${px(x1)},${px(y1)}H${px(x2)}`
      : `M${px(x1)},${px(y1)}C${px(middle)},${px(y1)} ${px(middle)},${px(y2)} ${px(x2)},${px(y2)}`;
  const top = (y1 + y2) / 2 - NODE_HEIGHT / 2 - 8;
  const texts = lines.map((line, i) =>
    label(middle, top - (lines.length - 1 - i) * LINE, fitted(line, b.x - a.x), {
      anchor: 'middle',
      isInk: i > 0 && isLossy,
    }),
  );
  return markup`<g data-link="${from} ${to}" data-lost="${lostShare ?? ''}"><path d="${path}" fill="none" stroke="${color}" stroke-width="${px(1.5 + 4 * share)}" stroke-opacity="${px(0.45 + 0.55 * share)}" class="${isLossy ? 'alarm' : 'ink-line'}"/><path d="M${px(x2)},${px(y2 - 5)}l7,5l-7,5z" fill="${color}" class="${isLossy ? 'alarm-fill' : 'ink'}"/>${texts}</g>`;
}
