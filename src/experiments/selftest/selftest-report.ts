import type { Finding } from '../../analysis/finding.ts';
import { plural } from '../../report/format.ts';
import type { Report } from '../../report/report.ts';
import { type ScreenColumn, screenTable } from '../../report/screen/screen-table.ts';
import type { Screen } from '../../report/screen/screen.ts';
import { type Cell, type Check, EMPTY_CELL, type Section, textCell } from '../../report/view.ts';
import type { SelftestCheck } from './check.ts';
import type { SelftestReport } from './selftest.ts';

const TITLE = 'Self-test of the instrument';

/** Everything that is printed of a self-test, whatever the format. */
export function reportOfSelftest({ checks }: SelftestReport): Report {
  const screen = screenOf(checks);
  return {
    findings: screen.findings,
    found: checks.map(findingOf),
    tables: [checksTable(checks)],
    charts: [],
    caveats: { warnings: [], footnotes: [] },
    screen,
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
  const rows = [...Map.groupBy(checks, ({ row }) => row)];
  const failed = checks.filter(({ verdict }) => verdict === 'failed');
  return {
    run: `${TITLE}: ${plural(rows.length, 'pattern')}, known delays, freezes and losses seeded`,
    tables: [patternsTable(rows)],
    chart: null,
    notes: failed.map(
      ({ row, name, seeded, reported }) => `✗ ${row}, ${name}: seeded ${seeded}, reported ${reported}`,
    ),
    warnings: checks
      .filter(({ verdict }) => verdict === 'not-run')
      .map(({ row, note }) => ({
        text: `${row} not run: ${note ?? 'no reason is known'}`,
        hint: '`commbench doctor` shows what is missing.',
      })),
    findings: [verdictText(checks)],
    scope: null,
    validity: null,
    more: 'commbench selftest --full, --format markdown|json|csv|junit',
  };
}

function verdictText(checks: readonly SelftestCheck[]): string {
  const ran = checks.filter(({ verdict }) => verdict !== 'not-run');
  const passed = ran.filter(({ verdict }) => verdict === 'passed').length;
  if (ran.length === 0) return 'No check could be run.';
  const failed = ran.length - passed;
  return failed === 0
    ? `All ${plural(ran.length, 'check')} passed: the instrument reports every seeded defect.`
    : `${failed} of ${plural(ran.length, 'check')} failed: do not trust these figures on this machine.`;
}

type Row = readonly [title: string, checks: readonly SelftestCheck[]];

function patternsTable(patterns: readonly Row[]): Section {
  const count =
    (verdict: SelftestCheck['verdict']) =>
    ([, checks]: Row) =>
      checks.filter((check) => check.verdict === verdict).length;
  const [passed, failed] = [count('passed'), count('failed')];
  const columns: ScreenColumn<Row>[] = [
    { id: 'passed', title: 'Passed', priority: 1, cell: (pattern) => countOf(passed(pattern), 'plain') },
    {
      id: 'failed',
      title: 'Failed',
      priority: 1,
      cell: (pattern) => countOf(failed(pattern), failed(pattern) > 0 ? 'bad' : 'plain'),
    },
    { id: 'checks', title: 'Checks', priority: 2, cell: ([, checks]) => countOf(checks.length, 'plain') },
  ];
  return screenTable(
    { id: 'patterns', title: '', head: 'Pattern', columns, nameOf: ([title]) => ({ pattern: title, title }) },
    patterns,
  );
}

function countOf(n: number, tone: Cell['tone']): Cell {
  return textCell(String(n), { value: n, unit: 'count', tone });
}

/** Check by check: what was seeded beside what was reported. */
function checksTable(checks: readonly SelftestCheck[]): Section {
  const left = (id: string, title: string) => ({ id, title, align: 'left' }) as const;
  const hasNotes = checks.some(({ note }) => note !== undefined);
  return {
    id: 'checks',
    title: TITLE,
    columns: [
      { ...left('check', 'Check'), isLabel: true },
      left('verdict', 'Verdict'),
      left('seeded', 'Seeded'),
      left('reported', 'Reported'),
      ...(hasNotes ? [left('note', 'Note')] : []),
    ],
    rows: checks.map(({ row, name, verdict, seeded, tolerance, reported, note }) => ({
      pattern: row,
      title: row,
      part: name,
      cells: [
        textCell(name),
        textCell(verdict.replace('-', ' '), { tone: verdict === 'failed' ? 'bad' : 'plain' }),
        verdict === 'not-run' ? EMPTY_CELL : textCell(`${seeded} (${tolerance})`),
        verdict === 'not-run' ? EMPTY_CELL : textCell(reported),
        ...(hasNotes ? [note === undefined ? EMPTY_CELL : textCell(note)] : []),
      ],
    })),
  };
}

const STATES = { passed: 'passed', failed: 'failed', 'not-run': 'skipped' } as const;

function checkOf({ row, name, verdict, seeded, reported, note }: SelftestCheck): Check {
  const text = [`seeded ${seeded}`, `reported ${reported}`, ...(note === undefined ? [] : [note])].join('; ');
  return { suite: row, name, state: STATES[verdict], verdict, text };
}

function findingOf({ row, name, verdict, seeded, reported, tolerance }: SelftestCheck): Finding {
  const terms = { pattern: row, name, seeded, reported, tolerance };
  return { code: 'selftest-check', subject: [], figures: [], verdict, terms, caveats: [] };
}
