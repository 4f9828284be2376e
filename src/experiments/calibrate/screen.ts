import type { Finding } from '../../analysis/finding.ts';
import type { CalibratedPattern, Calibration } from './found.ts';
import { formatMs, formatRangeUs, formatRate, formatUs, plural } from '../../report/format.ts';
import { type Cell, EMPTY_CELL, textCell, type Warning } from '../../report/view.ts';
import type { Screen } from '../../report/screen/screen.ts';
import { type ScreenColumn, screenTable } from '../../report/screen/screen-table.ts';
import { moreOf } from '../../report/screen/more.ts';
import { screenWarnings } from '../../report/screen/warnings.ts';

/** The screen of a calibration: no-op baseline and capacity of each pattern on this machine. */
export function calibrationScreen(
  record: Calibration,
  warnings: readonly Warning[],
  file: string | null,
): Screen {
  const { calibrated: patterns, budgetMs, seed } = record;
  const known = patterns.filter(({ noop, sustainedRate }) => noop || sustainedRate);
  return {
    run: `Calibration against a no-op service: ${plural(patterns.length, 'pattern')}, budget ${formatMs(budgetMs)}, seed ${seed}`,
    tables:
      known.length === 0
        ? []
        : [
            screenTable(
              {
                id: 'calibration',
                title: '',
                head: 'Pattern',
                columns: columnsOf(record),
                nameOf: ({ pattern }) => ({ pattern: pattern.id, title: pattern.title }),
              },
              patterns,
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

const COLUMNS: readonly ScreenColumn<CalibratedPattern>[] = [
  { id: 'baseline-p50', title: 'No-op baseline p50', priority: 1, cell: baselineCell },
  { id: 'sustained', title: 'Highest sustained rate', priority: 1, cell: sustainedCell },
  {
    id: 'not-sustained',
    title: 'Not sustained',
    priority: 3,
    cell: ({ sustainedRate }) => rateCell(sustainedRate?.notSustainedPerS),
  },
  { id: 'limit', title: 'Limited by', align: 'left', priority: 2, cell: limitCell },
  {
    id: 'closed-loop',
    title: 'Closed-loop capacity',
    priority: 4,
    cell: ({ closedLoop }) => rateCell(closedLoop?.perS),
  },
];

function columnsOf({ startedAt }: Calibration): ScreenColumn<CalibratedPattern>[] {
  return [
    ...COLUMNS,
    {
      id: 'on',
      title: 'Measured on',
      align: 'left',
      priority: 5,
      cell: ({ at }) => dayCell(at, startedAt),
    },
  ];
}

/** Of what an earlier calibration measured. */
function dayCell(at: string | null, startedAt: string): Cell {
  const day = at?.slice(0, 10);
  return day === undefined || day === startedAt.slice(0, 10) ? EMPTY_CELL : textCell(day);
}

function baselineCell({ noop }: CalibratedPattern): Cell {
  if (!noop) return EMPTY_CELL;
  const { p50Us, lowUs, highUs, trials } = noop;
  const below = trials > 1 ? formatRangeUs(lowUs, highUs, p50Us) : null;
  return textCell(formatUs(p50Us), {
    value: p50Us,
    unit: 'us',
    below,
    interval: { low: lowUs, high: highUs },
  });
}

function sustainedCell({ sustainedRate }: CalibratedPattern): Cell {
  return {
    ...rateCell(sustainedRate?.sustainedPerS),
    below: sustainedRate?.isWhole === false ? 'or above' : null,
  };
}

function rateCell(perS: number | null | undefined): Cell {
  return perS == null ? EMPTY_CELL : textCell(formatRate(perS), { value: perS, unit: 'per-s' });
}

function limitCell({ sustainedRate }: CalibratedPattern): Cell {
  const limit = sustainedRate?.limit;
  return limit == null ? EMPTY_CELL : textCell(LIMIT_WORDS[limit] ?? limit);
}

/** Baseline and capacity, as data. */
export function calibrationFindings({ calibrated: patterns }: Calibration): Finding[] {
  return patterns.map(({ pattern, noop, sustainedRate }) => ({
    code: 'capacity',
    subject: [{ kind: 'pattern', id: pattern.id }],
    figures: [
      noop
        ? {
            name: 'no-op-baseline-p50',
            value: noop.p50Us,
            unit: 'us',
            interval: { low: noop.lowUs, high: noop.highUs },
          }
        : { name: 'no-op-baseline-p50', value: null, unit: 'us' },
      { name: 'highest-sustained-rate', value: sustainedRate?.sustainedPerS ?? null, unit: 'per-s' },
    ],
    verdict: sustainedRate?.isWhole === false ? 'at-least' : 'known',
    caveats: [],
  }));
}

function wordsOf({ calibrated: patterns, state }: Calibration, warnings: readonly Warning[]): string[] {
  const known = patterns.flatMap(({ pattern, sustainedRate }) =>
    sustainedRate?.sustainedPerS == null
      ? []
      : [`${pattern.title} ${formatRate(sustainedRate.sustainedPerS)}`],
  );
  return [
    known.length === 0
      ? `No results: ${warnings[0]?.text ?? 'no rate could be measured.'}`
      : `Highest sustained rate against a no-op service: ${known.join(', ')}.`,
    ...(state === 'interrupted' ? ['Interrupted: these are the patterns that were finished.'] : []),
  ];
}
