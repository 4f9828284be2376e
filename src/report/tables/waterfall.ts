import type { Nanoseconds } from '../../kernel/clock.ts';
import { quantileCell } from '../../measure/figures/percentile.ts';
import {
  mergeWaterfalls,
  nearQuantile,
  type NearQuantile,
  type Waterfall,
  WATERFALL_STAGES,
  type WaterfallStage,
} from '../../measure/figures/waterfall.ts';
import { timeCell } from '../cells.ts';
import type { Footnotes } from '../footnotes.ts';
import { plural, quantileName } from '../format.ts';
import { isMarked, type PatternResult } from '../../analysis/patterns/pattern-result.ts';
import { figureColumn, lineRow, type TableColumn, tableOf, textColumn } from '../table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { MARKED } from './latency.ts';

export const WATERFALL_QUANTILES = [0.5, 0.99, 0.999] as const;
const BAR_WIDTH = 24;

/** Glyph of a stage in a bar, and its column. */
const STAGES: Readonly<Record<WaterfallStage, { glyph: string; title: string; means: string }>> = {
  lag: { glyph: '!', title: 'Dispatch lag', means: 'sent late' },
  pool: { glyph: ':', title: 'Pool wait', means: 'waits for a connection' },
  there: { glyph: '>', title: 'Request path', means: 'request path: client, wire and broker' },
  queue: { glyph: '░', title: 'Queue', means: 'waits for the service to be free' },
  handler: { glyph: '█', title: 'Handler', means: 'is processed' },
  back: { glyph: '<', title: 'Reply path', means: 'reply path' },
};

export const STAGE_TITLES = Object.fromEntries(
  WATERFALL_STAGES.map((stage) => [stage, STAGES[stage].title]),
) as Readonly<Record<WaterfallStage, string>>;

const LEGEND = WATERFALL_STAGES.map((stage) => `${STAGES[stage].glyph} ${STAGES[stage].means}`).join(', ');

/** Requests near a percentile. */
export interface WaterfallLine {
  readonly pattern: PatternResult;
  readonly waterfall: Waterfall;
  readonly quantile: number;
  readonly near: NearQuantile;
}

/** Mean stages of the requests near each percentile; empty where none was observed. */
export function waterfallSection(patterns: readonly PatternResult[], notes: Footnotes): Section {
  return tableOf<WaterfallLine>(
    {
      id: 'waterfall',
      title: `Waterfall: mean stages of the requests near a percentile (${LEGEND})`,
      isDetail: true,
      nameOf: ({ pattern }) => lineRow(pattern),
      columns: [
        textColumn('near', 'Near', (line) => quantileLabel(line, notes), { isLabel: true }),
        figureColumn('whole', 'Needs', (line) => wholeCell(line, notes)),
        textColumn('bar', 'Stages', ({ near }) => textCell(bar(near), { unit: 'graph' })),
        ...WATERFALL_STAGES.map((stage): TableColumn<WaterfallLine> => {
          return figureColumn(stage, STAGES[stage].title, (line) => stageCell(stage, line, notes));
        }),
      ],
    },
    patterns.flatMap(waterfallLines),
  );
}

export function waterfallLines(pattern: PatternResult): WaterfallLine[] {
  const waterfall = mergeWaterfalls(pattern.trials.latency.flatMap((trial) => trial.waterfall ?? []));
  if (!waterfall) return [];
  const series = pattern.series[waterfall.of].merged;
  return WATERFALL_QUANTILES.flatMap((quantile): WaterfallLine[] => {
    // A percentile that is not known has no requests near it either.
    if (!series || quantileCell(series, quantile).state !== 'known') return [];
    const near = nearQuantile(waterfall, quantile);
    return near ? [{ pattern, waterfall, quantile, near }] : [];
  });
}

function quantileLabel({ pattern, quantile }: WaterfallLine, notes: Footnotes): Cell {
  const marks = isMarked(pattern.trials.latency, quantile) ? [notes.mark(MARKED)] : [];
  return textCell(quantileName(quantile), { marks });
}

const UNTIL_DONE = 'Until completion: the sender has had its confirm meanwhile.';
const WITH_UNSEEN = 'Includes earlier stages that were not observed: for a target, all of its work.';
const NOT_OBSERVED = 'Not observed: its end is unknown, so it is part of the next observed stage.';

function wholeCell({ waterfall: { of, excluded }, near }: WaterfallLine, notes: Footnotes): Cell {
  const marks = [
    ...(of === 'completion' ? [notes.mark(UNTIL_DONE)] : []),
    ...(excluded > 0 ? [notes.mark(excludedText(excluded))] : []),
  ];
  return timeCell(near.wholeNs, { marks, below: plural(near.requests, 'call') });
}

function excludedText(n: number): string {
  return `${plural(n, 'call')} excluded: instants are missing or out of order.`;
}

function stageCell(
  stage: WaterfallStage,
  { waterfall: { of }, near: { stages } }: WaterfallLine,
  notes: Footnotes,
): Cell {
  const seen = stages.find((one) => one.stage === stage);
  if (seen) {
    const before = WATERFALL_STAGES[WATERFALL_STAGES.indexOf(stage) - 1];
    const isMore = before !== undefined && !stages.some((one) => one.stage === before);
    return { ...shortTimeCell(seen.meanNs), marks: isMore ? [notes.mark(WITH_UNSEEN)] : [] };
  }
  if (of === 'completion' && stage === 'back') return EMPTY_CELL;
  return textCell('not observed', { tone: 'weak', marks: [notes.mark(NOT_OBSERVED)] });
}

/** Less than the two decimals of a cell show. */
const LEAST_SHOWN_NS = 5000;

function shortTimeCell(ns: Nanoseconds): Cell {
  return timeCell(ns, ns > 0 && ns < LEAST_SHOWN_NS ? { text: '<0.01 ms' } : {});
}

/** Always of one width: the rest of rounding down goes to the stages that lost most by it. */
function bar({ wholeNs, stages }: NearQuantile): string {
  const exact = stages.map(({ stage, meanNs }) => ({ stage, width: (BAR_WIDTH * meanNs) / wholeNs }));
  const left = BAR_WIDTH - exact.reduce((sum, { width }) => sum + Math.floor(width), 0);
  const widened = new Set(exact.toSorted((a, b) => (b.width % 1) - (a.width % 1)).slice(0, left));
  return exact
    .map((one) => STAGES[one.stage].glyph.repeat(Math.floor(one.width) + Number(widened.has(one))))
    .join('');
}
