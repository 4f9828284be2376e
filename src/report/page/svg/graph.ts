import type { GraphLink, GraphNode, GraphSeries } from '../../charts/chart.ts';
import { type Markup, markup } from '../markup.ts';
import { type Drawing, fitted, label, WIDTH } from './frame.ts';
import { px } from './scales.ts';
import { ALARM, INK, PAPER, WEAK } from './styles.ts';

const NODE_WIDTH = 92;
const NODE_HEIGHT = 52;
const ROW = 104;
const TOP = 34;

/** Parts from left to right, callers before what they call; each link in the colour of what was lost on it. */
export function drawGraph({ nodes, links }: GraphSeries): Drawing {
  const places = placesOf(nodes, links);
  const rows = Math.max(1, ...places.map(({ row }) => row + 1));
  const columns = Math.max(1, ...places.map(({ column }) => column));
  const step = (WIDTH - NODE_WIDTH - 4) / columns;
  const at = (id: string): Box => {
    const { column, row } = places.find((one) => one.node.id === id)!;
    return { x: 2 + column * step, y: TOP + row * ROW };
  };
  const drawnLinks = links.map((link) => linkOn(link, at(link.from), at(link.to), step - NODE_WIDTH));
  const drawnNodes = nodes.map((node) => nodeOn(node, at(node.id)));
  return { height: TOP + rows * ROW - 26, body: markup`${drawnLinks}${drawnNodes}` };
}

interface Box {
  readonly x: number;
  readonly y: number;
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

function nodeOn({ id, lines, state }: GraphNode, { x, y }: Box): Markup {
  const isStruck = state === 'faulted';
  const stroke = state === 'plain' ? WEAK : ALARM;
  const texts = lines.map((line, i) =>
    label(x + NODE_WIDTH / 2, y + 34 + i * 13, fitted(line, NODE_WIDTH + 8), { anchor: 'middle' }),
  );
  return markup`<g data-node="${id}"><rect x="${px(x)}" y="${px(y)}" width="${NODE_WIDTH}" height="${NODE_HEIGHT}" rx="6" fill="${PAPER}" stroke="${stroke}" stroke-width="${isStruck ? 3 : 1.5}" stroke-dasharray="${state === 'harmed' ? '5 3' : 'none'}" class="hollow"/>${label(
    x + NODE_WIDTH / 2,
    y + (lines.length === 0 ? 30 : 19),
    fitted(id, NODE_WIDTH - 6),
    { anchor: 'middle', isStrong: true },
  )}${texts}<title>${[id, ...lines, state === 'plain' ? '' : state].filter(Boolean).join(', ')}</title></g>`;
}

function linkOn({ from, to, lines, lostShare }: GraphLink, a: Box, b: Box, room: number): Markup {
  const [x1, y1] = [a.x + NODE_WIDTH, a.y + NODE_HEIGHT / 2];
  const [x2, y2] = [b.x - 7, b.y + NODE_HEIGHT / 2];
  const isLossy = lostShare !== null && lostShare > 0;
  const color = isLossy ? ALARM : INK;
  const middle = (x1 + x2) / 2;
  const path =
    y1 === y2
      ? `M${px(x1)},${px(y1)}H${px(x2)}`
      : `M${px(x1)},${px(y1)}C${px(middle)},${px(y1)} ${px(middle)},${px(y2)} ${px(x2)},${px(y2)}`;
  const texts = lines.map((line, i) =>
    label(middle, (y1 + y2) / 2 + (i === 0 ? -8 : 4 + i * 13), fitted(line, room + 22), {
      anchor: 'middle',
      isInk: i > 0 && isLossy,
    }),
  );
  return markup`<g data-link="${from} ${to}" data-lost="${lostShare ?? ''}"><path d="${path}" fill="none" stroke="${color}" stroke-width="${px(1.5 + 4 * (lostShare ?? 0))}" stroke-opacity="${px(0.45 + 0.55 * (lostShare ?? 0))}" class="${isLossy ? 'alarm' : 'ink-line'}"/><path d="M${px(x2)},${px(y2 - 5)}l7,5l-7,5z" fill="${color}" class="${isLossy ? 'alarm-fill' : 'ink'}"/>${texts}<title>${[`${from} to ${to}`, ...lines].join(', ')}</title></g>`;
}
