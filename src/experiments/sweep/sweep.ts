import { loadCatalogue } from '../../transports/discover.ts';
import { mergeSeries } from '../../measure/figures/histogram.ts';
import type { Phase, Series } from '../../measure/figures/figures.ts';
import { describeEnvironment } from '../../record/environment.ts';
import { formatRate } from '../../report/format.ts';
import { type RateLook, rateLookOf } from '../../record/rate-look.ts';
import type { Objective, Sweep, SweepTrial } from '../../record/sweep-record.ts';
import { writeResult } from '../../record/store.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { withoutSecrets } from '../../scenario/load/target-secrets.ts';
import { type BrokerCare, careForBrokers } from '../../trial/environment/broker-care.ts';
import { brokerRecords } from '../../trial/environment/broker-records.ts';
import { neededBy, startBrokers } from '../../trial/environment/broker-set.ts';
import { estimateSeconds, formatEstimate } from '../../plan/estimate.ts';
import { whyRowIsNotRun } from '../new-result.ts';
import type { Progress } from '../../trial/progress.ts';
import { growthSeen } from '../rate-trial.ts';
import { openRig, type Rig } from '../../trial/environment/rig.ts';
import { describeRows, resolveRows, type RowChoice } from '../../plan/rows.ts';
import type { Row } from '../../plan/spec.ts';
import { firstRound, isStopped, laterRound, type Rung, rungSpec } from './sweep-plan.ts';
import { runTrial } from '../../trial/trial.ts';

export interface SweepOptions extends RowChoice {
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
  const all = await resolveRows(options.scenario, options, await loadCatalogue());
  const record = newRecord(options, all);
  tellEstimate(options, all);
  await using rig = await openRig({ progress, signal, generators: options.generators });
  const { missing, warmed } = await startBrokers(rig, neededBy(all), { urls, allowRemote, skip });
  record.brokers = brokerRecords(rig, warmed);
  for (const [i, row] of all.entries()) {
    const why = whyRowIsNotRun(row, missing);
    if (why) Object.assign(record.rows[i]!, { state: 'not-run', reason: why.reason, cure: why.cure });
  }
  const rows = all.filter((row) => !whyRowIsNotRun(row, missing));
  const care = careForBrokers(rig, neededBy(rows), { urls, allowRemote });
  options.begun(record);
  const run: Run = { rig, rows, options, record, care };
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
  readonly rig: Rig;
  /** Those that can be run. */
  readonly rows: readonly Row[];
  readonly options: SweepOptions;
  readonly record: Sweep;
  readonly care: BrokerCare;
}

/** The first round finds out how far up each row goes; the others repeat it. */
async function runRounds(run: Run): Promise<void> {
  const { rows, options } = run;
  const looks = new Map<Row, RateLook[]>(rows.map((row) => [row, []]));
  const ran: Rung[] = [];
  for (const rungs of firstRound(rows, options.rates, options.seed)) {
    for (const rung of rungs.filter(({ row }) => !isStopped(looks.get(row)!))) {
      looks.get(rung.row)!.push(await runRung(run, rung, 1));
      ran.push(rung);
    }
  }
  for (let round = 2; round <= options.rounds; round++) {
    for (const rung of laterRound(ran, options.seed, round)) await runRung(run, rung, round);
  }
}

async function runRung({ rig, care, options, record }: Run, rung: Rung, round: number): Promise<RateLook> {
  rig.signal.throwIfAborted();
  const { row, ratePerS } = rung;
  const spec = rungSpec(planOf(options), rung, { id: record.trials.length + 1, round });
  const name = `${row.title} at ${formatRate(ratePerS)}, round ${round} of ${options.rounds}`;
  await care.before(neededBy([row]));
  rig.progress.trialStarted({ name });
  const output = await runTrial(rig, spec);
  const { trial } = output;
  const growth = growthSeen(output, spec, ratePerS);
  const look = rateLookOf(trial, growth);
  const phase = trial.phases[0];
  const counts = { planned: trial.planned, correct: phase?.correct ?? 0, doneInTime: phase?.doneInTime ?? 0 };
  record.trials.push({
    id: spec.id,
    round,
    pattern: row.id,
    ratePerS,
    durationMs: spec.durationMs,
    state: trial.state === 'done' ? 'done' : 'failed',
    measurement: trial.measurement,
    load: trial.load,
    limit: look.limit,
    why: look.why,
    growthPerS: growth?.perS ?? null,
    ...counts,
    evidence: trial.evidence,
    response: seriesOf(trial.phases, 'response'),
    completion: seriesOf(trial.phases, 'completion'),
  } satisfies SweepTrial);
  // Kept before it is announced: what was said to be finished is in the file, whatever is killed next.
  save({ record, options });
  rig.progress.trialEnded({ name }, trial.state, lookText(look));
  await care.after(trial, []);
  return look;
}

function lookText({ limit, why }: RateLook): string {
  return limit === null ? 'kept' : [limit, why].filter(Boolean).join(': ');
}

function seriesOf(phases: readonly Phase[], figure: 'response' | 'completion'): Series | null {
  return phases.length === 0 ? null : mergeSeries(phases.map((phase) => phase[figure]));
}

function planOf({ scenario, rounds, seed, quantile, objective }: SweepOptions) {
  const most = Math.max(quantile, objective?.quantile ?? 0);
  return { scenario, rounds, seed, drawn: quantile, quantile: most };
}

/** At most: rows that keep up no more are left out. */
function tellEstimate(options: SweepOptions, rows: readonly Row[]): void {
  const at = { id: 1, round: 1 };
  const once = rows.flatMap((row) =>
    options.rates.map((ratePerS) => rungSpec(planOf(options), { row, ratePerS }, at)),
  );
  const seconds = options.rounds * estimateSeconds(once);
  const trials = options.rounds * once.length;
  options.progress.line(`At most ${formatEstimate(seconds)} for ${trials} trials (seed ${options.seed})`);
}

function save({ record, options }: Pick<Run, 'record' | 'options'>): void {
  record.finishedAt = new Date().toISOString();
  writeResult(options.outPath, record);
}

function newRecord(options: SweepOptions, rows: readonly Row[]): Sweep {
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
    rows: describeRows(rows),
    environment,
    brokers: [],
    trials: [],
  };
}
