import path from 'node:path';
import { CommbenchError } from '../../kernel/errors.ts';
import { shuffled } from '../../kernel/random.ts';
import { looksOf } from '../../measure/stats/looks.ts';
import { compareResults } from '../../analysis/compare/compare.ts';
import type { Comparison, NamedResult } from '../../analysis/compare/comparison.ts';
import { patternText, VERDICT_WORDS } from '../../report/comparison/comparison-finding.ts';
import { plural } from '../../report/format.ts';
import type { Result, Trial } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { topologyOf } from '../../scenario/schema/topology.ts';
import { decidedPatterns } from './ab-look.ts';
import { ARM_IDS, type ArmId, abEntry, type AbMode, type AbPosition, abSpec, armOrder } from './ab-plan.ts';
import { type BrokerCare, careForBrokers } from '../../trial/environment/broker-care.ts';
import { brokerRecords } from '../../trial/environment/broker-records.ts';
import { startBrokers } from '../../trial/environment/broker-set.ts';
import { brokersOf } from '../../plan/brokers-of.ts';
import { estimateSeconds, formatEstimate } from '../../plan/estimate.ts';
import { newResult, notePatterns, saveResult, summaryOf, whyPatternIsNotRun } from '../new-result.ts';
import type { Progress } from '../../trial/progress.ts';
import { openTestbed, type Testbed } from '../../trial/environment/testbed.ts';
import { resolvePatterns } from '../../plan/resolve-patterns.ts';
import type { ResolvedPattern, TrialSpec } from '../../plan/spec.ts';
import { runTogether } from '../../trial/together.ts';
import { runTrial } from '../../trial/trial.ts';

export interface AbArm {
  /** What the user called it: `client=kafkajs`. */
  readonly title: string;
  /** As `pairedScenario` makes it. */
  readonly scenario: Scenario;
  /** URLs of the user's own, by row. */
  readonly targets: Readonly<Record<string, string>>;
}

export interface AbOptions {
  readonly arms: Readonly<Record<ArmId, AbArm>>;
  /** Ids of the rows, the same in both arms. */
  readonly patterns: readonly string[];
  readonly mode: AbMode;
  /** A difference within this share counts as none. */
  readonly margin: number;
  readonly mostPairs: number;
  /** No pair begins later, from when the brokers are up. */
  readonly budgetMs: number;
  readonly seed: number;
  /** The same of no other run. */
  readonly interleaveId: string;
  readonly files: Readonly<Record<ArmId, string>>;
  readonly brokers: Readonly<Record<string, string>>;
  readonly allowRemote: readonly string[];
  /** What the user asked for, kept in the results. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Given what is known so far, after each pair. */
  compared(comparison: Comparison): void;
}

/**
 * Compares two arms pair by pair; both results are in their files after each trial. Ends where every row is judged at a
 * planned look, after the most pairs, or where the time is over.
 * @throws CommbenchError no-broker where no row can be run; interrupted, terminated, reaper-lost, disk-full: whole
 * pairs are in the files
 */
export async function runAb(options: AbOptions): Promise<Readonly<Record<ArmId, Result>>> {
  const { progress, signal, brokers: urls, allowRemote } = options;
  const arms = { a: await openArm(options, 'a'), b: await openArm(options, 'b') };
  printEstimate(options, arms);
  await using testbed = await openTestbed({ progress, signal });
  const needed = [
    ...new Set(
      ARM_IDS.flatMap((id) => arms[id].patterns.flatMap((pattern) => ownBrokers(arms[id], pattern))),
    ),
  ];
  const { missing, warmed } = await startBrokers(testbed, needed, { urls, allowRemote, skip: false });
  for (const { result, patterns } of Object.values(arms)) {
    result.brokers = brokerRecords(testbed, warmed);
    notePatterns(result, patterns, missing);
  }
  const runnable = options.patterns.filter((_, i) =>
    ARM_IDS.every((id) => whyPatternIsNotRun(arms[id].patterns[i]!, missing) === undefined),
  );
  if (runnable.length === 0) throw noBroker([...missing.values()][0]!);
  const toBeHad = needed.filter(({ name }) => !missing.has(name));
  const care = careForBrokers(testbed, toBeHad, { urls, allowRemote });
  const run: Run = {
    testbed,
    options,
    arms,
    care,
    open: new Set(runnable),
    endMs: performance.now() + options.budgetMs,
  };
  try {
    await runPairs(run);
    for (const { result } of Object.values(arms)) result.state = stateOf(result);
  } catch (error) {
    for (const { result } of Object.values(arms)) result.state = 'interrupted';
    throw error;
  } finally {
    if (arms.a.result.trials.length > 0)
      for (const arm of Object.values(arms)) saveResult(arm.result, arm.file);
  }
  return { a: arms.a.result, b: arms.b.result };
}

interface Arm {
  readonly id: ArmId;
  readonly plan: AbArm;
  readonly patterns: readonly ResolvedPattern[];
  readonly result: Result;
  readonly file: string;
}

interface Run {
  readonly testbed: Testbed;
  readonly options: AbOptions;
  readonly arms: Readonly<Record<ArmId, Arm>>;
  readonly care: BrokerCare;
  /** Ids of the rows that no look has decided yet. */
  readonly open: Set<string>;
  /** On the clock of `performance.now()`. */
  readonly endMs: number;
}

async function openArm(options: AbOptions, id: ArmId): Promise<Arm> {
  const plan = options.arms[id];
  const { patterns: chosen, allowRemote, brokers, seed, interleaveId, mode } = options;
  const patterns = await resolvePatterns(plan.scenario, {
    patterns: chosen,
    targets: plan.targets,
    brokers,
    allowRemote,
  });
  const result = newResult({ scenario: plan.scenario, seed, brokers, options: options.options }, patterns);
  result.interleave = { id: interleaveId, arm: id, title: plan.title, mode };
  return { id, plan, patterns, result, file: options.files[id] };
}

function ownBrokers({ plan }: Arm, pattern: ResolvedPattern) {
  return brokersOf(pattern, topologyOf(plan.scenario, null));
}

function noBroker({ reason, hint }: { reason: string; hint: string | null }): CommbenchError {
  return new CommbenchError('no-broker', reason, hint === null ? {} : { hint });
}

function printEstimate(
  { mostPairs, budgetMs, seed, progress, ...options }: AbOptions,
  arms: Run['arms'],
): void {
  const patternCount = options.patterns.length;
  const specs = ARM_IDS.flatMap((arm) =>
    arms[arm].patterns.map((pattern, patternIndex) =>
      specIn({ options, arms }, { pair: 1, patternIndex, patternCount, arm }, pattern),
    ),
  );
  // In switchback both are there at once.
  const pairS = estimateSeconds(specs) / (options.mode === 'switchback' ? 2 : 1);
  const first = looksOf(mostPairs)[0]!;
  const most = Math.min(mostPairs * pairS, budgetMs / 1000 + pairS);
  const least = first < mostPairs ? `${formatEstimate(first * pairS)} for ${plural(first, 'pair')}, ` : '';
  progress.line(`About ${least}${formatEstimate(most)} for ${plural(mostPairs, 'pair')} (seed ${seed})`);
}

async function runPairs(run: Run): Promise<void> {
  const { options, testbed, open, endMs } = run;
  for (let pair = 1; pair <= options.mostPairs; pair++) {
    if (pair > 1 && performance.now() >= endMs)
      return testbed.progress.line('The time is over: no further pair');
    for (const id of shuffled([...open], options.seed, 'ab rows', pair)) await runPair(run, pair, id);
    look(run, pair);
    if (open.size === 0) return;
  }
}

/** One arm's part of a pair. */
interface ArmTrial {
  readonly arm: Arm;
  readonly pattern: ResolvedPattern;
  readonly spec: TrialSpec;
}

async function runPair(run: Run, pair: number, id: string): Promise<void> {
  const { testbed, options, arms, care } = run;
  const patternIndex = options.patterns.indexOf(id);
  const order = armOrder(options.seed, pair, patternIndex);
  const trials = order.map((arm): ArmTrial => {
    const place: AbPosition = { pair, patternIndex, patternCount: options.patterns.length, arm };
    const pattern = arms[arm].patterns[patternIndex]!;
    arms[arm].result.order.push(abEntry(place, pattern));
    return { arm: arms[arm], pattern, spec: specIn(run, place, pattern) };
  });
  const name = `pair ${pair} of ${options.mostPairs}: ${trials[0]!.pattern.title}`;
  if (options.mode === 'pairs') {
    for (const one of trials) await oneByOne(run, nameIn(name, one), one);
    return;
  }
  testbed.signal.throwIfAborted();
  await care.before(trials.flatMap(({ arm, pattern }) => ownBrokers(arm, pattern)));
  testbed.progress.trialStarted({ name });
  const outputs = await runTogether(
    testbed,
    trials.map(({ spec }) => spec),
  );
  for (const [i, { trial }] of outputs.entries()) {
    await keep(run, nameIn(name, trials[i]!), trials[i]!, trial);
  }
}

/** `pair 3 of 24: REST, b (service.processingMs=24)` */
function nameIn(name: string, { arm: { id, plan } }: ArmTrial): string {
  return `${name}, ${id} (${plan.title})`;
}

function specIn(
  { options, arms }: { options: Pick<AbOptions, 'mode'>; arms: Run['arms'] },
  place: AbPosition,
  pattern: ResolvedPattern,
): TrialSpec {
  const { result } = arms[place.arm];
  return abSpec({ scenario: result.scenario, seed: result.seed, mode: options.mode }, place, pattern);
}

async function oneByOne(run: Run, name: string, one: ArmTrial): Promise<void> {
  const { testbed, care } = run;
  testbed.signal.throwIfAborted();
  await care.before(ownBrokers(one.arm, one.pattern));
  testbed.progress.trialStarted({ name });
  const { trial } = await runTrial(testbed, one.spec);
  await keep(run, name, one, trial);
}

/** In the file before it is announced. */
async function keep({ testbed, care }: Run, name: string, { arm }: ArmTrial, trial: Trial): Promise<void> {
  const { result, file } = arm;
  result.trials.push(trial);
  saveResult(result, file);
  testbed.progress.trialEnded({ name }, trial.state, summaryOf(trial));
  await care.after(trial, []);
}

/** What is known after a pair. A row that is decided is run no more: a later look would have to be paid for too. */
function look({ testbed, options, arms, open }: Run, pair: number): void {
  const comparison = compareArms(arms, options.margin);
  options.compared(comparison);
  for (const pattern of comparison.patterns) {
    if (!open.has(pattern.pattern)) continue;
    const text = `${patternText(pattern, comparison)} (${VERDICT_WORDS[pattern.verdict].toLowerCase()})`;
    testbed.progress.line(`After ${pair} of at most ${options.mostPairs} pairs: ${text}`);
  }
  for (const id of decidedPatterns(comparison, options.mostPairs)) open.delete(id);
}

/** What differs between the arms was asked for: it stands in both results as declared. */
function compareArms(arms: Run['arms'], margin: number): Comparison {
  const named = ({ file, result }: Arm): NamedResult => ({ file: path.basename(file), result });
  const compare = () => compareResults([named(arms.a)], [named(arms.b)], { margin, declared: [] });
  const found = compare();
  if (found.confounders.every(({ isDeclared }) => isDeclared)) return found;
  const declared = found.confounders.map(({ what }) => what);
  for (const { result } of Object.values(arms)) result.interleave = { ...result.interleave!, declared };
  return compare();
}

function stateOf({ patterns: chosen, trials }: Result): Result['state'] {
  const isWhole =
    chosen.every(({ state }) => state === 'run') && trials.every(({ state }) => state === 'done');
  return isWhole ? 'complete' : 'incomplete';
}
