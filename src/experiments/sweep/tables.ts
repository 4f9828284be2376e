import { spreadOf } from '../../measure/figures/percentile.ts';
import { LOAD_LIMITS } from '../../measure/validity/load-verdict.ts';
import type { Footnotes } from '../../report/footnotes.ts';
import { formatCount, formatRangeUs, formatRate, quantileName } from '../../report/format.ts';
import { isMarked } from '../../analysis/patterns/pattern-result.ts';
import { figureCell, needsCell, shareCell } from '../../report/cells.ts';
import { letterOf } from '../../report/charts/draw-points.ts';
import { figureColumn, type RowName, type TableColumn, tableOf, textColumn } from '../../report/table.ts';
import { kneeText, metTexts } from './answer.ts';
import {
  cellOf,
  metBy,
  sustainedUpTo,
  saturatedFrom,
  seriesOf,
  type SweepPoint,
  type SweptPattern,
} from './points.ts';
import type { Objective, Sweep } from './record.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../report/view.ts';

/** Quantiles shown of each point. */
export function quantilesOf({ design: { quantile } }: Sweep): number[] {
  return [...new Set([0.5, quantile])];
}

/** Knee, highest sustained rate and saturation of each pattern. */
export function capacityTable(record: Sweep, patterns: readonly SweptPattern[]): Section {
  const { objective, quantile } = record.design;
  const met: TableColumn<SweptPattern>[] = objective
    ? [
        textColumn('objective', `${objective.text} up to`, (pattern) => metCell(pattern, objective), {
          priority: 1,
        }),
      ]
    : [];
  return tableOf<SweptPattern>(
    {
      id: 'patterns',
      title: 'Capacity of each pattern',
      nameOf: swept,
      columns: [
        textColumn('mark', 'Mark', (pattern) => textCell(letterOf(patterns.indexOf(pattern))), {
          priority: 3,
        }),
        textColumn('figure', 'Latency of', ({ figure }) =>
          textCell(figure === 'response' ? 'reply' : 'completion'),
        ),
        textColumn('knee', `Knee (${quantileName(quantile)})`, kneeCell, { priority: 1 }),
        ...met,
        ...RATES,
      ],
    },
    patterns,
  );
}

function swept({ pattern: { id, title } }: SweptPattern): RowName {
  return { pattern: id, title };
}

const RATES: readonly TableColumn<SweptPattern>[] = [
  figureColumn(
    'sustained',
    'Highest sustained rate',
    (pattern) => figureCell(sustainedUpTo(pattern), 'per-s'),
    { priority: 1 },
  ),
  figureColumn('saturated', 'Saturated from', (pattern) => figureCell(saturatedFrom(pattern), 'per-s'), {
    priority: 2,
  }),
  figureColumn('valid', 'Valid points', validPoints, { priority: 4 }),
];

function metCell(pattern: SweptPattern, objective: Objective): Cell {
  const { text, below } = metTexts(pattern, objective);
  const value = metBy(pattern, objective).metPerS;
  return textCell(text, { value, unit: 'per-s', below, tone: text === 'inconclusive' ? 'weak' : 'plain' });
}

function validPoints({ points }: SweptPattern): Cell {
  if (points.length === 0) return EMPTY_CELL;
  const valid = points.filter(({ state }) => state !== 'unmeasured').length;
  return textCell(`${valid} of ${points.length}`, { tone: valid < points.length ? 'weak' : 'plain' });
}

function kneeCell({ knee, pattern }: SweptPattern): Cell {
  if (pattern.state === 'not-run') return textCell('not run', { tone: 'weak' });
  if (knee.state !== 'known') return textCell(kneeText(knee), { tone: 'weak' });
  const interval = { low: knee.lowPerS, high: knee.highPerS };
  return textCell(kneeText(knee), { value: knee.atPerS, unit: 'per-s', interval });
}

/** One rate of one pattern. */
interface PointLine {
  readonly pattern: SweptPattern;
  readonly point: SweepPoint;
}

/** Each rate of each pattern. */
export function pointsTable(record: Sweep, patterns: readonly SweptPattern[], notes: Footnotes): Section {
  return tableOf<PointLine>(
    {
      id: 'points',
      title: 'All points',
      nameOf: ({ pattern }) => swept(pattern),
      columns: [
        figureColumn('rate', 'Rate', ({ point }) => figureCell(point.ratePerS, 'per-s'), { isLabel: true }),
        ...quantilesOf(record).map((q) =>
          figureColumn(quantileName(q), quantileName(q), ({ point, pattern: { figure } }: PointLine) =>
            latencyCell(point, figure, q, notes),
          ),
        ),
        ...objectiveColumn(record, patterns, notes),
        figureColumn('goodput', 'Within deadline', ({ point }) => inTimeCell(point)),
        figureColumn('growth', 'Backlog growth', ({ point }) => growthCell(point)),
        textColumn('found', 'Verdict', ({ point }) => foundCell(point)),
      ],
    },
    patterns.flatMap((pattern) => pattern.points.map((point) => ({ pattern, point }))),
  );
}

/** The objective's figure, unless every row has a column of it. */
function objectiveColumn(
  { design: { objective, quantile: asked } }: Sweep,
  patterns: readonly SweptPattern[],
  notes: Footnotes,
): TableColumn<PointLine>[] {
  if (!objective) return [];
  const { figure, quantile } = objective;
  const isThere = [0.5, asked].includes(quantile) && patterns.every((pattern) => pattern.figure === figure);
  if (isThere) return [];
  return [
    figureColumn('objective', `${figure} ${quantileName(quantile)}`, ({ point }) =>
      latencyCell(point, figure, quantile, notes),
    ),
  ];
}

function latencyCell(
  point: SweepPoint,
  figure: SweptPattern['figure'],
  quantile: number,
  notes: Footnotes,
): Cell {
  const cell = cellOf(point, figure, quantile);
  if (!cell) return isMarked(point.valid, quantile) ? textCell('marked', { tone: 'bad' }) : EMPTY_CELL;
  if (cell.state === 'needs') return needsCell(cell, notes);
  const spread = spreadOf(seriesOf(point, figure), quantile);
  const below =
    spread.state === 'known' && spread.quantile === quantile
      ? formatRangeUs(spread.lowUs, spread.highUs, cell.valueUs)
      : null;
  return figureCell(cell.valueUs, 'us', { below });
}

/** Share of the due calls. */
function inTimeCell({ goodputPerS, ratePerS }: SweepPoint): Cell {
  if (goodputPerS === null) return EMPTY_CELL;
  const share = Math.min(1, goodputPerS / ratePerS);
  return shareCell(share, {
    below: share < 1 ? formatRate(goodputPerS) : null,
    tone: share < LOAD_LIMITS.share ? 'bad' : 'plain',
  });
}

function growthCell({ growthPerS }: SweepPoint): Cell {
  if (growthPerS === null) return EMPTY_CELL;
  const perS = Math.round(growthPerS);
  const sign = perS > 0 ? '+' : perS < 0 ? '−' : '';
  return textCell(`${sign}${formatCount(Math.abs(perS))}/s`, { value: growthPerS, unit: 'per-s' });
}

function foundCell({ state, limit, trials, valid }: SweepPoint): Cell {
  const of = valid.length < trials ? `${valid.length} of ${trials} valid` : null;
  if (state === 'sustained') return textCell('sustained', { below: of });
  return textCell(limit ?? state, { tone: state === 'saturated' ? 'bad' : 'weak', below: of });
}
