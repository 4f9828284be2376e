import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeResult } from '../../src/record/store.ts';
import { abRecordOf, armResults } from '../support/records/arms.ts';
import { contractResult } from '../support/records/contract-changes.ts';
import { screenRecords } from '../support/screens/records.ts';
import { inTerminal, type TerminalSize } from '../support/screens/terminal.ts';
import { toldResult } from '../support/fault-results.ts';

const WIDE: TerminalSize = { columns: 120, rows: 40 };
const USUAL: TerminalSize = { columns: 80, rows: 24 };
const ROOT = path.resolve(import.meta.dirname, '../..');
/** Measured, and of the kinds that most users look at first: results/examples. */
const MEASURED = ['pattern-comparison', 'circuit-breaker', 'cascade'];

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-screens-'));
  for (const [name, record] of Object.entries(await screenRecords())) writeResult(at(name), record);
  for (const name of MEASURED) cpSync(path.join(ROOT, `results/examples/${name}.json`), at(name));
  writeResult(at('contract'), await contractResult());
  writeResult(at('ab'), abRecordOf(armResults({ pairs: 10, factor: 1.3 })));
  const harmed = { correct: { createUser: 0, getUser: 0.2 } };
  const spared = { correct: { createUser: 0 } };
  writeResult(at('hang'), await toldResult('hang', ({ variant }) => (variant === 'none' ? harmed : spared)));
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string) => path.join(folder, `${name}.json`);

interface Screen {
  readonly name: string;
  readonly args: readonly string[];
  /** What the last lines of the smaller terminal hold. */
  readonly last: readonly RegExp[];
}

const RESULT = /^Result: /;
const VALID = /^\d+ of \d+ trials? valid/;
const report = (name: string, ...last: RegExp[]): Screen => {
  return { name, args: ['report', `${name}.json`], last: [...last, RESULT] };
};

const ALL: readonly Screen[] = [
  report('guides', /^If the caller needs a response: REST \(/, /^Holds for: one host/, VALID),
  report(
    'guides-noisy',
    /^If the caller needs a response: REST \(/,
    /^\d+ of \d+ trials valid; 5 on a noisy host/,
  ),
  report('guides-unjudged', /^If the caller needs a response: no recommendation: 2 of 3/, VALID),
  report('latency', /^Completes soonest: REST/, /^Tolerates consumer downtime: Message queue/, VALID),
  report('variants', /^Completes soonest at 100 B: REST/, VALID),
  report(
    'target',
    /^Target +p50 +p90 +p95 +p99 +req\/s/,
    /^Status +ok +error 500 +timeout/,
    /^REST target +1,164 +32 +4/,
    VALID,
  ),
  report(
    'operations',
    /^Status +Operation +200 +201 +error 404/,
    / flow\/2 +102 +– +18/,
    /^✗ REST target: flow\/2: failures < 1%/,
    VALID,
  ),
  report('thresholds', /^Thresholds: 1 missed/, /^✗ REST: rest: response p99 < 1ms: 1\.93 ms/, VALID),
  report('troubled', /no recommendation: 1 of 3 measured/, / {2}and 2 more/, VALID),
  report('faults', /^Success rate during fault/, /^Timeout \+ retry +0\.0 % \(100 %\)/, VALID),
  report('cases', /^Success rate falls with Timeout \+ retry/, VALID),
  report('contract', /^Silently stored otherwise with field renamed: Message queue/, VALID),
  report('unreachable', /^No results: server unreachable \(connection refused\)/),
  report('interrupted', /^No results: interrupted before the first trial finished/),
  report('sweep', /grows faster than load from: REST/, VALID),
  report('crossover', /is faster than REST above/),
  report('calibration', /^Highest sustained rate against a no-op service: gRPC/),
  ...MEASURED.map((name) => report(name, VALID)),
  {
    name: 'compare',
    args: ['compare', 'ab.json'],
    last: [/^Regressed: REST response p50 1\.30×/, /^REST +regressed/],
  },
  { name: 'claims', args: ['claims', 'hang.json'], last: [/^\d+ of \d+ testable claims decided/] },
  {
    name: 'selftest-not-run',
    args: ['selftest', '--patterns', 'queue', '--skip-brokers', '--quiet'],
    last: [/^No check could be run/],
  },
];

describe.each(ALL)('$name', ({ name, args, last }) => {
  const shown = (size: TerminalSize) => {
    const screen = inTerminal(args, size, { cwd: folder, env: { NO_COLOR: '1' } });
    // What is refused has no screen.
    expect(screen.raw).not.toMatch(/^commbench: /m);
    return screen;
  };
  test('120 × 40: everything that decides', async () => {
    const { lines } = shown(WIDE);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`../golden/screens/120x40/${name}.txt`);
    expect(lines.length).toBeLessThanOrEqual(39);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  });
  test('80 × 24: what stands on the last screen decides', async () => {
    const { lines } = shown(USUAL);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`../golden/screens/80x24/${name}.txt`);
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    // The prompt takes a line.
    const visible = lines.slice(-23);
    for (const pattern of last) expect(visible).toContainEqual(expect.stringMatching(pattern));
  });
});

test.each(['pattern-comparison', 'circuit-breaker'])('README shows what %s prints', (name) => {
  const file = `results/examples/${name}.json`;
  const { lines } = inTerminal(['report', file], WIDE, { cwd: ROOT, env: { NO_COLOR: '1' } });
  expect(readFileSync(path.join(ROOT, 'README.md'), 'utf8')).toContain(lines.join('\n'));
});

test('a target of one’s own takes 15 lines', () => {
  const { lines } = inTerminal(['report', 'target.json'], WIDE, { cwd: folder });
  expect(lines.length).toBeLessThanOrEqual(15);
});

test('a colour has one meaning: red is worse than it should be, green is confirmed, yellow is a warning', () => {
  const { raw } = inTerminal(['report', 'guides.json'], WIDE, { cwd: folder });
  // The escape character has no place in a pattern.
  const painted = [...raw.replaceAll('\u001B', '␛').matchAll(/␛\[(3[123])m([^␛]*)␛/g)].map(
    ([, code, text]) => [code, text!.trim()],
  );
  const of = (code: string) => new Set(painted.filter(([own]) => own === code).map(([, text]) => text));
  expect(of('31')).toEqual(new Set(['low → medium or high']));
  expect([...of('32')].filter((text) => of('31').has(text))).toEqual([]);
});

test('--full is the whole report', () => {
  const { lines } = inTerminal(['report', 'guides.json', '--full'], WIDE, { cwd: folder });
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.at(-1)).toBe('Result file: guides.json');
});
