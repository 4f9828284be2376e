import { spreadOf } from '../../measure/figures/percentile.ts';
import { LOAD_LIMITS } from '../../measure/validity/load-verdict.ts';
import type { Footnotes } from '../../report/footnotes.ts';
import { formatCount, formatRangeUs, formatRate, quantileName } from '../../report/format.ts';
import { isMarked } from '../../analysis/patterns/pattern-result.ts';
import { figureCell, needsCell, shareCell } from '../../report/cells.ts';
import { letterOf } from '../../report/charts/draw-points.ts';
import { type RowName, type TableColumn, tableOf } from '../../report/table.ts';
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
        {
          id: 'objective',
          title: `${objective.text} up to`,
          align: 'left',
          priority: 1,
          cell: (pattern) => metCell(pattern, objective),
        },
      ]
    : [];
  return tableOf(
    {
      id: 'patterns',
      title: 'Capacity of each pattern',
      nameOf: swept,
      columns: [
        {
          id: 'mark',
          title: 'Mark',
          align: 'left',
          priority: 3,
          cell: (pattern) => textCell(letterOf(patterns.indexOf(pattern))),
        },
        {
          id: 'figure',
          title: 'Latency of',
          align: 'left',
          cell: ({ figure }) => textCell(figure === 'response' ? 'reply' : 'completion'),
        },
        { id: 'knee', title: `Knee (${quantileName(quantile)})`, align: 'left', priority: 1, cell: kneeCell },
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
  {
    id: 'sustained',
    title: 'Highest sustained rate',
    priority: 1,
    cell: (pattern) => figureCell(sustainedUpTo(pattern), 'per-s'),
  },
  {
    id: 'saturated',
    title: 'Saturated from',
    priority: 2,
    cell: (pattern) => figureCell(saturatedFrom(pattern), 'per-s'),
  },
  { id: 'valid', title: 'Valid points', priority: 4, cell: validPoints },
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
        {
          id: 'rate',
          title: 'Rate',
          isLabel: true,
          cell: ({ point }) => figureCell(point.ratePerS, 'per-s'),
        },
        ...quantilesOf(record).map((q) => ({
          id: quantileName(q),
          title: quantileName(q),
          cell: ({ point, pattern: { figure } }: PointLine) => latencyCell(point, figure, q, notes),
        })),
        ...objectiveColumn(record, patterns, notes),
        { id: 'goodput', title: 'Within deadline', cell: ({ point }) => inTimeCell(point) },
        { id: 'growth', title: 'Backlog growth', cell: ({ point }) => growthCell(point) },
        { id: 'found', title: 'Verdict', align: 'left', cell: ({ point }) => foundCell(point) },
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
    {
      id: 'objective',
      title: `${figure} ${quantileName(quantile)}`,
      cell: ({ point }) => latencyCell(point, figure, quantile, notes),
    },
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
