import { mergeSeries } from '../../measure/figures/histogram.ts';
import type { Phase, Series } from '../../measure/figures/figures.ts';
import { describeEnvironment } from '../../record/environment.ts';
import { formatRate } from '../../report/format.ts';
import { type RateAssessment, assessRate } from '../../record/rate-assessment.ts';
import type { Objective, Sweep, SweepTrial } from '../../record/sweep-record.ts';
import { writeResult } from '../../record/store.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { withoutSecrets } from '../../scenario/load/target-secrets.ts';
import { type BrokerCare, careForBrokers } from '../../trial/environment/broker-care.ts';
import { brokerRecords } from '../../trial/environment/broker-records.ts';
import { neededBy, startBrokers } from '../../trial/environment/broker-set.ts';
import { estimateSeconds, formatEstimate } from '../../plan/estimate.ts';
import { whyPatternIsNotRun } from '../new-result.ts';
import type { Progress } from '../../trial/progress.ts';
import { measuredGrowth } from '../rate-trial.ts';
import { openTestbed, type Testbed } from '../../trial/environment/testbed.ts';
import { describePatterns, resolvePatterns, type PatternChoice } from '../../plan/resolve-patterns.ts';
import type { ResolvedPattern } from '../../plan/spec.ts';
import { firstRound, isStopped, laterRound, type LoadStep, stepSpec } from './sweep-plan.ts';
import { runTrial } from '../../trial/trial.ts';

export interface SweepOptions extends PatternChoice {
  readonly scenario: Scenario;
  /** Ascending, per second. */
  readonly rates: readonly number[];
  readonly rounds: number;
  /** Processes that share the schedule of each trial. */
  readonly generators: number;
  readonly quantile: number;
  readonly objective: Objective | null;
  readonly seed: number;
  readonly brokers: Readonly<Record<string, string>>;
  readonly skipBrokers: boolean;
  readonly outPath: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Given what is known so far, as soon as there is something. */
  begun(record: Sweep): void;
}

/**
 * Measures every row at every rate until it keeps up no more; what was measured is in the file after each trial.
 * @throws CommbenchError interrupted, terminated, reaper-lost, disk-full: the record is as far as it came
 */
export async function runSweep(options: SweepOptions): Promise<Sweep> {
  const { progress, signal, brokers: urls, allowRemote, skipBrokers: skip } = options;
  const all = await resolvePatterns(options.scenario, options);
  const record = newRecord(options, all);
  printEstimate(options, all);
  await using testbed = await openTestbed({ progress, signal, generators: options.generators });
  const { missing, warmed } = await startBrokers(testbed, neededBy(all), { urls, allowRemote, skip });
  record.brokers = brokerRecords(testbed, warmed);
  for (const [i, pattern] of all.entries()) {
    const why = whyPatternIsNotRun(pattern, missing);
    if (why) Object.assign(record.patterns[i]!, { state: 'not-run', reason: why.reason, hint: why.hint });
  }
  const patterns = all.filter((pattern) => !whyPatternIsNotRun(pattern, missing));
  const care = careForBrokers(testbed, neededBy(patterns), { urls, allowRemote });
  options.begun(record);
  const run: Run = { testbed, patterns, options, record, care };
  try {
    await runRounds(run);
    const isWhole = missing.size === 0 && record.trials.every(({ state }) => state === 'done');
    record.state = isWhole ? 'complete' : 'incomplete';
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
  /** Those that can be run. */
  readonly patterns: readonly ResolvedPattern[];
  readonly options: SweepOptions;
  readonly record: Sweep;
  readonly care: BrokerCare;
}

/** The first round finds out how far up each row goes; the others repeat it. */
async function runRounds(run: Run): Promise<void> {
  const { patterns, options } = run;
  const looks = new Map<ResolvedPattern, RateAssessment[]>(patterns.map((pattern) => [pattern, []]));
  const ran: LoadStep[] = [];
  for (const loadSteps of firstRound(patterns, options.rates, options.seed)) {
    for (const step of loadSteps.filter(({ pattern }) => !isStopped(looks.get(pattern)!))) {
      looks.get(step.pattern)!.push(await runStep(run, step, 1));
      ran.push(step);
    }
  }
  for (let round = 2; round <= options.rounds; round++) {
    for (const step of laterRound(ran, options.seed, round)) await runStep(run, step, round);
  }
}

async function runStep(
  { testbed, care, options, record }: Run,
  step: LoadStep,
  round: number,
): Promise<RateAssessment> {
  testbed.signal.throwIfAborted();
  const { pattern, ratePerS } = step;
  const spec = stepSpec(planOf(options), step, { id: record.trials.length + 1, round });
  const name = `${pattern.title} at ${formatRate(ratePerS)}, round ${round} of ${options.rounds}`;
  await care.before(neededBy([pattern]));
  testbed.progress.trialStarted({ name });
  const output = await runTrial(testbed, spec);
  const { trial } = output;
  const growth = measuredGrowth(output, spec, ratePerS);
  const assessment = assessRate(trial, growth);
  const phase = trial.phases[0];
  const counts = { planned: trial.planned, correct: phase?.correct ?? 0, doneInTime: phase?.doneInTime ?? 0 };
  record.trials.push({
    id: spec.id,
    round,
    pattern: pattern.id,
    ratePerS,
    durationMs: spec.durationMs,
    state: trial.state === 'done' ? 'done' : 'failed',
    validity: trial.validity,
    load: trial.load,
    limit: assessment.limit,
    why: assessment.why,
    growthPerS: growth?.perS ?? null,
    ...counts,
    evidence: trial.evidence,
    response: seriesOf(trial.phases, 'response'),
    completion: seriesOf(trial.phases, 'completion'),
  } satisfies SweepTrial);
  // Kept before it is announced: what was said to be finished is in the file, whatever is killed next.
  save({ record, options });
  testbed.progress.trialEnded({ name }, trial.state, assessmentText(assessment));
  await care.after(trial, []);
  return assessment;
}

function assessmentText({ limit, why }: RateAssessment): string {
  return limit === null ? 'sustained' : [limit, why].filter(Boolean).join(': ');
}

function seriesOf(phases: readonly Phase[], figure: 'response' | 'completion'): Series | null {
  return phases.length === 0 ? null : mergeSeries(phases.map((phase) => phase[figure]));
}

function planOf({ scenario, rounds, seed, quantile, objective }: SweepOptions) {
  const most = Math.max(quantile, objective?.quantile ?? 0);
  return { scenario, rounds, seed, drawn: quantile, quantile: most };
}

/** At most: rows that keep up no more are left out. */
function printEstimate(options: SweepOptions, patterns: readonly ResolvedPattern[]): void {
  const at = { id: 1, round: 1 };
  const once = patterns.flatMap((pattern) =>
    options.rates.map((ratePerS) => stepSpec(planOf(options), { pattern, ratePerS }, at)),
  );
  const seconds = options.rounds * estimateSeconds(once);
  const trials = options.rounds * once.length;
  options.progress.line(`At most ${formatEstimate(seconds)} for ${trials} trials (seed ${options.seed})`);
}

function save({ record, options }: Pick<Run, 'record' | 'options'>): void {
  record.finishedAt = new Date().toISOString();
  writeResult(options.outPath, record);
}

function newRecord(options: SweepOptions, patterns: readonly ResolvedPattern[]): Sweep {
  const environment = describeEnvironment();
  return {
    format: 'commbench-sweep',
    version: 1,
    commbench: String(environment['commbench'] ?? ''),
    startedAt: new Date().toISOString(),
    finishedAt: null,
    state: 'running',
    scenario: withoutSecrets(options.scenario),
    rates: [...options.rates],
    rounds: options.rounds,
    generators: options.generators,
    quantile: options.quantile,
    objective: options.objective,
    seed: options.seed,
    patterns: describePatterns(patterns),
    environment,
    brokers: [],
    trials: [],
  };
}
