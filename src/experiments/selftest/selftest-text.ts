import type { ChalkInstance } from 'chalk';
import { wrapped } from '../../report/text/wrap.ts';
import type { SelftestCheck } from './check.ts';
import type { SelftestReport } from './selftest.ts';

const MARKS = { passed: '✓', failed: '✗', 'not-run': '–' } as const;

/** The verdict, then row by row and check by check what was planted beside what was reported. */
export function selftestText({ checks }: SelftestReport, width: number, ink: ChalkInstance): string {
  const rows = [...Map.groupBy(checks, (check) => check.row)];
  const blocks = rows.map(([row, own]) =>
    [ink.bold(row), ...own.flatMap((check) => linesOf(check, width, ink))].join('\n'),
  );
  return `${[ink.bold(verdictOf(checks)), ...blocks].join('\n\n')}\n`;
}

function verdictOf(checks: readonly SelftestCheck[]): string {
  const ran = checks.filter(({ verdict }) => verdict !== 'not-run');
  const passed = ran.filter(({ verdict }) => verdict === 'passed').length;
  const idle = checks.filter(({ verdict }) => verdict === 'not-run').map(({ row }) => row);
  const found = `${passed} of ${ran.length} checks found their seeded defect.`;
  return idle.length === 0 ? found : `${found} Not run: ${[...new Set(idle)].join(', ')}.`;
}

function linesOf(check: SelftestCheck, width: number, ink: ChalkInstance): string[] {
  const color = { passed: ink.green, failed: ink.red, 'not-run': ink.yellow }[check.verdict];
  const line = (label: string, text: string | undefined) =>
    text === undefined ? [] : [wrapped(`      ${label.padEnd(10)}${text}`, width, ' '.repeat(16))];
  const head = `  ${color(MARKS[check.verdict])} ${check.name}`;
  const { note } = check;
  if (check.verdict === 'not-run') return [`${head}: not run`, ...line('why', note)];
  return [
    head,
    ...line('planted', `${check.seeded} (${check.tolerance})`),
    ...line('reported', check.reported),
    ...line('note', note),
  ];
}
