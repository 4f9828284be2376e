import { countCell } from '../../report/cells.ts';
import type { Finding } from '../../analysis/finding.ts';
import { plural } from '../../report/format.ts';
import type { Report } from '../../report/report.ts';
import { figureColumn, type TableColumn, tableOf, textColumn } from '../../report/table.ts';
import { BARE, type Screen } from '../../report/screen/screen.ts';
import {
  type Cell,
  type Check,
  EMPTY_CELL,
  type Section,
  textCell,
  type Warning,
} from '../../report/view.ts';
import type { SelftestCheck } from './check.ts';
import type { SelftestReport } from './selftest.ts';

const TITLE = 'Self-test of the instrument';

/** Everything that is printed of a self-test, whatever the format. */
export function reportOfSelftest({ checks }: SelftestReport): Report {
  return {
    findings: [selftestVerdict(checks)],
    found: checks.map(findingOf),
    tables: [checksTable(checks)],
    charts: [],
    caveats: { warnings: warningsOf(checks), footnotes: [] },
    screen: screenOf(checks),
    meta: {
      title: TITLE,
      about: [],
      file: null,
      explanations: [],
      howToRead: [],
      fairness: [],
      rules: [],
      checks: checks.map(checkOf),
    },
  };
}

function screenOf(checks: readonly SelftestCheck[]): Screen {
  const patterns = [...Map.groupBy(checks, ({ pattern }) => pattern)];
  const failed = checks.filter(({ verdict }) => verdict === 'failed');
  return {
    ...BARE,
    run: `${TITLE}: ${plural(patterns.length, 'pattern')}, known delays, freezes and losses seeded`,
    tables: [patternsTable(patterns)],
    notes: failed.map(
      ({ pattern, name, seeded, reported }) =>
        `✗ ${pattern}, ${name}: seeded ${seeded}, reported ${reported}`,
    ),
    more: 'commbench selftest --full, --format markdown|json|csv|junit',
  };
}

function warningsOf(checks: readonly SelftestCheck[]): Warning[] {
  return checks
    .filter(({ verdict }) => verdict === 'not-run')
    .map(({ pattern, note }) => ({
      code: 'not-run',
      text: `${pattern} was not run: ${note ?? 'no reason is known'}.`,
      hint: '`commbench doctor` shows what is missing.',
    }));
}

/** The one sentence of a self-test. */
function selftestVerdict(checks: readonly SelftestCheck[]): string {
  const ran = checks.filter(({ verdict }) => verdict !== 'not-run');
  const passed = ran.filter(({ verdict }) => verdict === 'passed').length;
  if (ran.length === 0) return 'No check could be run.';
  const failed = ran.length - passed;
  return failed === 0
    ? `All ${plural(ran.length, 'check')} passed: the instrument reports every seeded defect.`
    : `${failed} of ${plural(ran.length, 'check')} failed: do not trust these figures on this machine.`;
}

type CheckedPattern = readonly [title: string, checks: readonly SelftestCheck[]];

function patternsTable(patterns: readonly CheckedPattern[]): Section {
  const count =
    (verdict: SelftestCheck['verdict']) =>
    ([, checks]: CheckedPattern) =>
      checks.filter((check) => check.verdict === verdict).length;
  const [passed, failed] = [count('passed'), count('failed')];
  const columns: TableColumn<CheckedPattern>[] = [
    figureColumn('passed', 'Passed', (pattern) => countCell(passed(pattern)), { priority: 1 }),
    figureColumn(
      'failed',
      'Failed',
      (pattern) => countCell(failed(pattern), { tone: failed(pattern) > 0 ? 'bad' : 'plain' }),
      { priority: 1 },
    ),
    figureColumn('checks', 'Checks', ([, checks]) => countCell(checks.length), { priority: 2 }),
  ];
  return tableOf(
    { id: 'patterns', isCompared: true, columns, nameOf: ([title]) => ({ pattern: title, title }) },
    patterns,
  );
}

/** Check by check: the seeded defect beside the reported one. */
function checksTable(checks: readonly SelftestCheck[]): Section {
  const ran = (textOf: (check: SelftestCheck) => string) => (check: SelftestCheck) =>
    check.verdict === 'not-run' ? EMPTY_CELL : textCell(textOf(check));
  return tableOf<SelftestCheck>(
    {
      id: 'checks',
      title: TITLE,
      nameOf: ({ pattern }) => ({ pattern, title: pattern }),
      columns: [
        textColumn('check', 'Check', ({ name }) => textCell(name), { isLabel: true }),
        textColumn('verdict', 'Verdict', checkVerdictCell),
        textColumn(
          'seeded',
          'Seeded',
          ran(({ seeded, tolerance }) => `${seeded} (${tolerance})`),
        ),
        textColumn(
          'reported',
          'Reported',
          ran(({ reported }) => reported),
        ),
        textColumn('note', 'Note', ({ note }) => textCell(note ?? EMPTY_CELL.text), { isOptional: true }),
      ],
    },
    checks,
  );
}

function checkVerdictCell({ verdict }: SelftestCheck): Cell {
  return textCell(verdict.replace('-', ' '), { tone: verdict === 'failed' ? 'bad' : 'plain' });
}

const STATES = { passed: 'passed', failed: 'failed', 'not-run': 'skipped' } as const;

function checkOf({ pattern, name, verdict, seeded, reported, note }: SelftestCheck): Check {
  const text = [`seeded ${seeded}`, `reported ${reported}`, ...(note === undefined ? [] : [note])].join('; ');
  return { suite: pattern, name, state: STATES[verdict], verdict, text };
}

function findingOf({ pattern, name, verdict, seeded, reported, tolerance }: SelftestCheck): Finding {
  const terms = { pattern, name, seeded, reported, tolerance };
  return { code: 'selftest-check', subject: [], figures: [], verdict, terms, caveats: [] };
}
