import { VALIDITY_RULES } from '../../measure/validity/validity.ts';
import { LOAD_RULES } from '../../measure/validity/load-verdict.ts';
import type { CalibratedPattern, Calibration } from '../../record/calibration-record.ts';
import { formatMs, formatRangeUs, formatRate, formatUs } from '../format.ts';
import { setupText } from '../setup-text.ts';
import type { Report } from '../report.ts';
import { CAPACITY_SHARE_LIMIT } from '../tables/cost.ts';
import { type Cell, EMPTY_CELL, type Section, textCell, type Warning } from '../view.ts';

/** Everything that is printed of a calibration, whatever the format. */
export function calibrationView(record: Calibration, file: string | null = null): Report {
  return {
    findings: findingsOf(record),
    tables: [section(record)],
    charts: [],
    caveats: { warnings: warningsOf(record), footnotes: [] },
    meta: {
      title: 'No-op baseline and highest sustained rate of every row on this machine',
      about: [
        `Against a service that does nothing, seed ${record.seed}, budget ${formatMs(record.budgetMs)}`,
        `State: ${record.state}, started ${record.startedAt}`,
        ...setupText(record.environment, record.brokers),
      ],
      file,
      explanations: [],
      howToRead: [
        "No-op baseline: the response time at 100/s, the median of all trials together, below it the trials' own: no row of this transport is faster here.",
        'Sustained up to: the highest constant rate, open loop, at which two of three short trials were valid and sustained and their backlog did not grow. Not sustained: the lowest above it that was not, and why: the row (saturated), or the generator, of which a faster row may be the limit.',
        'Closed loop: another tool against the same service, its next request sent when the last is answered; an independent check of how far HTTP goes here. It has no schedule to keep, and may go further.',
        `Reports of this machine show these figures; a row whose rate is above ${100 * CAPACITY_SHARE_LIMIT} % of its capacity says so.`,
      ],
      fairness: record.patterns.map(({ pattern }) => ({
        title: pattern.title,
        facts: [['client', pattern.client], ...Object.entries(pattern.fairness)] as const,
      })),
      rules: [...VALIDITY_RULES, ...LOAD_RULES],
    },
  };
}

function findingsOf({ patterns, state }: Calibration): string[] {
  const known = patterns.flatMap(({ pattern, sustainedRate }) =>
    sustainedRate?.sustainedPerS == null
      ? []
      : [`${pattern.title} ${formatRate(sustainedRate.sustainedPerS)}`],
  );
  return [
    known.length === 0
      ? 'No sustained rate could be measured.'
      : `Sustained here, against a service that does nothing: ${known.join(', ')}.`,
    ...(state === 'interrupted' ? ['Ended early: this is what is known so far.'] : []),
  ];
}

function section({ patterns }: Calibration): Section {
  return {
    id: 'rows',
    title: 'No-op baseline and highest sustained rate',
    columns: [
      { id: 'noop', title: 'No-op p50', align: 'right' },
      { id: 'sustained', title: 'Sustained up to', align: 'right' },
      { id: 'not-sustained', title: 'Not sustained', align: 'right' },
      { id: 'limit', title: 'As', align: 'left' },
      { id: 'closed-loop', title: 'Closed loop', align: 'right' },
      { id: 'at', title: 'On', align: 'left' },
    ],
    rows: patterns.map((row) => ({
      pattern: row.pattern.id,
      title: row.pattern.title,
      part: null,
      cells: [
        noopCell(row),
        rateCell(row.sustainedRate?.sustainedPerS, row.sustainedRate?.isWhole === false ? 'or above' : null),
        rateCell(row.sustainedRate?.notSustainedPerS, null),
        row.sustainedRate?.limit == null ? EMPTY_CELL : textCell(row.sustainedRate.limit),
        rateCell(row.closedLoop?.perS, row.closedLoop?.tool ?? null),
        row.at === null ? EMPTY_CELL : textCell(row.at.slice(0, 10)),
      ],
    })),
  };
}

function noopCell({ noop }: CalibratedPattern): Cell {
  if (!noop) return EMPTY_CELL;
  const below = noop.trials > 1 ? formatRangeUs(noop.lowUs, noop.highUs, noop.p50Us) : null;
  return textCell(formatUs(noop.p50Us), { value: noop.p50Us, unit: 'us', below });
}

function rateCell(perS: number | null | undefined, below: string | null): Cell {
  return perS == null ? EMPTY_CELL : textCell(formatRate(perS), { value: perS, unit: 'per-s', below });
}

function warningsOf({ patterns }: Calibration): Warning[] {
  const again =
    'commbench calibrate again, with nothing else on the machine; commbench doctor says what is missing.';
  return patterns.flatMap(({ pattern, why, closedLoop }) => [
    ...(why === null ? [] : [{ code: 'not-calibrated', text: `${pattern.title}: ${why}.`, hint: again }]),
    ...(closedLoop && closedLoop.failed > 0
      ? [
          {
            code: 'closed-loop-failed',
            text: `${pattern.title}: ${closedLoop.failed} requests of ${closedLoop.tool} failed: its rate says nothing.`,
            hint: again,
          },
        ]
      : []),
  ]);
}
