import { loadCatalogue } from '../../transports/discover.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { draw } from '../../kernel/random.ts';
import { judgePoint, type Verdict } from '../../measure/stats/crossover-point.ts';
import { findingOf, searchBorder } from '../../measure/stats/crossover-search.ts';
import { pairName, progressText, verdictText } from '../../report/searches/crossover-text.ts';
import { type Crossover, type Figure, type Pair, type Point } from '../../record/crossover-record.ts';
import { POINT_RULES, sampleOf, trialFigureOf } from '../../report/searches/crossover-sample.ts';
import { describeEnvironment } from '../../record/environment.ts';
import type { Trial } from '../../record/record.ts';
import { writeResult } from '../../record/store.ts';
import { type BrokerCare, careForBrokers } from '../../trial/environment/broker-care.ts';
import { brokerRecords } from '../../trial/environment/broker-records.ts';
import { neededBy, startBrokers } from '../../trial/environment/broker-set.ts';
import { type CrossoverPlan, pairSpec, probeSpec, RANGES } from './crossover-plan.ts';
import type { Progress } from '../../trial/progress.ts';
import { openRig, type Rig } from '../../trial/environment/rig.ts';
import { describeRows, resolveRows } from '../../plan/rows.ts';
import type { Row, TrialSpec } from '../../plan/spec.ts';
import { runTrial } from '../../trial/trial.ts';

export interface CrossoverOptions extends CrossoverPlan {
  /** Ids of two rows of the scenario. */
  readonly between: readonly [string, string];
  readonly figure: Figure;
  /** Undefined: the question's own; of a rate, up to the higher of the rows' ceilings. */
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
  const choice = { patterns: between, targets: {}, allowRemote: [] };
  const found = await resolveRows(options.scenario, choice, await loadCatalogue());
  const rows = between.map((id) => found.find((row) => row.id === id)!) as [Row, Row];
  const record = newRecord(options, rows);
  await using rig = await openRig({ progress, signal });
  const { missing, warmed } = await startBrokers(rig, neededBy(rows), { urls, allowRemote, skip: false });
  for (const { reason, cure } of missing.values()) {
    throw new CommbenchError('no-broker', reason, cure === null ? {} : { hint: cure });
  }
  record.brokers = brokerRecords(rig, warmed);
  const care = careForBrokers(rig, neededBy(rows), { urls, allowRemote });
  const endMs = performance.now() + options.budgetMs;
  const run: Run = { rig, rows, options, record, care, endMs, ids: 0, pairs: 0 };
  options.begun(record);
  try {
    await findCeilings(run);
    await searchBorder(record.range, (at) => lookAt(run, at));
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
  readonly rig: Rig;
  readonly rows: readonly [Row, Row];
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
async function lookAt(run: Run, at: number): Promise<Verdict> {
  const { record, rig, endMs } = run;
  const point: Point = { at, pairs: [], verdict: null };
  record.points.push(point);
  for (;;) {
    const samples = point.pairs.map(({ sample }) => sample);
    const isOver = performance.now() >= endMs;
    const verdict =
      judgePoint(samples, record.rule) ?? (isOver ? ({ state: 'stopped' } as const) : undefined);
    if (verdict) {
      point.verdict = verdict;
      rig.progress.line(verdictText(record, point));
      save(run);
      return verdict;
    }
    point.pairs.push(await runPair(run, point));
    save(run);
  }
}

/** Both rows one after the other, in an order that is drawn; fresh processes, the same arrivals. */
async function runPair(run: Run, point: Point): Promise<Pair> {
  const { options, rows, record } = run;
  const pair = ++run.pairs;
  const isTurned = draw(options.seed, 'crossover order', pair) < 0.5;
  const order = isTurned ? ([rows[1], rows[0]] as const) : rows;
  const trials = new Map<Row, Trial>();
  for (const row of order) {
    const spec = pairSpec(options, row, { id: ++run.ids, pair, at: point.at });
    trials.set(row, await runOne(run, spec, pairName(record, point, row.title)));
  }
  const [first, second] = rows.map((row) =>
    trialFigureOf(trials.get(row)!, options.question, options.figure),
  ) as [Pair['first'], Pair['second']];
  const { seed } = pairSpec(options, rows[0], { id: 0, pair, at: point.at });
  const sample = sampleOf(options.question, first, second);
  return { seed, order: [order[0].id, order[1].id], first, second, sample };
}

async function runOne({ rig, care, record, endMs }: Run, spec: TrialSpec, what: string): Promise<Trial> {
  rig.signal.throwIfAborted();
  const name = `${progressText(record, Math.max(0, endMs - performance.now()))}: ${what}`;
  await care.before(neededBy([spec.row]));
  rig.progress.trialStarted({ name });
  const { trial } = await runTrial(rig, spec);
  const summary = trial.failure ?? `${trial.measurement.verdict}, ${trial.load.verdict}`;
  rig.progress.trialEnded({ name }, trial.state, summary);
  await care.after(trial, []);
  return trial;
}

/** How far a rate can go: no further than the higher of both ceilings, where both rows are too slow. */
async function findCeilings(run: Run): Promise<void> {
  const { options, rows, record } = run;
  if (options.question !== 'rate' || options.to !== undefined) return;
  for (const [i, row] of rows.entries()) {
    const trial = await runOne(run, probeSpec(options, row, ++run.ids), `the ceiling of ${row.title}`);
    const known = Object.values(trial.ceiling).filter((perS) => perS !== null);
    record.ceilings[i] = known.length === 0 ? null : Math.min(...known);
  }
  const [first, second] = record.ceilings;
  if (first === null || second === null) return;
  const most = Math.round(Math.max(first, second));
  record.range.to = Math.max(record.range.from + 1, Math.min(record.range.to, most));
}

function save({ record, options }: Run): void {
  const looked = record.points.flatMap(({ at, verdict }) => (verdict ? [{ at, verdict }] : []));
  record.finding = findingOf(record.range, looked);
  record.finishedAt = new Date().toISOString();
  writeResult(options.outPath, record);
}

function newRecord(options: CrossoverOptions, rows: readonly [Row, Row]): Crossover {
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
    ceilings: [null, null],
    rows: describeRows(rows) as Crossover['rows'],
    environment,
    brokers: [],
    points: [],
    finding: { kind: 'cant-tell' },
  };
}
