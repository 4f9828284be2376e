import { loadCatalogue } from '../../transports/discover.ts';
import path from 'node:path';
import { CommbenchError } from '../../kernel/errors.ts';
import { shuffled } from '../../kernel/random.ts';
import { looksOf } from '../../measure/stats/looks.ts';
import { compareResults } from '../../analysis/compare/compare.ts';
import type { Comparison, NamedResult } from '../../analysis/compare/comparison.ts';
import { rowText, VERDICT_WORDS } from '../../report/comparison/comparison-finding.ts';
import { plural } from '../../report/format.ts';
import type { Result, Trial } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { topologyOf } from '../../scenario/schema/topology.ts';
import { decidedRows } from './ab-look.ts';
import { ARM_IDS, type ArmId, abEntry, type AbMode, type AbPlace, abSpec, armOrder } from './ab-plan.ts';
import { type BrokerCare, careForBrokers } from '../../trial/environment/broker-care.ts';
import { brokerRecords } from '../../trial/environment/broker-records.ts';
import { startBrokers } from '../../trial/environment/broker-set.ts';
import { brokersOf } from '../../plan/brokers-of.ts';
import { estimateSeconds, formatEstimate } from '../../plan/estimate.ts';
import { newResult, notePatterns, saveResult, summaryOf, whyRowIsNotRun } from '../new-result.ts';
import type { Progress } from '../../trial/progress.ts';
import { openRig, type Rig } from '../../trial/environment/rig.ts';
import { resolveRows } from '../../plan/rows.ts';
import type { Row, TrialSpec } from '../../plan/spec.ts';
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
  tellEstimate(options, arms);
  await using rig = await openRig({ progress, signal });
  const needed = [
    ...new Set(ARM_IDS.flatMap((id) => arms[id].rows.flatMap((row) => ownBrokers(arms[id], row)))),
  ];
  const { missing, warmed } = await startBrokers(rig, needed, { urls, allowRemote, skip: false });
  for (const { result, rows } of Object.values(arms)) {
    result.brokers = brokerRecords(rig, warmed);
    notePatterns(result, rows, missing);
  }
  const runnable = options.patterns.filter((_, i) =>
    ARM_IDS.every((id) => whyRowIsNotRun(arms[id].rows[i]!, missing) === undefined),
  );
  if (runnable.length === 0) throw noBroker([...missing.values()][0]!);
  const toBeHad = needed.filter(({ name }) => !missing.has(name));
  const care = careForBrokers(rig, toBeHad, { urls, allowRemote });
  const run: Run = {
    rig,
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
  readonly rows: readonly Row[];
  readonly result: Result;
  readonly file: string;
}

interface Run {
  readonly rig: Rig;
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
  const { patterns, allowRemote, brokers, seed, interleaveId, mode } = options;
  const rows = await resolveRows(
    plan.scenario,
    { patterns, targets: plan.targets, brokers, allowRemote },
    await loadCatalogue(),
  );
  const result = newResult({ scenario: plan.scenario, seed, brokers, options: options.options }, rows);
  result.interleave = { id: interleaveId, arm: id, title: plan.title, mode };
  return { id, plan, rows, result, file: options.files[id] };
}

function ownBrokers({ plan }: Arm, row: Row) {
  return brokersOf(row, topologyOf(plan.scenario, null));
}

function noBroker({ reason, cure }: { reason: string; cure: string | null }): CommbenchError {
  return new CommbenchError('no-broker', reason, cure === null ? {} : { hint: cure });
}

function tellEstimate(
  { mostPairs, budgetMs, seed, progress, ...options }: AbOptions,
  arms: Run['arms'],
): void {
  const rowCount = options.patterns.length;
  const specs = ARM_IDS.flatMap((arm) =>
    arms[arm].rows.map((row, rowIndex) =>
      specIn({ options, arms }, { pair: 1, rowIndex, rowCount, arm }, row),
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
  const { options, rig, open, endMs } = run;
  for (let pair = 1; pair <= options.mostPairs; pair++) {
    if (pair > 1 && performance.now() >= endMs) return rig.progress.line('The time is over: no further pair');
    for (const id of shuffled([...open], options.seed, 'ab rows', pair)) await runPair(run, pair, id);
    look(run, pair);
    if (open.size === 0) return;
  }
}

/** One arm's part of a pair. */
interface ArmTrial {
  readonly arm: Arm;
  readonly row: Row;
  readonly spec: TrialSpec;
}

async function runPair(run: Run, pair: number, id: string): Promise<void> {
  const { rig, options, arms, care } = run;
  const rowIndex = options.patterns.indexOf(id);
  const order = armOrder(options.seed, pair, rowIndex);
  const trials = order.map((arm): ArmTrial => {
    const place: AbPlace = { pair, rowIndex, rowCount: options.patterns.length, arm };
    const row = arms[arm].rows[rowIndex]!;
    arms[arm].result.order.push(abEntry(place, row));
    return { arm: arms[arm], row, spec: specIn(run, place, row) };
  });
  const name = `pair ${pair} of ${options.mostPairs}: ${trials[0]!.row.title}`;
  if (options.mode === 'pairs') {
    for (const one of trials) await oneByOne(run, nameIn(name, one), one);
    return;
  }
  rig.signal.throwIfAborted();
  await care.before(trials.flatMap(({ arm, row }) => ownBrokers(arm, row)));
  rig.progress.trialStarted({ name });
  const outputs = await runTogether(
    rig,
    trials.map(({ spec }) => spec),
  );
  for (const [i, { trial }] of outputs.entries()) {
    await keep(run, nameIn(name, trials[i]!), trials[i]!, trial);
  }
}

/** `pair 3 of 24: REST, b (service.holdMs=24)` */
function nameIn(name: string, { arm: { id, plan } }: ArmTrial): string {
  return `${name}, ${id} (${plan.title})`;
}

function specIn(
  { options, arms }: { options: Pick<AbOptions, 'mode'>; arms: Run['arms'] },
  place: AbPlace,
  row: Row,
): TrialSpec {
  const { result } = arms[place.arm];
  return abSpec({ scenario: result.scenario, seed: result.seed, mode: options.mode }, place, row);
}

async function oneByOne(run: Run, name: string, one: ArmTrial): Promise<void> {
  const { rig, care } = run;
  rig.signal.throwIfAborted();
  await care.before(ownBrokers(one.arm, one.row));
  rig.progress.trialStarted({ name });
  const { trial } = await runTrial(rig, one.spec);
  await keep(run, name, one, trial);
}

/** In the file before it is announced. */
async function keep({ rig, care }: Run, name: string, { arm }: ArmTrial, trial: Trial): Promise<void> {
  const { result, file } = arm;
  result.trials.push(trial);
  saveResult(result, file);
  rig.progress.trialEnded({ name }, trial.state, summaryOf(trial));
  await care.after(trial, []);
}

/** What is known after a pair. A row that is decided is run no more: a later look would have to be paid for too. */
function look({ rig, options, arms, open }: Run, pair: number): void {
  const comparison = compareArms(arms, options.margin);
  options.compared(comparison);
  for (const row of comparison.rows) {
    if (!open.has(row.pattern)) continue;
    const told = `${rowText(row, comparison)} (${VERDICT_WORDS[row.verdict].toLowerCase()})`;
    rig.progress.line(`After ${pair} of at most ${options.mostPairs} pairs: ${told}`);
  }
  for (const id of decidedRows(comparison, options.mostPairs)) open.delete(id);
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

function stateOf({ patterns, trials }: Result): Result['state'] {
  const isWhole =
    patterns.every(({ state }) => state === 'run') && trials.every(({ state }) => state === 'done');
  return isWhole ? 'complete' : 'incomplete';
}
