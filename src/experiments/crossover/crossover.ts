import { CommbenchError } from '../../kernel/errors.ts';
import { draw } from '../../kernel/random.ts';
import { decidePoint, type PointVerdict } from '../../measure/stats/crossover-point.ts';
import { findingOf, searchCrossover } from '../../measure/stats/crossover-search.ts';
import { pairName, progressText, verdictText } from '../../report/searches/crossover-text.ts';
import {
  type Crossover,
  type CrossoverFigure,
  type Pair,
  type Point,
} from '../../record/crossover-record.ts';
import { POINT_RULES, sampleOf, trialFigureOf } from '../../report/searches/crossover-sample.ts';
import { describeEnvironment } from '../../record/environment.ts';
import type { Trial } from '../../record/record.ts';
import { writeResult } from '../../record/store.ts';
import { type BrokerCare, careForBrokers } from '../../trial/environment/broker-care.ts';
import { brokerRecords } from '../../trial/environment/broker-records.ts';
import { neededBy, startBrokers } from '../../trial/environment/broker-set.ts';
import { type CrossoverPlan, pairSpec, probeSpec, RANGES } from './crossover-plan.ts';
import type { Progress } from '../../trial/progress.ts';
import { openTestbed, type Testbed } from '../../trial/environment/testbed.ts';
import { describePatterns, resolvePatterns } from '../../plan/resolve-patterns.ts';
import type { ResolvedPattern, TrialSpec } from '../../plan/spec.ts';
import { runTrial } from '../../trial/trial.ts';

export interface CrossoverOptions extends CrossoverPlan {
  /** Ids of two rows of the scenario. */
  readonly between: readonly [string, string];
  readonly figure: CrossoverFigure;
  /** Undefined: the question's own; of a rate, up to the higher of the rows' capacity. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly within: number;
  /** No pair begins later, from when the brokers are up. */
  readonly budgetMs: number;
  readonly brokers: Readonly<Record<string, string>>;
  readonly allowRemote: readonly string[];
  readonly outPath: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Given what is known so far, as soon as there is something. */
  begun(record: Crossover): void;
}

/**
 * Looks for the border between two rows, pair by pair; what was measured is in the file after each.
 * @throws CommbenchError no-broker; interrupted, terminated, reaper-lost, disk-full: the record is as far as it came
 */
export async function runCrossover(options: CrossoverOptions): Promise<Crossover> {
  const { between, progress, signal, brokers: urls, allowRemote } = options;
  const found = await resolvePatterns(options.scenario, { patterns: between, targets: {}, allowRemote: [] });
  const patterns = between.map((id) => found.find((pattern) => pattern.id === id)!) as [
    ResolvedPattern,
    ResolvedPattern,
  ];
  const record = newRecord(options, patterns);
  await using testbed = await openTestbed({ progress, signal });
  const { missing, warmed } = await startBrokers(testbed, neededBy(patterns), {
    urls,
    allowRemote,
    skip: false,
  });
  for (const { reason, hint } of missing.values()) {
    throw new CommbenchError('no-broker', reason, hint === null ? {} : { hint });
  }
  record.brokers = brokerRecords(testbed, warmed);
  const care = careForBrokers(testbed, neededBy(patterns), { urls, allowRemote });
  const endMs = performance.now() + options.budgetMs;
  const run: Run = { testbed, patterns, options, record, care, endMs, ids: 0, pairs: 0 };
  options.begun(record);
  try {
    await findCeilings(run);
    await searchCrossover(record.range, (at) => measureAt(run, at));
    record.state = 'complete';
  } catch (error) {
    record.state = 'interrupted';
    throw error;
  } finally {
    save(run);
  }
  return record;
}

interface Run {
  readonly testbed: Testbed;
  readonly patterns: readonly [ResolvedPattern, ResolvedPattern];
  readonly options: CrossoverOptions;
  readonly record: Crossover;
  readonly care: BrokerCare;
  /** On the clock of `performance.now()`. */
  readonly endMs: number;
  /** Counted so far: trials, and pairs. */
  ids: number;
  pairs: number;
}

/** Pairs at one point until it is judged, or the time is over. */
async function measureAt(run: Run, at: number): Promise<PointVerdict> {
  const { record, testbed, endMs } = run;
  const point: Point = { at, pairs: [], verdict: null };
  record.points.push(point);
  for (;;) {
    const samples = point.pairs.map(({ sample }) => sample);
    const isOver = performance.now() >= endMs;
    const verdict =
      decidePoint(samples, record.rule) ?? (isOver ? ({ state: 'stopped' } as const) : undefined);
    if (verdict) {
      point.verdict = verdict;
      testbed.progress.line(verdictText(record, point));
      save(run);
      return verdict;
    }
    point.pairs.push(await runPair(run, point));
    save(run);
  }
}

/** Both rows one after the other, in an order that is drawn; fresh processes, the same arrivals. */
async function runPair(run: Run, point: Point): Promise<Pair> {
  const { options, patterns, record } = run;
  const pair = ++run.pairs;
  const isTurned = draw(options.seed, 'crossover order', pair) < 0.5;
  const order = isTurned ? ([patterns[1], patterns[0]] as const) : patterns;
  const trials = new Map<ResolvedPattern, Trial>();
  for (const pattern of order) {
    const spec = pairSpec(options, pattern, { id: ++run.ids, pair, at: point.at });
    trials.set(pattern, await runOne(run, spec, pairName(record, point, pattern.title)));
  }
  const [first, second] = patterns.map((pattern) =>
    trialFigureOf(trials.get(pattern)!, options.question, options.figure),
  ) as [Pair['first'], Pair['second']];
  const { seed } = pairSpec(options, patterns[0], { id: 0, pair, at: point.at });
  const sample = sampleOf(options.question, first, second);
  return { seed, order: [order[0].id, order[1].id], first, second, sample };
}

async function runOne({ testbed, care, record, endMs }: Run, spec: TrialSpec, what: string): Promise<Trial> {
  testbed.signal.throwIfAborted();
  const name = `${progressText(record, Math.max(0, endMs - performance.now()))}: ${what}`;
  await care.before(neededBy([spec.pattern]));
  testbed.progress.trialStarted({ name });
  const { trial } = await runTrial(testbed, spec);
  const summary = trial.failure ?? `${trial.validity.verdict}, ${trial.load.verdict}`;
  testbed.progress.trialEnded({ name }, trial.state, summary);
  await care.after(trial, []);
  return trial;
}

/** How far a rate can go: no further than the higher of both capacities, where both rows are too slow. */
async function findCeilings(run: Run): Promise<void> {
  const { options, patterns, record } = run;
  if (options.question !== 'rate' || options.to !== undefined) return;
  for (const [i, pattern] of patterns.entries()) {
    const trial = await runOne(
      run,
      probeSpec(options, pattern, ++run.ids),
      `the capacity of ${pattern.title}`,
    );
    const known = Object.values(trial.capacity).filter((perS) => perS !== null);
    record.capacities[i] = known.length === 0 ? null : Math.min(...known);
  }
  const [first, second] = record.capacities;
  if (first === null || second === null) return;
  const most = Math.round(Math.max(first, second));
  record.range.to = Math.max(record.range.from + 1, Math.min(record.range.to, most));
}

function save({ record, options }: Run): void {
  const measured = record.points.flatMap(({ at, verdict }) => (verdict ? [{ at, verdict }] : []));
  record.finding = findingOf(record.range, measured);
  record.finishedAt = new Date().toISOString();
  writeResult(options.outPath, record);
}

function newRecord(
  options: CrossoverOptions,
  patterns: readonly [ResolvedPattern, ResolvedPattern],
): Crossover {
  const { question, from, to, within, scenario } = options;
  const environment = describeEnvironment();
  const { looks, ...rule } = POINT_RULES[question];
  return {
    format: 'commbench-crossover',
    version: 1,
    commbench: String(environment['commbench'] ?? ''),
    startedAt: new Date().toISOString(),
    finishedAt: null,
    state: 'running',
    question,
    range: { from: from ?? RANGES[question].from, to: to ?? RANGES[question].to, within },
    figure: options.figure,
    do: question === 'outage' ? options.do : null,
    scenario: scenario.name,
    ratePerS: options.ratePerS,
    deadlineMs: scenario.deadlineMs,
    budgetMs: options.budgetMs,
    seed: options.seed,
    rule: { looks: [...looks], ...rule },
    capacities: [null, null],
    patterns: describePatterns(patterns) as Crossover['patterns'],
    environment,
    brokers: [],
    points: [],
    finding: { kind: 'inconclusive' },
  };
}
