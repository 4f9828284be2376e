import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { VALIDITY_LIMITS } from '../src/measure/validity/validity.ts';
import { LOAD_LIMITS } from '../src/measure/validity/load-verdict.ts';
import { describeEnvironment } from '../src/record/environment.ts';
import { openCheckout } from './checkout.ts';
import {
  type Case,
  CASES,
  DURATION_MS,
  isAsExpected,
  type Seen,
  CONCURRENCY,
  STOPPED,
} from './verdicts/cases.ts';
import type * as Provoke from './verdicts/provoke.ts';

/**
 * `npm run prove -- verdicts [COUNT] [CASE ...] [--series NAME]`: each verdict provoked by its real cause, COUNT (20)
 * times of COUNT. Every trial since the first is a numbered line of the evidence, whatever came of it; a series that was
 * cut off goes on where it was, and a new one begins with a new name. Exit 1 if one was not rated as it had to be.
 */
const ROOT = path.resolve(import.meta.dirname, '..');
const EVIDENCE = path.join(ROOT, 'docs/evidence/verdicts.jsonl');

interface Line extends Seen {
  readonly n: number;
  readonly series: string;
  readonly case: string;
  /** Hash of the case and of the thresholds: a line counts for just these. */
  readonly key: string;
  readonly isAsExpected: boolean;
}

export async function run(args: string[]): Promise<number> {
  const asked = readArguments(args);
  const unknown = asked.names.filter((name) => !CASES.some((one) => one.name === name));
  if (unknown.length > 0) {
    console.error(
      `verdicts: expected some of ${CASES.map(({ name }) => name).join(', ')}, found ${unknown.join(', ')}`,
    );
    return 2;
  }
  const lines = readLines();
  const series = asked.series ?? lines.at(-1)?.series ?? 'first';
  const cases = CASES.filter(({ name }) => asked.names.length === 0 || asked.names.includes(name));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () =>
      stop.abort(new Error(`ended by ${signal}: what was finished is in the evidence`)),
    );
  }
  using checkout = openCheckout(ROOT);
  // What runs for long is not to change meanwhile, nor what its children are started from.
  const { provoke } = (await import(
    path.join(checkout.folder, 'prove/verdicts/provoke.ts')
  )) as typeof Provoke;
  const isSame = (one: Case) => (line: Line) =>
    line.series === series && line.case === one.name && line.key === keyOf(one);
  for (let i = 0; i < asked.count; i++) {
    for (const one of cases.filter((some) => lines.filter(isSame(some)).length <= i)) {
      const n = lines.length + 1;
      const load = round(os.loadavg()[0]!);
      const seen = await provoke(one, n, stop.signal);
      const line = {
        n,
        series,
        case: one.name,
        key: keyOf(one),
        isAsExpected: isAsExpected(one.expected, seen),
        ...seen,
      };
      lines.push(line);
      append(line, checkout.commit, load);
      console.log(textOf(line, one));
    }
  }
  return summarise(cases, (one) => lines.filter(isSame(one)), asked.count);
}

function readArguments(args: readonly string[]) {
  const at = args.indexOf('--series');
  const rest = args.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
  return {
    series: at < 0 ? undefined : args[at + 1],
    count: Number(rest.find((arg) => /^\d+$/.test(arg)) ?? 20),
    names: rest.filter((arg) => !/^\d+$/.test(arg)),
  };
}

function readLines(): Line[] {
  if (!existsSync(EVIDENCE)) return [];
  const text = readFileSync(EVIDENCE, 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

/** Added, never changed: no line of it can be lost to a later one. */
function append(line: Line, commit: string, loadAverage: number): void {
  const { cpu, cores, os: system, kernel, commbench } = describeEnvironment();
  const about = {
    at: new Date().toISOString(),
    loadAverage,
    commit,
    commbench,
    machine: { cpu, cores, system, kernel },
  };
  const rounded = {
    ...line,
    reached: round(line.reached),
    othersShare: line.othersShare === null ? null : round(line.othersShare),
  };
  appendFileSync(EVIDENCE, `${JSON.stringify({ ...rounded, ...about })}\n`);
}

function keyOf(one: Case): string {
  const all = [one, CONCURRENCY, DURATION_MS, STOPPED, VALIDITY_LIMITS, LOAD_LIMITS];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 12);
}

function textOf(
  { n, validity, load, reached, causes, isAsExpected: isIt }: Line,
  { name, expected }: Case,
): string {
  const found = `${validity}, ${load}, ${(100 * reached).toFixed(1)} % of the rate`;
  const due = [
    expected.because === undefined
      ? expected.validity
      : `${expected.validity} (${expected.because}) among its causes`,
    expected.load,
  ]
    .filter(Boolean)
    .join(', ');
  const first = causes[0] ? ` (${causes[0].detail})` : '';
  return `${n} ${name}: ${found}${first}: ${isIt ? 'as expected' : `expected ${due}`}`;
}

function summarise(cases: readonly Case[], linesOf: (one: Case) => readonly Line[], count: number): number {
  const short = cases.filter((one) => {
    const lines = linesOf(one).slice(0, count);
    const right = lines.filter((line) => line.isAsExpected).length;
    console.log(`${one.name} (${one.cause}): ${right} of ${lines.length} as expected`);
    return right < count;
  });
  console.log(`${cases.length - short.length} passed, ${short.length} failed`);
  return short.length === 0 ? 0 : 1;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
