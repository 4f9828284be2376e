import { MEASUREMENT_RULES } from '../../measure/validity/judgement.ts';
import { LOAD_RULES } from '../../measure/validity/load-judgement.ts';
import type { CalibratedRow, Calibration } from '../../record/calibration-record.ts';
import { formatMs, formatRangeUs, formatRate, formatUs } from '../format.ts';
import { placeText } from '../place-text.ts';
import { CEILING_SHARE_LIMIT } from '../../analysis/patterns/ceiling.ts';
import type { Report } from '../report.ts';
import { calibrationFindings, calibrationScreen } from '../screen/calibration-screen.ts';
import { type Cell, type Check, EMPTY_CELL, type Section, textCell, type Warning } from '../view.ts';

/** Everything that is printed of a calibration, whatever the format. */
export function calibrationView(record: Calibration, file: string | null = null): Report {
  const warnings = warningsOf(record);
  return {
    findings: findingsOf(record),
    found: calibrationFindings(record),
    screen: calibrationScreen(record, warnings, file),
    tables: [section(record)],
    charts: [],
    caveats: { warnings, footnotes: [] },
    meta: {
      title: 'Floor and ceiling of every row on this machine',
      about: [
        `Against a service that does nothing, seed ${record.seed}, budget ${formatMs(record.budgetMs)}`,
        `State: ${record.state}, started ${record.startedAt}`,
        ...placeText(record.environment, record.brokers),
      ],
      file,
      explanations: [],
      howToRead: [
        "Floor: what the caller waits at 100/s, the median of all trials together, below it the trials' own: no row of this transport is faster here.",
        'Kept up to: the highest constant rate, open loop, at which two of three short trials were valid and sustained and their open work did not grow. Not kept: the lowest above it that was not, and why: the row (saturated), or the generator, of which a faster row may be the limit.',
        'Closed loop: another tool against the same service, its next request sent when the last is answered; an independent check of how far HTTP goes here. It has no schedule to keep, and may go further.',
        `Reports of this machine show these figures; a row whose rate is above ${100 * CEILING_SHARE_LIMIT} % of its ceiling says so.`,
      ],
      fairness: record.rows.map(({ pattern }) => ({
        title: pattern.title,
        facts: [['client', pattern.client], ...Object.entries(pattern.fairness)] as const,
      })),
      rules: [...MEASUREMENT_RULES, ...LOAD_RULES],
      checks: record.rows.map(checkOf),
    },
  };
}

function findingsOf({ rows, state }: Calibration): string[] {
  const known = rows.flatMap(({ pattern, ceiling }) =>
    ceiling?.keptPerS == null ? [] : [`${pattern.title} ${formatRate(ceiling.keptPerS)}`],
  );
  return [
    known.length === 0
      ? 'No ceiling could be measured.'
      : `Kept here, against a service that does nothing: ${known.join(', ')}.`,
    ...(state === 'interrupted' ? ['Ended early: this is what is known so far.'] : []),
  ];
}

function section({ rows }: Calibration): Section {
  return {
    id: 'rows',
    title: 'Floor and ceiling',
    columns: [
      { id: 'floor', title: 'Floor p50', align: 'right' },
      { id: 'kept', title: 'Kept up to', align: 'right' },
      { id: 'not-kept', title: 'Not kept', align: 'right' },
      { id: 'limit', title: 'As', align: 'left' },
      { id: 'closed-loop', title: 'Closed loop', align: 'right' },
      { id: 'at', title: 'On', align: 'left' },
    ],
    rows: rows.map((row) => ({
      pattern: row.pattern.id,
      title: row.pattern.title,
      part: null,
      cells: [
        floorCell(row),
        rateCell(row.ceiling?.keptPerS, row.ceiling?.isWhole === false ? 'or above' : null),
        rateCell(row.ceiling?.notKeptPerS, null),
        row.ceiling?.limit == null ? EMPTY_CELL : textCell(row.ceiling.limit),
        rateCell(row.closedLoop?.perS, row.closedLoop?.tool ?? null),
        row.at === null ? EMPTY_CELL : textCell(row.at.slice(0, 10)),
      ],
    })),
  };
}

function floorCell({ floor }: CalibratedRow): Cell {
  if (!floor) return EMPTY_CELL;
  const below = floor.trials > 1 ? formatRangeUs(floor.lowUs, floor.highUs, floor.p50Us) : null;
  return textCell(formatUs(floor.p50Us), { value: floor.p50Us, unit: 'us', below });
}

function rateCell(perS: number | null | undefined, below: string | null): Cell {
  return perS == null ? EMPTY_CELL : textCell(formatRate(perS), { value: perS, unit: 'per-s', below });
}

function warningsOf({ rows }: Calibration): Warning[] {
  const again =
    'commbench calibrate again, with nothing else on the machine; commbench doctor says what is missing.';
  return rows.flatMap(({ pattern, why, closedLoop }) => [
    ...(why === null ? [] : [{ code: 'not-calibrated', text: `${pattern.title}: ${why}.`, cure: again }]),
    ...(closedLoop && closedLoop.failed > 0
      ? [
          {
            code: 'closed-loop-failed',
            text: `${pattern.title}: ${closedLoop.failed} requests of ${closedLoop.tool} failed: its rate says nothing.`,
            cure: again,
          },
        ]
      : []),
  ]);
}

/** Whether a pattern was measured. */
function checkOf({ pattern, ceiling, why }: CalibratedRow): Check {
  const perS = ceiling?.keptPerS;
  const isKnown = perS != null;
  return {
    suite: pattern.title,
    name: 'measured',
    state: isKnown ? 'passed' : 'skipped',
    verdict: isKnown ? 'measured' : 'not measured',
    text: isKnown ? `sustained ${formatRate(perS)}` : (why ?? 'no rate was sustained'),
  };
}
