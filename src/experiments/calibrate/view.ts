import { VALIDITY_RULES } from '../../measure/validity/validity.ts';
import { LOAD_RULES } from '../../measure/validity/load-verdict.ts';
import type { RecordKind } from '../definition.ts';
import { type CalibratedPattern, type Calibration, calibrationIn } from './found.ts';
import { type CalibrationRecord, calibrationSchema } from './record.ts';
import { formatMs, formatRate, plural } from '../../report/format.ts';
import type { Report } from '../../report/report.ts';
import { brokerVersions, setupText } from '../../report/setup-text.ts';
import { SUSTAINED_SHARE_LIMIT } from '../../analysis/patterns/utilisation.ts';
import { moreOf } from '../../report/screen/more.ts';
import { BARE, type Screen } from '../../report/screen/screen.ts';
import type { Check, Section, Warning } from '../../report/view.ts';
import { calibrationFindings, calibrationSentences } from './findings.ts';
import { calibrationTable } from './table.ts';

export const calibrationKind: RecordKind<CalibrationRecord> = {
  schema: calibrationSchema,
  view: (one, file) => ({ ...calibrationView(calibrationIn(one), file), record: one }),
};

/** Everything that is printed of a calibration, whatever the format. */
export function calibrationView(record: Calibration, file: string | null = null): Report {
  const warnings = warningsOf(record);
  const table = calibrationTable(record);
  return {
    findings: calibrationSentences(record, warnings),
    found: calibrationFindings(record),
    screen: screenOf(record, table, file),
    tables: [table],
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
        'Highest sustained rate: the highest constant rate, open loop, at which two of three short trials were valid and sustained and their backlog did not grow. Not sustained: the lowest rate above it that was not, and the limiting factor: the pattern (saturated) or the load generator.',
        'Closed loop: another tool against the same service, its next request sent when the last is answered; an independent check of how far HTTP goes here. It has no schedule to keep, and may go further.',
        `Reports of this machine show these figures; a pattern whose rate is above ${100 * SUSTAINED_SHARE_LIMIT} % of its highest sustained rate is marked.`,
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

/** Without a table if no pattern was measured. */
function screenOf(record: Calibration, table: Section, file: string | null): Screen {
  const { calibrated, budgetMs, seed, brokers } = record;
  const ends = [`budget ${formatMs(budgetMs)}`, `seed ${seed}`, ...brokerVersions(brokers)];
  const isKnown = calibrated.some(({ noop, sustainedRate }) => noop || sustainedRate);
  return {
    ...BARE,
    run: `Calibration against a no-op service: ${plural(calibrated.length, 'pattern')}, ${ends.join(', ')}`,
    tables: isKnown ? [table] : [],
    more: moreOf(file),
  };
}

function warningsOf({ calibrated: patterns }: Calibration): Warning[] {
  const again = 'Calibrate again with nothing else on the machine; `commbench doctor` shows what is missing.';
  return patterns.flatMap(({ pattern, why, closedLoop }) => [
    ...(why === null ? [] : [{ code: 'not-calibrated', text: `${pattern.title}: ${why}.`, hint: again }]),
    ...(closedLoop && closedLoop.failed > 0
      ? [
          {
            code: 'closed-loop-failed',
            text: `${pattern.title}: ${plural(closedLoop.failed, 'request')} of ${closedLoop.tool} failed: its rate says nothing.`,
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
