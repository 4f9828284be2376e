import { VALIDITY_RULES } from '../../measure/validity/validity.ts';
import { LOAD_RULES } from '../../measure/validity/load-verdict.ts';
import type { RecordKind } from '../definition.ts';
import { type CalibratedPattern, type Calibration, calibrationIn } from './found.ts';
import { type CalibrationRecord, calibrationSchema } from './record.ts';
import { formatMs, formatRangeUs, formatRate, formatUs } from '../../report/format.ts';
import type { Report } from '../../report/report.ts';
import { setupText } from '../../report/setup-text.ts';
import { CAPACITY_SHARE_LIMIT } from '../../analysis/patterns/capacity.ts';
import {
  type Cell,
  type Check,
  EMPTY_CELL,
  type Section,
  textCell,
  type Warning,
} from '../../report/view.ts';

export const calibrationKind: RecordKind<CalibrationRecord> = {
  schema: calibrationSchema,
  view: (one, file) => calibrationView(calibrationIn(one), file),
};

import { calibrationFindings, calibrationScreen } from './screen.ts';

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
      title: 'No-op baseline and highest sustained rate of every pattern on this machine',
      about: [
        `Against a service that does nothing, seed ${record.seed}, budget ${formatMs(record.budgetMs)}`,
        `State: ${record.state}, started ${record.startedAt}`,
        ...setupText(record.environment, record.brokers),
      ],
      file,
      explanations: [],
      howToRead: [
        'No-op baseline: the response time at 100/s, the median of all trials together, below it the range of the trials: no pattern over this transport is faster here.',
        'Sustained up to: the highest constant rate, open loop, at which two of three short trials were valid and sustained and their backlog did not grow. Not sustained: the lowest rate above it that was not, and the limiting factor: the pattern (saturated) or the generator.',
        'Closed loop: another tool against the same service, its next request sent when the last is answered; an independent check of how far HTTP goes here. It has no schedule to keep, and may go further.',
        `Reports of this machine show these figures; a pattern whose rate is above ${100 * CAPACITY_SHARE_LIMIT} % of its capacity is marked.`,
      ],
      fairness: record.calibrated.map(({ pattern }) => ({
        title: pattern.title,
        facts: [['client', pattern.client], ...Object.entries(pattern.fairness)] as const,
      })),
      rules: [...VALIDITY_RULES, ...LOAD_RULES],
      checks: record.calibrated.map(checkOf),
    },
  };
}

function findingsOf({ calibrated: patterns, state }: Calibration): string[] {
  const known = patterns.flatMap(({ pattern, sustainedRate }) =>
    sustainedRate?.sustainedPerS == null
      ? []
      : [`${pattern.title} ${formatRate(sustainedRate.sustainedPerS)}`],
  );
  return [
    known.length === 0
      ? 'No sustained rate could be measured.'
      : `Sustained here, against a service that does nothing: ${known.join(', ')}.`,
    ...(state === 'interrupted' ? ['Ended early: these are the results so far.'] : []),
  ];
}

function section({ calibrated: patterns }: Calibration): Section {
  return {
    id: 'rows',
    title: 'No-op baseline and highest sustained rate',
    columns: [
      { id: 'no-op', title: 'No-op p50', align: 'right' },
      { id: 'sustained', title: 'Sustained up to', align: 'right' },
      { id: 'not-sustained', title: 'Not sustained', align: 'right' },
      { id: 'limit', title: 'Limited by', align: 'left' },
      { id: 'closed-loop', title: 'Closed loop', align: 'right' },
      { id: 'at', title: 'On', align: 'left' },
    ],
    rows: patterns.map((pattern) => ({
      pattern: pattern.pattern.id,
      title: pattern.pattern.title,
      part: null,
      cells: [
        noopCell(pattern),
        rateCell(
          pattern.sustainedRate?.sustainedPerS,
          pattern.sustainedRate?.isWhole === false ? 'or above' : null,
        ),
        rateCell(pattern.sustainedRate?.notSustainedPerS, null),
        pattern.sustainedRate?.limit == null ? EMPTY_CELL : textCell(pattern.sustainedRate.limit),
        rateCell(pattern.closedLoop?.perS, pattern.closedLoop?.tool ?? null),
        pattern.at === null ? EMPTY_CELL : textCell(pattern.at.slice(0, 10)),
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

function warningsOf({ calibrated: patterns }: Calibration): Warning[] {
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

/** Whether a pattern was measured. */
function checkOf({ pattern, sustainedRate, why }: CalibratedPattern): Check {
  const perS = sustainedRate?.sustainedPerS;
  const isKnown = perS != null;
  return {
    suite: pattern.title,
    name: 'measured',
    state: isKnown ? 'passed' : 'skipped',
    verdict: isKnown ? 'measured' : 'not measured',
    text: isKnown ? `sustained ${formatRate(perS)}` : (why ?? 'no rate was sustained'),
  };
}
