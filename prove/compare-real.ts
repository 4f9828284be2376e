import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { mergeSeries, quantileUs } from '../src/measure/figures/histogram.ts';
import type { Comparison, TimeGate } from '../src/analysis/compare/comparison.ts';
import { excludedPairText, ruleText } from '../src/report/comparison/comparison-text.ts';
import { describeEnvironment } from '../src/record/environment.ts';
import type { Trial } from '../src/record/record.ts';
import { armsOf, comparisonIn } from '../src/experiments/ab/compared.ts';
import { abSchema } from '../src/experiments/ab/record.ts';
import { readStored, validRecord } from '../src/record/store.ts';
import { type Checkout, openCheckout } from './checkout.ts';
import { type Asked, type Came, type Evidence, openEvidence, type Shown } from './compare-real/evidence.ts';
import { scenarioText, type Series, SERIES } from './compare-real/series.ts';
import { summaryOf } from './compare-real/summary.ts';
import { startOthers } from './compare-real/others.ts';
import { runCli } from './run-cli.ts';

/**
 * `npm run prove -- compare-real [--series NAME] [--count N]`: comparisons by `commbench ab` on real processes and a
 * real broker: of a thing with itself, and with one whose handler is known to be slower. Resumable: makes what is
 * missing of each series. Every comparison that was ever begun is a line of the evidence, numbered without gaps.
 */
const ROOT = path.resolve(import.meta.dirname, '..');
const EVIDENCE = path.join(ROOT, 'docs/evidence/compare-real.jsonl');
const SUMMARY = path.join(ROOT, 'docs/evidence/compare-real.txt');
const HOME = path.join(ROOT, 'results/compare-real');

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { series: { type: 'string' }, count: { type: 'string' } } });
  const wanted = SERIES.filter(({ name }) => values.series === undefined || name === values.series);
  const count = values.count === undefined ? undefined : Number(values.count);
  if (wanted.length === 0 || (count !== undefined && !(Number.isInteger(count) && count > 0))) {
    const names = SERIES.map(({ name }) => name).join(', ');
    console.error(
      `compare-real: expected --series of ${names} and --count N from 1, found ${args.join(' ')}`,
    );
    return 2;
  }
  const evidence = openEvidence(EVIDENCE);
  using checkout = openCheckout(ROOT);
  for (const series of wanted) await complete(series, count ?? series.count, { evidence, checkout });
  console.log(summaryOf(evidence.all()));
  // What came of them is assessed by who reads it: an A/A that says "regressed" is a finding, and is kept.
  return evidence.all().every(({ state }) => state === 'done') ? 0 : 1;
}

interface Place {
  readonly evidence: Evidence;
  readonly checkout: Checkout;
}

async function complete(series: Series, count: number, place: Place): Promise<void> {
  const isDone = ({ series: name, state }: Shown) => name === series.name && state === 'done';
  const left = count - place.evidence.all().filter(isDone).length;
  for (let i = 0; i < left; i++) {
    const shown = await compareOnce(series, place);
    writeFileSync(SUMMARY, summaryOf(place.evidence.all()));
    console.log(lineOf(shown));
  }
}

async function compareOnce(series: Series, { evidence, checkout }: Place): Promise<Shown> {
  const asked = evidence.begin(aboutOf(series, checkout));
  const folder = path.join(HOME, String(asked.number));
  mkdirSync(folder, { recursive: true });
  const [file, result] = [path.join(folder, 'scenario.yaml'), path.join(folder, 'result.json')];
  writeFileSync(file, scenarioText(series));
  const beganMs = performance.now();
  using _others = series.others === undefined ? undefined : startOthers(series.others);
  const { code } = await runCli(checkout.folder, argsOf(asked, file, result));
  const wallS = Math.round((performance.now() - beganMs) / 1000);
  const came = cameOf(result);
  const shown: Shown = came
    ? { ...asked, state: 'done', exitCode: code, ...came, wallS }
    : { ...asked, state: 'no-result', exitCode: code };
  evidence.end(shown);
  return shown;
}

function aboutOf({ name, a, b, mode }: Series, { commit }: Checkout): Omit<Asked, 'number' | 'seed'> {
  const { cpu, cores, os: system, kernel, commbench } = describeEnvironment();
  return {
    series: name,
    commit,
    commbench: String(commbench),
    machine: { cpu, cores, system, kernel },
    startedAt: new Date().toISOString(),
    a,
    b,
    mode,
  };
}

function argsOf({ a, b, mode, seed }: Asked, file: string, result: string): string[] {
  return [
    'ab',
    file,
    ...a.flatMap((change) => ['--a', onThisNode(change)]),
    ...b.flatMap((change) => ['--b', onThisNode(change)]),
    '--mode',
    mode,
    '--seed',
    String(seed),
    '--out',
    result,
    '--quiet',
  ];
}

/** What is recorded names no place on a machine. */
function onThisNode(change: string): string {
  return change.replace(/^command=node /, () => `command=${process.execPath} `);
}

/** @returns undefined: it ended without a comparison, which its own words on standard error explain */
function cameOf(file: string): Omit<Came, 'exitCode' | 'wallS'> | undefined {
  try {
    const record = validRecord(readStored(file), abSchema);
    const comparison = comparisonIn(record, file);
    const [pattern] = comparison.patterns;
    const { a, b } = armsOf(record);
    return {
      verdict: comparison.verdict,
      gate: toldGate(pattern!.gate as TimeGate, comparison.how),
      invariantsBroken: pattern!.invariants
        .filter(({ isBroken }) => isBroken)
        .map(({ rule }) => ruleText(rule)),
      made: a.trials.length,
      pairs: a.trials.map((trial, i) => {
        const other = b.trials[i];
        return [
          medianUs(trial, pattern!),
          medianUs(other, pattern!),
          verdictOf(trial),
          verdictOf(other),
        ] as const;
      }),
    };
  } catch (error) {
    console.error(`no comparison: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Rounds that were not used stand in the evidence as they are told. */
function toldGate({ excluded, ...gate }: TimeGate, how: Comparison['how']): Came['gate'] {
  return { ...gate, excluded: excluded.map((one) => excludedPairText(one, how)) };
}

/** Of what was measured, without settling and silence. */
function medianUs(trial: Trial | undefined, { gate }: Comparison['patterns'][number]): number | null {
  const phases = trial?.phases.filter(({ name }) => name === 'baseline' || name.startsWith('block-')) ?? [];
  const kind = gate?.figure === 'completion p50' ? 'completion' : 'response';
  return phases.length === 0
    ? null
    : (quantileUs(mergeSeries(phases.map((phase) => phase[kind])), 0.5) ?? null);
}

function verdictOf(trial: Trial | undefined): string {
  return trial?.validity.verdict ?? 'missing';
}

function lineOf(shown: Shown): string {
  const head = `${shown.number} ${shown.series}`;
  if (shown.state !== 'done') return `${head}: ${shown.state}`;
  const { interval } = shown.gate;
  const figures = interval
    ? `${interval.ratio.toFixed(3)} [${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}]`
    : 'no interval';
  return `${head}: ${shown.verdict}, ${figures}, ${shown.made} pairs, ${shown.wallS} s`;
}
