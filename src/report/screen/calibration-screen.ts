import type { Finding } from '../../analysis/finding.ts';
import type { CalibratedRow, Calibration } from '../../record/calibration-record.ts';
import { formatMs, formatRangeUs, formatRate, formatUs, plural } from '../format.ts';
import { type Cell, EMPTY_CELL, textCell, type Warning } from '../view.ts';
import type { Screen } from './screen.ts';
import { type ScreenColumn, screenTable } from './screen-table.ts';
import { moreOf } from './more.ts';
import { screenWarnings } from './warnings.ts';

/** The screen of a calibration: no-op baseline and capacity of each pattern on this machine. */
export function calibrationScreen(
  record: Calibration,
  warnings: readonly Warning[],
  file: string | null,
): Screen {
  const { rows, budgetMs, seed } = record;
  const known = rows.filter(({ floor, ceiling }) => floor || ceiling);
  return {
    run: `Calibration against a no-op service: ${plural(rows.length, 'pattern')}, budget ${formatMs(budgetMs)}, seed ${seed}`,
    tables:
      known.length === 0
        ? []
        : [
            screenTable(
              {
                id: 'calibration',
                title: '',
                head: 'Pattern',
                columns: COLUMNS,
                nameOf: ({ pattern }) => ({ pattern: pattern.id, title: pattern.title }),
              },
              rows,
            ),
          ],
    chart: null,
    notes: [],
    warnings: screenWarnings(warnings),
    findings: wordsOf(record, warnings),
    scope: null,
    validity: null,
    more: moreOf(file),
  };
}

const LIMIT_WORDS: Readonly<Record<string, string>> = {
  'generator-bound': 'load generator late',
  disturbed: 'noisy host',
};

const COLUMNS: readonly ScreenColumn<CalibratedRow>[] = [
  { id: 'baseline-p50', title: 'No-op baseline p50', priority: 1, cell: baselineCell },
  { id: 'sustained', title: 'Highest sustained rate', priority: 1, cell: sustainedCell },
  {
    id: 'not-sustained',
    title: 'Not sustained',
    priority: 3,
    cell: ({ ceiling }) => rateCell(ceiling?.notKeptPerS),
  },
  { id: 'limit', title: 'Limited by', align: 'left', priority: 2, cell: limitCell },
  {
    id: 'closed-loop',
    title: 'Closed-loop capacity',
    priority: 4,
    cell: ({ closedLoop }) => rateCell(closedLoop?.perS),
  },
  {
    id: 'on',
    title: 'Measured on',
    align: 'left',
    priority: 5,
    cell: ({ at }) => (at === null ? EMPTY_CELL : textCell(at.slice(0, 10))),
  },
];

function baselineCell({ floor }: CalibratedRow): Cell {
  if (!floor) return EMPTY_CELL;
  const { p50Us, lowUs, highUs, trials } = floor;
  const below = trials > 1 ? formatRangeUs(lowUs, highUs, p50Us) : null;
  return textCell(formatUs(p50Us), {
    value: p50Us,
    unit: 'us',
    below,
    interval: { low: lowUs, high: highUs },
  });
}

function sustainedCell({ ceiling }: CalibratedRow): Cell {
  return { ...rateCell(ceiling?.keptPerS), below: ceiling?.isWhole === false ? 'or above' : null };
}

function rateCell(perS: number | null | undefined): Cell {
  return perS == null ? EMPTY_CELL : textCell(formatRate(perS), { value: perS, unit: 'per-s' });
}

function limitCell({ ceiling }: CalibratedRow): Cell {
  const limit = ceiling?.limit;
  return limit == null ? EMPTY_CELL : textCell(LIMIT_WORDS[limit] ?? limit);
}

/** Baseline and capacity, as data. */
export function calibrationFindings({ rows }: Calibration): Finding[] {
  return rows.map(({ pattern, floor, ceiling }) => ({
    code: 'capacity',
    subject: [{ kind: 'pattern', id: pattern.id }],
    figures: [
      floor
        ? {
            name: 'no-op-baseline-p50',
            value: floor.p50Us,
            unit: 'us',
            interval: { low: floor.lowUs, high: floor.highUs },
          }
        : { name: 'no-op-baseline-p50', value: null, unit: 'us' },
      { name: 'highest-sustained-rate', value: ceiling?.keptPerS ?? null, unit: 'per-s' },
    ],
    verdict: ceiling?.isWhole === false ? 'at-least' : 'known',
    caveats: [],
  }));
}

function wordsOf({ rows, state }: Calibration, warnings: readonly Warning[]): string[] {
  const known = rows.flatMap(({ pattern, ceiling }) =>
    ceiling?.keptPerS == null ? [] : [`${pattern.title} ${formatRate(ceiling.keptPerS)}`],
  );
  return [
    known.length === 0
      ? `No results: ${warnings[0]?.text ?? 'no rate could be measured.'}`
      : `Highest sustained rate against a no-op service: ${known.join(', ')}.`,
    ...(state === 'interrupted' ? ['Interrupted: these are the patterns that were finished.'] : []),
  ];
}
