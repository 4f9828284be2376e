import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { describeEnvironment } from '../src/record/environment.ts';
import { openCheckout } from './checkout.ts';
import { caseOf } from './fuzz/case.ts';
import type * as RunRange from './fuzz/run-range.ts';
import { emptySummary, type Summary, withOutcome } from './fuzz/summary.ts';

/**
 * `npm run prove -- fuzz [--count N] [--seed S] [--only ID]`: N (10,000) files changed at random (scenarios, results, OpenAPI and
 * proto files, after the shipped ones), each read by a command: no crash, no unbounded wait or memory, one message with
 * place and hint, and nothing that steers a terminal or a CI runner. A case that fails is written to results/fuzz by
 * its seed and number; `--only` runs it again. Resumable: the evidence holds how far a seed came.
 */
const ROOT = path.resolve(import.meta.dirname, '..');
const EVIDENCE = path.join(ROOT, 'docs/evidence/fuzz.json');
const FAILURES = path.join(ROOT, 'results/fuzz');
const CHUNK = 100;

export async function run(args: string[]): Promise<number> {
  const whole = { type: 'string' } as const;
  const { values } = parseArgs({ args, options: { count: whole, seed: whole, only: whole } });
  const [count, seed] = [Number(values.count ?? 10_000), Number(values.seed ?? 1)];
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(seed) || count < 1) {
    console.error(`fuzz: expected whole numbers for --count and --seed, found ${args.join(' ')}`);
    return 2;
  }
  using checkout = openCheckout(ROOT);
  // What runs for long is not to change meanwhile.
  const { runRange } = (await import(
    path.join(checkout.folder, 'prove/fuzz/run-range.ts')
  )) as typeof RunRange;
  // Awaited here: the checkout goes when this function ends.
  if (values.only !== undefined) return await runOnly(runRange, seed, Number(values.only));
  let summary = openSummary(seed, checkout.commit);
  for (let from = summary.cases; from < count; from = summary.cases) {
    for await (const ended of runRange(seed, from, Math.min(count, from + CHUNK))) {
      summary = withOutcome(summary, ended);
      if (ended.problems.length > 0) keep(seed, ended.id, ended.problems);
    }
    save(summary);
    console.log(`${summary.cases} of ${count}: ${summary.failed.length} failed`);
  }
  return summary.failed.length === 0 ? 0 : 1;
}

async function runOnly(runRange: typeof RunRange.runRange, seed: number, id: number): Promise<number> {
  let isRight = true;
  for await (const ended of runRange(seed, id, id + 1)) {
    console.log(JSON.stringify(ended, null, 2));
    isRight &&= ended.problems.length === 0;
  }
  keep(seed, id, []);
  return isRight ? 0 : 1;
}

/** Goes on where the same seed was, over the same code. */
function openSummary(seed: number, commit: string): Summary {
  const earlier = existsSync(EVIDENCE) ? (JSON.parse(readFileSync(EVIDENCE, 'utf8')) as Summary) : undefined;
  return earlier?.seed === seed && earlier.commit === commit ? earlier : emptySummary(seed, commit);
}

function save(summary: Summary): void {
  const { cpu, cores, os, kernel, commbench, node } = describeEnvironment();
  const machine = { cpu, cores, system: os, kernel, node };
  writeFileSync(EVIDENCE, `${JSON.stringify({ commbench, machine, ...summary }, null, 1)}\n`);
}

function keep(seed: number, id: number, problems: readonly string[]): void {
  const { file, extension, kind, base } = caseOf(seed, id);
  const at = path.join(FAILURES, `${seed}-${id}${extension}`);
  mkdirSync(FAILURES, { recursive: true });
  writeFileSync(at, file);
  console.log([`case ${id} (${kind}, after ${base}): ${at}`, ...problems].join('\n  '));
}
