import { loadCatalogue } from '../../transports/discover.ts';
import type { Result } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { BrokerIdentity } from '../../kernel/transport.ts';
import { topologyOf } from '../../scenario/schema/topology.ts';
import { careForBrokers } from '../../trial/environment/broker-care.ts';
import { brokerRecords } from '../../trial/environment/broker-records.ts';
import { type NotRun, startBrokers } from '../../trial/environment/broker-set.ts';
import { uniqueBrokers } from '../../kernel/catalogue.ts';
import { brokersOf, brokersTakenIn } from '../../plan/brokers-of.ts';
import { kindByName, settingsOf } from '../../plan/kinds/kinds.ts';
import { busyRateOf } from '../../plan/busy-rate.ts';
import { estimateSeconds, formatEstimate } from '../../plan/estimate.ts';
import { openPreview } from './preview.ts';
import { newResult, notePatterns, saveResult, summaryOf, whyRowIsNotRun } from '../new-result.ts';
import type { Progress, TrialLabel } from '../../trial/progress.ts';
import { type RowChoice, resolveRows } from '../../plan/rows.ts';
import { openRig, type Rig } from '../../trial/environment/rig.ts';
import type { Row, TrialSpec } from '../../plan/spec.ts';
import { runTrial } from '../../trial/trial.ts';
import type { Entry } from '../../plan/entry.ts';
import { orderTrials } from '../../plan/trial-order.ts';
import { specOf } from '../../plan/trial-plan.ts';
import { skippedTrial } from '../../trial/trial-record.ts';
import { whyNotTaken } from '../../trial/why-not.ts';

export interface ExperimentOptions extends RowChoice {
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
  const rows = await resolveRows(scenario, options, await loadCatalogue());
  const order = orderTrials(scenario, rows, seed, options.variants);
  const result: Result = { ...newResult(options, rows), order };
  progress.line(
    `About ${formatEstimate(estimateOf(order, rows, options))} for ${order.length} trials (seed ${seed})`,
  );
  try {
    await using rig = await openRig({ progress, signal: options.signal, generators: options.generators });
    const choice = { urls: options.brokers, allowRemote: options.allowRemote, skip: options.skipBrokers };
    const meanwhile = options.preview ? () => openPreview(rig, rows, scenario, seed) : undefined;
    const needed = brokersOfAll(order, rows, scenario);
    const { missing, warmed } = await startBrokers(rig, needed, choice, meanwhile);
    result.brokers = brokerRecords(rig, warmed);
    notePatterns(result, rows, missing);
    await runAll({ rig, options, result, rows, missing, needed });
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
  readonly rig: Rig;
  readonly options: ExperimentOptions;
  readonly result: Result;
  readonly rows: readonly Row[];
  /** Brokers that can't be had, by name. */
  readonly missing: ReadonlyMap<string, NotRun>;
  readonly needed: readonly BrokerIdentity[];
}

/** Also those of rows whose edges alone go over one: they run in those variants that need none. */
function brokersOfAll(order: readonly Entry[], rows: readonly Row[], scenario: Scenario): BrokerIdentity[] {
  const needed = order.flatMap((entry) => {
    return brokersOf(rowOf(entry, rows), topologyOf(scenario, entry.variant));
  });
  return uniqueBrokers(needed);
}

function rowOf(entry: Entry, rows: readonly Row[]): Row {
  return rows.find(({ id }) => id === entry.pattern)!;
}

async function runAll(run: Run): Promise<void> {
  const { rig, options, result, rows, missing } = run;
  const { brokers: urls, allowRemote } = options;
  const toBeHad = run.needed.filter(({ name }) => !missing.has(name));
  const care = careForBrokers(rig, toBeHad, { urls, allowRemote });
  const entries = result.order.filter((entry) => !whyRowIsNotRun(rowOf(entry, rows), missing));
  for (const [i, entry] of entries.entries()) {
    rig.signal.throwIfAborted();
    const row = rowOf(entry, rows);
    const label = labelOf(entry, row, options.scenario, { index: i + 1, count: entries.length });
    const spec = planOf(run, entry, row);
    const own = brokersOf(row, typeof spec === 'string' ? undefined : spec.topology);
    await care.before(own.filter(({ name }) => !missing.has(name)));
    rig.progress.trialStarted(label);
    const trial = typeof spec === 'string' ? skippedTrial(entry, spec) : (await runTrial(rig, spec)).trial;
    result.trials.push(trial);
    // Kept before it is announced: what was said to be finished is in the file, whatever is killed next.
    saveResult(result, options.outPath);
    rig.progress.trialEnded(label, trial.state, summaryOf(trial));
    await care.after(trial, typeof spec === 'string' ? [] : brokersTakenIn(spec));
  }
}

/** A trial's plan, or why it is not run here, in words. */
function planOf({ rig, options, result, missing }: Run, entry: Entry, row: Row): TrialSpec | string {
  const { scenario, seed } = options;
  const kind = kindByName(entry.kind);
  const share = kind.ceilingShare?.(settingsOf(scenario, kind));
  const busy = share === undefined ? undefined : busyRateOf(result.trials, row.id, share);
  if (typeof busy === 'string') return busy;
  const spec = specOf(entry, { scenario, seed, row, ...(busy ? { busy } : {}) });
  const missed = brokersOf(row, spec.topology).flatMap(({ name }) => missing.get(name) ?? []);
  if (missed[0]) return [missed[0].reason, missed[0].cure].filter(Boolean).join('; ');
  return brokersTakenIn(spec).flatMap((broker) => whyNotTaken(rig, broker) ?? [])[0] ?? spec;
}

function labelOf(
  entry: Entry,
  row: Row,
  { rounds, variants, cases }: Scenario,
  place: { index: number; count: number },
): TrialLabel {
  const variant = variants.find(({ id }) => id === entry.variant)?.title ?? null;
  const ofCase = cases.find(({ id }) => id === entry.case)?.title;
  return {
    round: entry.round,
    rounds,
    ...place,
    pattern: row.title,
    variant,
    kind: entry.kind,
    case: ofCase,
  };
}

/** How long all of it takes; how busy the busy blocks are makes no difference. */
function estimateOf(
  order: readonly Entry[],
  rows: readonly Row[],
  { scenario, seed }: ExperimentOptions,
): number {
  const busy = { perS: 1, note: '' };
  const specs = order.map((entry) => specOf(entry, { scenario, seed, row: rowOf(entry, rows), busy }));
  return estimateSeconds(specs);
}

function isComplete(result: Result): boolean {
  return result.trials.length === result.order.length && result.trials.every((t) => t.state !== 'failed');
}
