import { setTimeout as sleep } from 'node:timers/promises';
import { redactUrl } from '../kernel/redact.ts';
import type { Result, Trial } from '../results/record.ts';
import { describeEnvironment } from '../results/environment.ts';
import { writeResult } from '../results/store.ts';
import type { Scenario } from '../scenario/schema.ts';
import { neededBy, type NotRun, restartBroker, startBrokers } from './broker-set.ts';
import type { Progress, TrialLabel } from './progress.ts';
import { describeRows, type RowChoice, resolveRows } from './rows.ts';
import { openRig, type Rig } from './rig.ts';
import type { Row } from './spec.ts';
import { runTrial } from './trial.ts';
import { estimateSeconds, orderTrials, specOf } from './trial-plan.ts';

/** So long after a failed trial a broker's own end may still be on its way to us. */
const NOTICE_MS = 500;

export interface ExperimentOptions extends RowChoice {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly outPath: string;
  /** Broker URLs given by the user, by the broker's name. */
  readonly brokers: Readonly<Record<string, string>>;
  readonly skipBrokers: boolean;
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
  const rows = await resolveRows(scenario, options);
  const order = orderTrials(scenario, rows, seed);
  const result: Result = {
    ...newResult(options, rows),
    order,
  };
  progress.line(
    `About ${formatEstimate(estimateSeconds(order, scenario))} for ${order.length} trials (seed ${seed})`,
  );
  try {
    await using rig = await openRig({ progress, signal: options.signal });
    const { missing, warmed } = await startBrokers(rig, rows, {
      urls: options.brokers,
      allowRemote: options.allowRemote,
      skip: options.skipBrokers,
    });
    noteBrokers(result, rig, warmed);
    notePatterns(result, rows, missing);
    await runAll(rig, options, rows, result, missing);
    result.state = isComplete(result) ? 'complete' : 'incomplete';
  } catch (error) {
    result.state = 'interrupted';
    if (result.trials.length > 0) save(result, outPath);
    throw error;
  }
  save(result, outPath);
  return result;
}

async function runAll(
  rig: Rig,
  options: ExperimentOptions,
  rows: readonly Row[],
  result: Result,
  missing: ReadonlyMap<string, NotRun>,
): Promise<void> {
  const runnable = rows.filter(
    (row) => missing.get(row.definition.broker?.name ?? '') === undefined || row.target,
  );
  const entries = result.order.filter((entry) => runnable.some((row) => row.id === entry.pattern));
  for (const [i, entry] of entries.entries()) {
    rig.signal.throwIfAborted();
    const row = runnable.find((r) => r.id === entry.pattern)!;
    const label: TrialLabel = {
      round: entry.round,
      rounds: options.scenario.rounds,
      index: i + 1,
      count: entries.length,
      pattern: row.title,
      kind: entry.kind,
    };
    // After a failed trial: its clients may have noticed a broker's end before the reaper did.
    await mendBrokers(rig, runnable, options, result.trials.at(-1)?.state === 'failed' ? NOTICE_MS : 1);
    rig.progress.trialStarted(label);
    const { trial } = await runTrial(rig, specOf(entry, options.scenario, row, options.seed));
    result.trials.push(trial);
    // Kept before it is announced: what was said to be finished is in the file, whatever is killed next.
    save(result, options.outPath);
    rig.progress.trialEnded(label, trial.state, summaryOf(trial));
  }
}

/** Brokers are up for every row, or its trials fail with the cause: one that was lost is started again. */
async function mendBrokers(
  rig: Rig,
  rows: readonly Row[],
  { brokers: urls, allowRemote }: ExperimentOptions,
  noticeMs: number,
): Promise<void> {
  for (const definition of neededBy(rows)) {
    const broker = rig.brokers.get(definition.name);
    const isLost =
      !broker || (await Promise.race([broker.lost.then(() => true), sleep(noticeMs).then(() => false)]));
    if (isLost && !(await restartBroker(rig, definition, { urls, allowRemote }))) {
      rig.progress.line(`${definition.title} did not come back`);
    }
  }
}

function newResult(options: ExperimentOptions, rows: readonly Row[]): Omit<Result, 'order'> {
  const environment = describeEnvironment();
  return {
    format: 'commbench-result',
    version: 1,
    commbench: String(environment['commbench'] ?? ''),
    startedAt: new Date().toISOString(),
    finishedAt: null,
    state: 'running',
    scenario: options.scenario,
    seed: options.seed,
    options: options.options,
    environment,
    brokers: [],
    patterns: describeRows(rows),
    trials: [],
  };
}

function noteBrokers(result: Result, rig: Rig, warmed: ReadonlyMap<string, string>): void {
  for (const broker of rig.brokers.values()) {
    const { name, source, version, url } = broker;
    result.brokers.push({ name, source, version, url: redactUrl(url), warmed: warmed.get(name) ?? null });
  }
}

function notePatterns(result: Result, rows: readonly Row[], missing: ReadonlyMap<string, NotRun>): void {
  for (const [i, row] of rows.entries()) {
    const why = row.target === undefined ? missing.get(row.definition.broker?.name ?? '') : undefined;
    if (why) Object.assign(result.patterns[i]!, { state: 'not-run', reason: why.reason, cure: why.cure });
  }
}

function save(result: Result, outPath: string): void {
  result.finishedAt = new Date().toISOString();
  writeResult(outPath, result);
}

function isComplete(result: Result): boolean {
  return result.trials.length === result.order.length && result.trials.every((t) => t.state === 'done');
}

function summaryOf(trial: Trial): string {
  return trial.failure ?? `${trial.measurement.verdict}, ${trial.load.verdict}`;
}

function formatEstimate(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${(seconds / 60).toFixed(1)} min`;
}
