import {
  sustainedRateOf,
  type TriedRate,
  searchSustainedRate,
} from '../../measure/stats/sustained-rate-search.ts';
import { mergeSeries } from '../../measure/figures/histogram.ts';
import { quantileCell } from '../../measure/figures/percentile.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { MAX_RATE_PER_S } from '../../kernel/load-shape.ts';
import type { CalibratedPattern, Calibration } from '../../record/calibration-record.ts';
import { describeEnvironment } from '../../record/environment.ts';
import { formatRate } from '../../report/format.ts';
import { type LimitingFactor, type RateAssessment, assessRate } from '../../record/rate-assessment.ts';
import type { Trial } from '../../record/record.ts';
import { writeResult } from '../../record/store.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { type BrokerCare, careForBrokers } from '../../trial/environment/broker-care.ts';
import { brokerRecords } from '../../trial/environment/broker-records.ts';
import { neededBy, startBrokers } from '../../trial/environment/broker-set.ts';
import { fingerprintOf, readCalibration } from '../calibration-file.ts';
import { closedLoopOf } from './closed-loop.ts';
import { whyPatternIsNotRun } from '../new-result.ts';
import type { Progress } from '../../trial/progress.ts';
import { measuredGrowth, rateSpec } from '../rate-trial.ts';
import { openTestbed, type Testbed } from '../../trial/environment/testbed.ts';
import { patternKey } from '../../plan/pattern-key.ts';
import { describePatterns, resolvePatterns } from '../../plan/resolve-patterns.ts';
import type { ResolvedPattern, TrialSpec } from '../../plan/spec.ts';
import { runTrial, type TrialOutput } from '../../trial/trial.ts';

export interface CalibrateOptions {
  readonly scenario: Scenario;
  /** Ids of the rows; undefined: all. */
  readonly patterns: readonly string[] | undefined;
  /** Of all rows together, from when the brokers are up; no trial begins later. */
  readonly budgetMs: number;
  readonly seed: number;
  readonly brokers: Readonly<Record<string, string>>;
  readonly allowRemote: readonly string[];
  readonly skipBrokers: boolean;
  readonly outPath: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  begun(record: Calibration): void;
}

/** Both rates that enclose a capacity are to be within this factor. */
const WITHIN = 1.15;
const NOOP = { perS: 100, trials: 3 } as const;
const TRIAL_MS = 1000;
/** Of a row's closed loop: open loop, half of it is a fair guess. */
const START_SHARE = 0.5;
const RANGE = { leastPerS: 20, mostPerS: MAX_RATE_PER_S, usualPerS: 500 } as const;

/**
 * No-op baseline and highest sustained rate of every row against a service that does nothing; what is known is in the file after each row.
 * @throws CommbenchError interrupted, terminated, reaper-lost, disk-full: the record is as far as it came
 */
export async function runCalibrate(options: CalibrateOptions): Promise<Calibration> {
  const { progress, signal, brokers: urls, allowRemote, skipBrokers: skip, patterns: records } = options;
  const patterns = await ownPatterns(options.scenario, records);
  const record = newRecord(options, patterns);
  await using testbed = await openTestbed({ progress, signal });
  const { missing, warmed } = await startBrokers(testbed, neededBy(patterns), { urls, allowRemote, skip });
  record.brokers = brokerRecords(testbed, warmed);
  const there = patterns.filter((pattern) => !whyPatternIsNotRun(pattern, missing));
  for (const [i, pattern] of patterns.entries()) {
    const why = whyPatternIsNotRun(pattern, missing);
    if (why && record.patterns[i]!.at === null) record.patterns[i]!.why = why.reason;
  }
  const care = careForBrokers(testbed, neededBy(there), { urls, allowRemote });
  options.begun(record);
  try {
    await calibrateAll({ testbed, care, options, record, endMs: 0, ids: 0 }, patterns, there);
    const isWhole =
      missing.size === 0 && record.patterns.slice(0, patterns.length).every(({ why }) => why === null);
    record.state = isWhole ? 'complete' : 'incomplete';
  } catch (error) {
    record.state = 'interrupted';
    throw error;
  } finally {
    save(options, record);
  }
  return record;
}

/** What does nothing is a service of ours, whatever target of the user's own the scenario would drive. */
export function ownPatterns(
  scenario: Scenario,
  records: readonly string[] | undefined,
): Promise<ResolvedPattern[]> {
  return resolvePatterns({ ...scenario, targets: {} }, { patterns: records, targets: {}, allowRemote: [] });
}

interface Run {
  readonly testbed: Testbed;
  readonly care: BrokerCare;
  readonly options: CalibrateOptions;
  readonly record: Calibration;
  /** Of the row that is on, on the clock of `performance.now()`. */
  endMs: number;
  /** Counted so far. */
  ids: number;
}

/** What a row leaves of its part of the budget is the next ones'. */
async function calibrateAll(
  run: Run,
  patterns: readonly ResolvedPattern[],
  there: readonly ResolvedPattern[],
): Promise<void> {
  const allEndMs = performance.now() + run.options.budgetMs;
  for (const [i, pattern] of there.entries()) {
    const now = performance.now();
    run.endMs = now + Math.max(0, allEndMs - now) / (there.length - i);
    const place = patterns.indexOf(pattern);
    const before = run.record.patterns[place]!;
    const found = await calibratePattern(run, pattern, before);
    run.testbed.progress.line(`${pattern.title}: ${summaryOf(found)}`);
    run.record.patterns[place] = betterOf(found, before);
    save(run.options, run.record);
  }
}

/** What was known is not lost to a machine that is busy now, nor to a budget that ends sooner. */
export function betterOf(found: CalibratedPattern, before: CalibratedPattern): CalibratedPattern {
  if (worthOf(found) >= worthOf(before)) return found;
  return { ...before, why: found.why ?? 'the time was over before its capacity was known as well as it was' };
}

/** Of a capacity found, of one that is only known to be there or above, and of a no-op baseline. */
function worthOf({ noop, sustainedRate }: CalibratedPattern): number {
  const ofNoop = noop === null ? 0 : 1;
  if (sustainedRate === null || sustainedRate.sustainedPerS === null) return ofNoop;
  return ofNoop + (sustainedRate.isWhole ? 4 : 2);
}

async function calibratePattern(
  run: Run,
  pattern: ResolvedPattern,
  { pattern: record, key }: Pick<CalibratedPattern, 'pattern' | 'key'>,
): Promise<CalibratedPattern> {
  const at = new Date().toISOString();
  const isHttp = pattern.definition.name === 'rest';
  const closedLoop = isHttp && !isOver(run) ? await crossCheck(run, pattern) : null;
  const noopTrials: Trial[] = [];
  for (let i = 0; i < NOOP.trials && !isOver(run); i++) {
    const spec = specAt(run, pattern, NOOP.perS);
    // The first one's warm-up asks also how far a closed loop goes.
    const probed = i === 0 && spec.warmUp ? { ...spec, warmUp: { ...spec.warmUp, forMs: TRIAL_MS } } : spec;
    noopTrials.push((await runOne(run, probed, `no-op baseline of ${pattern.title}`)).trial);
  }
  const valid = noopTrials.filter(({ validity }) => validity.verdict === 'valid');
  const noop = noopOf(valid);
  const sustainedRate = await highestSustained(run, pattern, startOf(noopTrials));
  return {
    pattern: record,
    key,
    at,
    noop,
    sustainedRate,
    closedLoop,
    why: whyOf({ noop, sustainedRate }, noopTrials),
  };
}

function startOf([first]: readonly Trial[]): number {
  const known = first ? Object.values(first.capacity).filter((perS) => perS !== null) : [];
  return known.length === 0 ? RANGE.usualPerS : START_SHARE * Math.min(...known);
}

async function highestSustained(
  run: Run,
  pattern: ResolvedPattern,
  startPerS: number,
): Promise<CalibratedPattern['sustainedRate']> {
  const { leastPerS, mostPerS } = RANGE;
  const seen = new Map<number, RateAssessment[]>();
  let isWhole = true;
  const tried = await searchSustainedRate(
    { startPerS, leastPerS, mostPerS, within: WITHIN },
    async (ratePerS) => {
      if (isOver(run)) {
        isWhole = false;
        return undefined;
      }
      const spec = specAt(run, pattern, ratePerS);
      const output = await runOne(run, spec, `${pattern.title} at ${formatRate(ratePerS)}`);
      const assessment = assessRate(output.trial, measuredGrowth(output, spec, ratePerS));
      seen.set(ratePerS, [...(seen.get(ratePerS) ?? []), assessment]);
      return assessment.verdict;
    },
  );
  const found = sustainedRateOf(tried);
  return {
    ...found,
    ...blameOf(found.notSustainedPerS, seen),
    isWhole,
    triedRates: tried.map((one) => detailed(one, seen)),
  };
}

function detailed({ ratePerS, isSustained }: TriedRate, seen: ReadonlyMap<number, RateAssessment[]>) {
  return { ratePerS, isSustained, verdicts: seen.get(ratePerS) ?? [] };
}

/** What most of the trials at the lowest rate that was not running say. */
function blameOf(
  ratePerS: number | null,
  seen: ReadonlyMap<number, readonly RateAssessment[]>,
): { limit: LimitingFactor | null; why: string | null } {
  const blamed = (ratePerS === null ? [] : (seen.get(ratePerS) ?? [])).filter(({ limit }) => limit !== null);
  const count = (limit: LimitingFactor | null) => blamed.filter((one) => one.limit === limit).length;
  const most = blamed.toSorted((a, b) => count(b.limit) - count(a.limit))[0];
  return { limit: most?.limit ?? null, why: most?.why ?? null };
}

async function crossCheck(run: Run, pattern: ResolvedPattern): Promise<CalibratedPattern['closedLoop']> {
  try {
    const found = await closedLoopOf(run.testbed, specAt(run, pattern, NOOP.perS));
    run.testbed.progress.line(`${pattern.title}: ${found.tool}, closed loop: ${formatRate(found.perS)}`);
    return found;
  } catch (error) {
    // Its own wait ends with an AbortError: what counts is why.
    run.testbed.signal.throwIfAborted();
    if (!(error instanceof CommbenchError)) throw error;
    run.testbed.progress.line(`${pattern.title}: no cross-check: ${error.message}`);
    return null;
  }
}

function specAt(run: Run, pattern: ResolvedPattern, ratePerS: number): TrialSpec {
  const { scenario, seed } = run.options;
  const id = ++run.ids;
  return rateSpec(scenario, seed, pattern, { id, round: id, ratePerS, durationMs: TRIAL_MS, kind: 'noop' });
}

async function runOne({ testbed, care, endMs }: Run, spec: TrialSpec, what: string): Promise<TrialOutput> {
  testbed.signal.throwIfAborted();
  const name = `${what}, ${Math.max(0, Math.ceil((endMs - performance.now()) / 1000))} s left for the row`;
  await care.before(neededBy([spec.pattern]));
  testbed.progress.trialStarted({ name });
  const output = await runTrial(testbed, spec);
  const { trial } = output;
  testbed.progress.trialEnded(
    { name },
    trial.state,
    trial.failure ?? `${trial.validity.verdict}, ${trial.load.verdict}`,
  );
  await care.after(trial, []);
  return output;
}

function isOver({ endMs }: Run): boolean {
  return performance.now() >= endMs;
}

function noopOf(trials: readonly Trial[]): CalibratedPattern['noop'] {
  const each = trials.flatMap(({ phases }) => phases.map(({ response }) => response));
  const whole = each.length === 0 ? undefined : quantileCell(mergeSeries(each), 0.5);
  if (whole?.state !== 'known') return null;
  const own = each
    .map((series) => quantileCell(series, 0.5))
    .flatMap((cell) => (cell.state === 'known' ? [cell.valueUs] : []));
  const all = [whole.valueUs, ...own];
  return {
    ratePerS: NOOP.perS,
    p50Us: whole.valueUs,
    lowUs: Math.min(...all),
    highUs: Math.max(...all),
    trials: each.length,
  };
}

/** What of it could not be found, and why; null where both were. */
function whyOf(
  { noop, sustainedRate }: Pick<CalibratedPattern, 'noop' | 'sustainedRate'>,
  noopTrials: readonly Trial[],
): string | null {
  const causes = noopTrials.flatMap(
    ({ failure, validity }) => failure ?? validity.causes.map(({ detail }) => detail),
  );
  const withoutNoop = noop ? [] : [`no no-op baseline: ${causes[0] ?? 'the time was over'}`];
  const withoutSustainedRate =
    sustainedRate && sustainedRate.sustainedPerS !== null
      ? []
      : [`no sustained rate: ${sustainedRate?.why ?? 'the time was over'}`];
  return [...withoutNoop, ...withoutSustainedRate].join('; ') || null;
}

function summaryOf({ sustainedRate, why }: CalibratedPattern): string {
  if (why !== null) return why;
  return `sustained ${formatRate(sustainedRate!.sustainedPerS!)}${sustainedRate!.isWhole ? '' : ' or above, the time was over'}`;
}

function save(options: CalibrateOptions, record: Calibration): void {
  record.finishedAt = new Date().toISOString();
  writeResult(options.outPath, record);
}

function newRecord(options: CalibrateOptions, patterns: readonly ResolvedPattern[]): Calibration {
  const environment = describeEnvironment();
  return {
    format: 'commbench-calibration',
    version: 1,
    commbench: String(environment['commbench'] ?? ''),
    startedAt: new Date().toISOString(),
    finishedAt: null,
    state: 'running',
    fingerprint: fingerprintOf(environment),
    budgetMs: options.budgetMs,
    seed: options.seed,
    within: WITHIN,
    environment,
    brokers: [],
    patterns: patternsBefore(patterns, options.brokers, readCalibration(options.outPath)?.patterns ?? []),
  };
}

/** Those that are asked for come first; what is known from earlier stays until it is measured again. */
function patternsBefore(
  patterns: readonly ResolvedPattern[],
  given: Readonly<Record<string, string>>,
  earlier: readonly CalibratedPattern[],
): CalibratedPattern[] {
  const records = describePatterns(patterns);
  const own = patterns.map((pattern, i): CalibratedPattern => {
    const key = patternKey(pattern, given);
    const before = earlier.find((one) => one.key === key);
    return before ? { ...before, pattern: records[i]! } : { ...NOTHING, pattern: records[i]!, key };
  });
  return [...own, ...earlier.filter(({ key }) => !own.some((one) => one.key === key))];
}

const NOTHING = { at: null, noop: null, sustainedRate: null, closedLoop: null, why: 'not measured' } as const;
