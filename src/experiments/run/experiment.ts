import type { Result } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { BrokerIdentity } from '../../kernel/transport.ts';
import { topologyOf } from '../../scenario/schema/topology.ts';
import { careForBrokers } from '../../trial/environment/broker-care.ts';
import { brokerRecords } from '../../trial/environment/broker-records.ts';
import { type NotRun, startBrokers } from '../../trial/environment/broker-set.ts';
import { brokersOf, brokersTakenIn, uniqueBrokers } from '../../plan/brokers-of.ts';
import { busyRateOf } from '../../plan/busy-rate.ts';
import { estimateSeconds, formatEstimate } from '../../plan/estimate.ts';
import { openPreview } from './preview.ts';
import { newResult, notePatterns, saveResult, summaryOf, whyPatternIsNotRun } from '../new-result.ts';
import type { Progress, TrialLabel } from '../../trial/progress.ts';
import { type PatternChoice, resolvePatterns } from '../../plan/resolve-patterns.ts';
import { openTestbed, type Testbed } from '../../trial/environment/testbed.ts';
import type { ResolvedPattern, TrialSpec } from '../../plan/spec.ts';
import { runTrial } from '../../trial/trial.ts';
import type { Entry } from '../../plan/entry.ts';
import { orderTrials } from '../../plan/trial-order.ts';
import { specOf } from '../../plan/trial-plan.ts';
import { skippedTrial } from '../../trial/trial-record.ts';
import { whyNotTaken } from '../../trial/why-not.ts';

export interface ExperimentOptions extends PatternChoice {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly outPath: string;
  /** Broker URLs given by the user, by the broker's name. */
  readonly brokers: Readonly<Record<string, string>>;
  readonly skipBrokers: boolean;
  /** Ids of the variants to run; undefined: all. */
  readonly variants: readonly string[] | undefined;
  /** Processes that share the schedule of each trial. */
  readonly generators: number;
  /** Whether to show a preview of the rows that need no broker while brokers are fetched. */
  readonly preview: boolean;
  /** What the user asked for, kept in the result. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Runs every trial of a scenario in its order and writes the result after each of them.
 * @throws CommbenchError interrupted, terminated, reaper-lost, disk-full: what was finished is in the file
 */
export async function runExperiment(options: ExperimentOptions): Promise<Result> {
  const { scenario, seed, outPath, progress } = options;
  const patterns = await resolvePatterns(scenario, options);
  const order = orderTrials(scenario, patterns, seed, options.variants);
  const result: Result = { ...newResult(options, patterns), order };
  progress.line(
    `About ${formatEstimate(estimateOf(order, patterns, options))} for ${order.length} trials (seed ${seed})`,
  );
  try {
    await using testbed = await openTestbed({
      progress,
      signal: options.signal,
      generators: options.generators,
    });
    const choice = { urls: options.brokers, allowRemote: options.allowRemote, skip: options.skipBrokers };
    const meanwhile = options.preview ? () => openPreview(testbed, patterns, scenario, seed) : undefined;
    const needed = brokersOfAll(order, patterns, scenario);
    const { missing, warmed } = await startBrokers(testbed, needed, choice, meanwhile);
    result.brokers = brokerRecords(testbed, warmed);
    notePatterns(result, patterns, missing);
    await runAll({ testbed, options, result, patterns, missing, needed });
    result.state = isComplete(result) && missing.size === 0 ? 'complete' : 'incomplete';
  } catch (error) {
    result.state = 'interrupted';
    if (result.trials.length > 0) saveResult(result, outPath);
    throw error;
  }
  saveResult(result, outPath);
  return result;
}

/** What every trial of a run needs to be planned. */
interface Run {
  readonly testbed: Testbed;
  readonly options: ExperimentOptions;
  readonly result: Result;
  readonly patterns: readonly ResolvedPattern[];
  /** Brokers that can't be had, by name. */
  readonly missing: ReadonlyMap<string, NotRun>;
  readonly needed: readonly BrokerIdentity[];
}

/** Also those of rows whose edges alone go over one: they run in those variants that need none. */
function brokersOfAll(
  order: readonly Entry[],
  patterns: readonly ResolvedPattern[],
  scenario: Scenario,
): BrokerIdentity[] {
  const needed = order.flatMap((entry) => {
    return brokersOf(rowOf(entry, patterns), topologyOf(scenario, entry.variant));
  });
  return uniqueBrokers(needed);
}

function rowOf(entry: Entry, patterns: readonly ResolvedPattern[]): ResolvedPattern {
  return patterns.find(({ id }) => id === entry.pattern)!;
}

async function runAll(run: Run): Promise<void> {
  const { testbed, options, result, patterns, missing } = run;
  const { brokers: urls, allowRemote } = options;
  const toBeHad = run.needed.filter(({ name }) => !missing.has(name));
  const care = careForBrokers(testbed, toBeHad, { urls, allowRemote });
  const entries = result.order.filter((entry) => !whyPatternIsNotRun(rowOf(entry, patterns), missing));
  for (const [i, entry] of entries.entries()) {
    testbed.signal.throwIfAborted();
    const pattern = rowOf(entry, patterns);
    const label = labelOf(entry, pattern, options.scenario, { index: i + 1, count: entries.length });
    const spec = planOf(run, entry, pattern);
    const own = brokersOf(pattern, typeof spec === 'string' ? undefined : spec.topology);
    await care.before(own.filter(({ name }) => !missing.has(name)));
    testbed.progress.trialStarted(label);
    const trial =
      typeof spec === 'string' ? skippedTrial(entry, spec) : (await runTrial(testbed, spec)).trial;
    result.trials.push(trial);
    // Kept before it is announced: what was said to be finished is in the file, whatever is killed next.
    saveResult(result, options.outPath);
    testbed.progress.trialEnded(label, trial.state, summaryOf(trial));
    await care.after(trial, typeof spec === 'string' ? [] : brokersTakenIn(spec));
  }
}

/** A trial's plan, or why it is not run here, in words. */
function planOf(
  { testbed, options, result, missing }: Run,
  entry: Entry,
  pattern: ResolvedPattern,
): TrialSpec | string {
  const { scenario, seed } = options;
  const busy =
    entry.kind === 'idle-busy'
      ? busyRateOf(result.trials, pattern.id, scenario.idleBusy!.busyShare)
      : undefined;
  if (typeof busy === 'string') return busy;
  const spec = specOf(entry, { scenario, seed, pattern, ...(busy ? { busy } : {}) });
  const missed = brokersOf(pattern, spec.topology).flatMap(({ name }) => missing.get(name) ?? []);
  if (missed[0]) return [missed[0].reason, missed[0].hint].filter(Boolean).join('; ');
  return brokersTakenIn(spec).flatMap((broker) => whyNotTaken(testbed, broker) ?? [])[0] ?? spec;
}

function labelOf(
  entry: Entry,
  pattern: ResolvedPattern,
  { rounds, variants, cases }: Scenario,
  place: { index: number; count: number },
): TrialLabel {
  const variant = variants.find(({ id }) => id === entry.variant)?.title ?? null;
  const ofCase = cases.find(({ id }) => id === entry.case)?.title;
  return {
    round: entry.round,
    rounds,
    ...place,
    pattern: pattern.title,
    variant,
    kind: entry.kind,
    case: ofCase,
  };
}

/** How long all of it takes; how busy the busy blocks are makes no difference. */
function estimateOf(
  order: readonly Entry[],
  patterns: readonly ResolvedPattern[],
  { scenario, seed }: ExperimentOptions,
): number {
  const busy = { perS: 1, note: '' };
  const specs = order.map((entry) =>
    specOf(entry, { scenario, seed, pattern: rowOf(entry, patterns), busy }),
  );
  return estimateSeconds(specs);
}

function isComplete(result: Result): boolean {
  return result.trials.length === result.order.length && result.trials.every((t) => t.state !== 'failed');
}
