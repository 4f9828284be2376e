import { loadCatalogue } from '../../transports/discover.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { sustainedRateSteps } from '../../measure/stats/sustained-rate-search.ts';
import { patternKey } from '../../plan/pattern-key.ts';
import { describePatterns, resolvePatterns } from '../../plan/resolve-patterns.ts';
import type { ResolvedPattern, TrialSpec } from '../../plan/spec.ts';
import { formatRate } from '../../report/format.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { neededBy } from '../../trial/environment/broker-set.ts';
import { type Design, single, type DesignStage, type Steps } from '../loop/design.ts';
import { whyPatternIsNotRun } from '../loop/missing-brokers.ts';
import { usedBroker } from '../../analysis/patterns/used-broker.ts';
import type { MeasuringConditions } from '../../commands/options/measuring-options.ts';
import { assessRate } from '../search/rate-assessment.ts';
import { rateSpec } from '../search/rate-trial.ts';
import { search } from '../search/search.ts';
import { closedLoopOf } from './closed-loop.ts';
import { betterOf, calibratedPatternOf, type CalibratedPattern, rangeFor } from './found.ts';
import type {
  CalibratedEntry,
  CalibrationDesign,
  CalibrationPlace,
  CalibrationRecord,
  CalibrationTrial,
} from './record.ts';

export interface CalibrationAsked extends Pick<MeasuringConditions, 'seed' | 'brokers'> {
  readonly scenario: Scenario;
  /** Ids of the patterns; undefined: all. */
  readonly patterns: readonly string[] | undefined;
  /** Time for all patterns together, from when the brokers are up; no trial begins later. */
  readonly budgetMs: number;
  /** Identifies this machine. */
  readonly fingerprint: string;
  /** The earlier calibration of this machine. */
  readonly earlier: CalibrationRecord | undefined;
}

/** The search ends when both rates that enclose a capacity are within this factor. */
const WITHIN = 1.15;
const NOOP = { perS: 100, trials: 3 } as const;
const TRIAL_MS = 1000;

type CalibrationStage = DesignStage<CalibrationDesign, CalibrationPlace>;

/** No-op baseline and highest sustained rate of every pattern against a service that does nothing. */
export async function calibrationDesign(
  asked: CalibrationAsked,
): Promise<Design<CalibrationDesign, CalibrationPlace>> {
  const { scenario, budgetMs, fingerprint } = asked;
  const patterns = await ownPatterns(scenario, asked.patterns);
  const entries = entriesBefore(patterns, asked);
  return {
    experiment: 'calibrate',
    scenario,
    patterns,
    needed: neededBy(patterns),
    design: { fingerprint, budgetMs, within: WITHIN, entries },
    budgetMs,
    isWhole: (record) =>
      entries.slice(0, patterns.length).every((entry) => calibratedPatternOf(record, entry).why === null),
    steps: (stage) => stepsOf(asked, patterns, stage),
  };
}

/** Patterns without targets: the service that does nothing is always ours. */
export async function ownPatterns(
  scenario: Scenario,
  records: readonly string[] | undefined,
): Promise<ResolvedPattern[]> {
  return resolvePatterns({ ...scenario, targets: {} }, { patterns: records }, await loadCatalogue());
}

/** Entries asked for come first; earlier ones stay until they are measured again. */
function entriesBefore(
  patterns: readonly ResolvedPattern[],
  { brokers, earlier }: Pick<CalibrationAsked, 'brokers' | 'earlier'>,
): CalibratedEntry[] {
  const records = describePatterns(patterns);
  const known = earlier?.design.entries ?? [];
  const own = patterns.map((pattern, i): CalibratedEntry => {
    const key = patternKey(pattern, brokers);
    const before = known.find((one) => one.key === key);
    return { at: null, closedLoop: null, note: null, ...before, pattern: records[i]!, key };
  });
  return [...own, ...known.filter(({ key }) => !own.some((one) => one.key === key))];
}

/** Time that a pattern leaves of its part of the budget goes to the next ones. */
async function* stepsOf(
  asked: CalibrationAsked,
  all: readonly ResolvedPattern[],
  stage: CalibrationStage,
): Steps<CalibrationPlace> {
  const { record, patterns, missing, leftMs } = stage;
  const { entries } = record.design;
  record.trials.push(...(asked.earlier?.trials ?? []));
  for (const [i, pattern] of all.entries()) {
    const why = whyPatternIsNotRun(pattern, missing);
    if (why && entries[i]!.at === null) entries[i]!.note = why.reason;
  }
  let ids = 0;
  for (const [i, pattern] of patterns.entries()) {
    const entry = entries[all.indexOf(pattern)]!;
    const forOthersMs = leftMs() - leftMs() / (patterns.length - i);
    const now = newEntry(entry, usedBroker(record, entry.pattern));
    const nextId = () => ++ids;
    yield* patternSteps(asked, { pattern, entry: now, nextId, leftMs: () => leftMs() - forOthersMs }, stage);
    const found = calibratedPatternOf(record, now);
    stage.testbed.progress.line(`${pattern.title}: ${summaryOf(found)}`);
    keepBest(record, entry, { found, now });
  }
}

function newEntry(
  { pattern, key }: CalibratedEntry,
  broker: string | undefined,
): CalibratedEntry & { readonly at: string } {
  const at = new Date().toISOString();
  return { pattern, key, at, closedLoop: null, note: null, ...(broker && { broker }) };
}

/** One pattern, and the time that it has. */
interface PatternRun {
  readonly pattern: ResolvedPattern;
  readonly entry: CalibratedEntry & { readonly at: string };
  nextId(): number;
  readonly leftMs: () => number;
}

async function* patternSteps(
  { scenario, seed }: CalibrationAsked,
  run: PatternRun,
  stage: CalibrationStage,
): Steps<CalibrationPlace> {
  const { pattern, entry, leftMs } = run;
  const isOver = () => leftMs() <= 0;
  const specAt = (ratePerS: number): TrialSpec => {
    const id = run.nextId();
    return rateSpec(scenario, seed, pattern, {
      id,
      round: id,
      ratePerS,
      durationMs: TRIAL_MS,
      kind: 'no-op',
    });
  };
  const stepAt = (part: CalibrationPlace['part'], ratePerS: number, spec = specAt(ratePerS)) => {
    const what =
      part === 'no-op' ? `no-op baseline of ${pattern.title}` : `${pattern.title} at ${formatRate(ratePerS)}`;
    const name = `${what}, ${Math.max(0, Math.ceil(leftMs() / 1000))} s left for the pattern`;
    return single({ spec, place: { key: entry.key, at: entry.at, part, ratePerS }, label: { name } });
  };
  if (pattern.definition.name === 'rest' && !isOver())
    entry.closedLoop = await crossCheck(stage, pattern, specAt(NOOP.perS));
  const noopTrials: CalibrationTrial[] = [];
  while (noopTrials.length < NOOP.trials && !isOver()) {
    const spec = specAt(NOOP.perS);
    noopTrials.push(...(yield stepAt('no-op', NOOP.perS, noopTrials.length === 0 ? probing(spec) : spec)));
  }
  yield* search(sustainedRateSteps(rangeFor(noopTrials, WITHIN), []), {
    plan: (ratePerS) => [stepAt('sustained-rate', ratePerS)],
    outcomeOf: ([trial]) => assessRate(trial!).verdict,
    isOver,
  });
}

/** The warm-up of the first no-op trial also measures the closed loop. */
function probing(spec: TrialSpec): TrialSpec {
  const { closedLoop } = spec.warmUp;
  if (!closedLoop) return spec;
  return { ...spec, warmUp: { ...spec.warmUp, closedLoop: { ...closedLoop, forMs: TRIAL_MS } } };
}

async function crossCheck(
  { testbed }: CalibrationStage,
  pattern: ResolvedPattern,
  spec: TrialSpec,
): Promise<CalibratedEntry['closedLoop']> {
  try {
    const found = await closedLoopOf(testbed, spec);
    testbed.progress.line(`${pattern.title}: ${found.tool}, closed loop: ${formatRate(found.perS)}`);
    return found;
  } catch (error) {
    // Its own wait ends with an AbortError: what counts is why.
    testbed.signal.throwIfAborted();
    if (!(error instanceof CommbenchError)) throw error;
    testbed.progress.line(`${pattern.title}: no cross-check: ${error.message}`);
    return null;
  }
}

/**
 * Keeps the better of two measurements with the same broker; of a worse new one only the reason stays, as a note. What
 * was measured with another version of the broker says nothing any more.
 */
function keepBest(
  record: CalibrationRecord,
  entry: CalibratedEntry,
  { found, now }: { readonly found: CalibratedPattern; readonly now: CalibratedEntry },
): void {
  const { entries } = record.design;
  const best = entry.broker === now.broker ? betterOf(found, calibratedPatternOf(record, entry)) : found;
  if (best === found) entries[entries.indexOf(entry)] = now;
  else entry.note = best.why;
  record.trials = record.trials.filter(({ key, at }) =>
    entries.some((one) => one.key === key && one.at === at),
  );
}

function summaryOf({ sustainedRate, why }: CalibratedPattern): string {
  if (why !== null) return why;
  return `sustained ${formatRate(sustainedRate!.sustainedPerS!)}${sustainedRate!.isWhole ? '' : ' or above, as the time limit was reached'}`;
}
