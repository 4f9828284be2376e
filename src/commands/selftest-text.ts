import type { ChalkInstance } from 'chalk';
import { wrapped } from '../reporters/wrap.ts';
import type { SelftestReport } from '../run/selftest.ts';

/** What was planted beside what was reported, check by check; the verdict first. */
export function selftestText({ checks }: SelftestReport, width: number, ink: ChalkInstance): string {
  const passed = checks.filter((check) => check.passed).length;
  const verdict = `${passed} of ${checks.length} checks found what was planted.`;
  const blocks = checks.map(({ name, planted, reported, tolerance, passed: ok, note }) => {
    const line = (label: string, text: string) =>
      wrapped(`    ${label.padEnd(10)}${text}`, width, ' '.repeat(14));
    return [
      `${ok ? ink.green('✓') : ink.red('✗')} ${ink.bold(name)}`,
      line('planted', planted),
      line('reported', reported),
      ...(tolerance === '' ? [] : [line('tolerance', tolerance)]),
      ...(note === undefined ? [] : [line('note', note)]),
    ].join('\n');
  });
  return `${ink.bold(verdict)}\n\n${blocks.join('\n')}\n`;
}
