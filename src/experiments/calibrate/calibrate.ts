import { loadCatalogue } from '../../transports/discover.ts';
import { ceilingFound, type RateLooked, searchCeiling } from '../../measure/stats/ceiling-search.ts';
import { mergeSeries } from '../../measure/figures/histogram.ts';
import { quantileCell } from '../../measure/figures/percentile.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { MAX_RATE_PER_S } from '../../kernel/load-shape.ts';
import type { CalibratedRow, Calibration } from '../../record/calibration-record.ts';
import { describeEnvironment } from '../../record/environment.ts';
import { formatRate } from '../../report/format.ts';
import { type Limit, type RateLook, rateLookOf } from '../../record/rate-look.ts';
import type { Trial } from '../../record/record.ts';
import { writeResult } from '../../record/store.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { type BrokerCare, careForBrokers } from '../../trial/environment/broker-care.ts';
import { brokerRecords } from '../../trial/environment/broker-records.ts';
import { neededBy, startBrokers } from '../../trial/environment/broker-set.ts';
import { fingerprintOf, readCalibration } from '../calibration-file.ts';
import { closedLoopOf } from './closed-loop.ts';
import { whyRowIsNotRun } from '../new-result.ts';
import type { Progress } from '../../trial/progress.ts';
import { growthSeen, rateSpec } from '../rate-trial.ts';
import { openRig, type Rig } from '../../trial/environment/rig.ts';
import { rowKey } from '../../plan/row-key.ts';
import { describeRows, resolveRows } from '../../plan/rows.ts';
import type { Row, TrialSpec } from '../../plan/spec.ts';
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

/** Both rates that enclose a ceiling are to be within this factor. */
const WITHIN = 1.15;
const FLOOR = { perS: 100, trials: 3 } as const;
const TRIAL_MS = 1000;
/** Of a row's closed loop: open loop, half of it is a fair guess. */
const START_SHARE = 0.5;
const RANGE = { leastPerS: 20, mostPerS: MAX_RATE_PER_S, usualPerS: 500 } as const;

/**
 * Floor and ceiling of every row against a service that does nothing; what is known is in the file after each row.
 * @throws CommbenchError interrupted, terminated, reaper-lost, disk-full: the record is as far as it came
 */
export async function runCalibrate(options: CalibrateOptions): Promise<Calibration> {
  const { progress, signal, brokers: urls, allowRemote, skipBrokers: skip, patterns } = options;
  const rows = await rowsOfOurs(options.scenario, patterns);
  const record = newRecord(options, rows);
  await using rig = await openRig({ progress, signal });
  const { missing, warmed } = await startBrokers(rig, neededBy(rows), { urls, allowRemote, skip });
  record.brokers = brokerRecords(rig, warmed);
  const there = rows.filter((row) => !whyRowIsNotRun(row, missing));
  for (const [i, row] of rows.entries()) {
    const why = whyRowIsNotRun(row, missing);
    if (why && record.rows[i]!.at === null) record.rows[i]!.why = why.reason;
  }
  const care = careForBrokers(rig, neededBy(there), { urls, allowRemote });
  options.begun(record);
  try {
    await calibrateAll({ rig, care, options, record, endMs: 0, ids: 0 }, rows, there);
    const isWhole = missing.size === 0 && record.rows.slice(0, rows.length).every(({ why }) => why === null);
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
export async function rowsOfOurs(
  scenario: Scenario,
  patterns: readonly string[] | undefined,
): Promise<Row[]> {
  const choice = { patterns, targets: {}, allowRemote: [] };
  return resolveRows({ ...scenario, targets: {} }, choice, await loadCatalogue());
}

interface Run {
  readonly rig: Rig;
  readonly care: BrokerCare;
  readonly options: CalibrateOptions;
  readonly record: Calibration;
  /** Of the row that is on, on the clock of `performance.now()`. */
  endMs: number;
  /** Counted so far. */
  ids: number;
}

/** What a row leaves of its part of the budget is the next ones'. */
async function calibrateAll(run: Run, rows: readonly Row[], there: readonly Row[]): Promise<void> {
  const allEndMs = performance.now() + run.options.budgetMs;
  for (const [i, row] of there.entries()) {
    const now = performance.now();
    run.endMs = now + Math.max(0, allEndMs - now) / (there.length - i);
    const place = rows.indexOf(row);
    const before = run.record.rows[place]!;
    const found = await calibrateRow(run, row, before);
    run.rig.progress.line(`${row.title}: ${summaryOf(found)}`);
    run.record.rows[place] = betterOf(found, before);
    save(run.options, run.record);
  }
}

/** What was known is not lost to a machine that is busy now, nor to a budget that ends sooner. */
export function betterOf(found: CalibratedRow, before: CalibratedRow): CalibratedRow {
  if (worthOf(found) >= worthOf(before)) return found;
  return { ...before, why: found.why ?? 'the time was over before its ceiling was known as well as it was' };
}

/** Of a ceiling found, of one that is only known to be there or above, and of a floor. */
function worthOf({ floor, ceiling }: CalibratedRow): number {
  const ofFloor = floor === null ? 0 : 1;
  if (ceiling === null || ceiling.keptPerS === null) return ofFloor;
  return ofFloor + (ceiling.isWhole ? 4 : 2);
}

async function calibrateRow(
  run: Run,
  row: Row,
  { pattern, key }: Pick<CalibratedRow, 'pattern' | 'key'>,
): Promise<CalibratedRow> {
  const at = new Date().toISOString();
  const isHttp = row.definition.name === 'rest';
  const closedLoop = isHttp && !isOver(run) ? await crossCheck(run, row) : null;
  const floors: Trial[] = [];
  for (let i = 0; i < FLOOR.trials && !isOver(run); i++) {
    const spec = specAt(run, row, FLOOR.perS);
    // The first one's warm-up asks also how far a closed loop goes.
    const probed = i === 0 && spec.warmUp ? { ...spec, warmUp: { ...spec.warmUp, forMs: TRIAL_MS } } : spec;
    floors.push((await runOne(run, probed, `floor of ${row.title}`)).trial);
  }
  const valid = floors.filter(({ measurement }) => measurement.verdict === 'valid');
  const floor = floorOf(valid);
  const ceiling = await ceilingOf(run, row, startOf(floors));
  return { pattern, key, at, floor, ceiling, closedLoop, why: whyOf({ floor, ceiling }, floors) };
}

function startOf([first]: readonly Trial[]): number {
  const known = first ? Object.values(first.ceiling).filter((perS) => perS !== null) : [];
  return known.length === 0 ? RANGE.usualPerS : START_SHARE * Math.min(...known);
}

async function ceilingOf(run: Run, row: Row, startPerS: number): Promise<CalibratedRow['ceiling']> {
  const { leastPerS, mostPerS } = RANGE;
  const seen = new Map<number, RateLook[]>();
  let isWhole = true;
  const looked = await searchCeiling({ startPerS, leastPerS, mostPerS, within: WITHIN }, async (ratePerS) => {
    if (isOver(run)) {
      isWhole = false;
      return undefined;
    }
    const spec = specAt(run, row, ratePerS);
    const output = await runOne(run, spec, `${row.title} at ${formatRate(ratePerS)}`);
    const look = rateLookOf(output.trial, growthSeen(output, spec, ratePerS));
    seen.set(ratePerS, [...(seen.get(ratePerS) ?? []), look]);
    return look.look;
  });
  const found = ceilingFound(looked);
  return {
    ...found,
    ...blameOf(found.notKeptPerS, seen),
    isWhole,
    looked: looked.map((one) => detailed(one, seen)),
  };
}

function detailed({ ratePerS, isKept }: RateLooked, seen: ReadonlyMap<number, RateLook[]>) {
  return { ratePerS, isKept, looks: seen.get(ratePerS) ?? [] };
}

/** What most of the trials at the lowest rate that was not kept say. */
function blameOf(
  ratePerS: number | null,
  seen: ReadonlyMap<number, readonly RateLook[]>,
): { limit: Limit | null; why: string | null } {
  const blamed = (ratePerS === null ? [] : (seen.get(ratePerS) ?? [])).filter(({ limit }) => limit !== null);
  const count = (limit: Limit | null) => blamed.filter((one) => one.limit === limit).length;
  const most = blamed.toSorted((a, b) => count(b.limit) - count(a.limit))[0];
  return { limit: most?.limit ?? null, why: most?.why ?? null };
}

async function crossCheck(run: Run, row: Row): Promise<CalibratedRow['closedLoop']> {
  try {
    const found = await closedLoopOf(run.rig, specAt(run, row, FLOOR.perS));
    run.rig.progress.line(`${row.title}: ${found.tool}, closed loop: ${formatRate(found.perS)}`);
    return found;
  } catch (error) {
    // Its own wait ends with an AbortError: what counts is why.
    run.rig.signal.throwIfAborted();
    if (!(error instanceof CommbenchError)) throw error;
    run.rig.progress.line(`${row.title}: no cross-check: ${error.message}`);
    return null;
  }
}

function specAt(run: Run, row: Row, ratePerS: number): TrialSpec {
  const { scenario, seed } = run.options;
  const id = ++run.ids;
  return rateSpec(scenario, seed, row, { id, round: id, ratePerS, durationMs: TRIAL_MS, kind: 'no-op' });
}

async function runOne({ rig, care, endMs }: Run, spec: TrialSpec, what: string): Promise<TrialOutput> {
  rig.signal.throwIfAborted();
  const name = `${what}, ${Math.max(0, Math.ceil((endMs - performance.now()) / 1000))} s left for the row`;
  await care.before(neededBy([spec.row]));
  rig.progress.trialStarted({ name });
  const output = await runTrial(rig, spec);
  const { trial } = output;
  rig.progress.trialEnded(
    { name },
    trial.state,
    trial.failure ?? `${trial.measurement.verdict}, ${trial.load.verdict}`,
  );
  await care.after(trial, []);
  return output;
}

function isOver({ endMs }: Run): boolean {
  return performance.now() >= endMs;
}

function floorOf(trials: readonly Trial[]): CalibratedRow['floor'] {
  const each = trials.flatMap(({ phases }) => phases.map(({ response }) => response));
  const whole = each.length === 0 ? undefined : quantileCell(mergeSeries(each), 0.5);
  if (whole?.state !== 'known') return null;
  const own = each
    .map((series) => quantileCell(series, 0.5))
    .flatMap((cell) => (cell.state === 'known' ? [cell.valueUs] : []));
  const all = [whole.valueUs, ...own];
  return {
    ratePerS: FLOOR.perS,
    p50Us: whole.valueUs,
    lowUs: Math.min(...all),
    highUs: Math.max(...all),
    trials: each.length,
  };
}

/** What of it could not be found, and why; null where both were. */
function whyOf(
  { floor, ceiling }: Pick<CalibratedRow, 'floor' | 'ceiling'>,
  floors: readonly Trial[],
): string | null {
  const causes = floors.flatMap(
    ({ failure, measurement }) => failure ?? measurement.causes.map(({ detail }) => detail),
  );
  const noFloor = floor ? [] : [`no floor: ${causes[0] ?? 'the time was over'}`];
  const noCeiling =
    ceiling && ceiling.keptPerS !== null ? [] : [`no ceiling: ${ceiling?.why ?? 'the time was over'}`];
  return [...noFloor, ...noCeiling].join('; ') || null;
}

function summaryOf({ ceiling, why }: CalibratedRow): string {
  if (why !== null) return why;
  return `ceiling ${formatRate(ceiling!.keptPerS!)}${ceiling!.isWhole ? '' : ' or above, the time was over'}`;
}

function save(options: CalibrateOptions, record: Calibration): void {
  record.finishedAt = new Date().toISOString();
  writeResult(options.outPath, record);
}

function newRecord(options: CalibrateOptions, rows: readonly Row[]): Calibration {
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
    rows: rowsBefore(rows, options.brokers, readCalibration(options.outPath)?.rows ?? []),
  };
}

/** Those that are asked for come first; what is known from earlier stays until it is measured again. */
function rowsBefore(
  rows: readonly Row[],
  given: Readonly<Record<string, string>>,
  earlier: readonly CalibratedRow[],
): CalibratedRow[] {
  const patterns = describeRows(rows);
  const own = rows.map((row, i): CalibratedRow => {
    const key = rowKey(row, given);
    const before = earlier.find((one) => one.key === key);
    return before ? { ...before, pattern: patterns[i]! } : { ...NOTHING, pattern: patterns[i]!, key };
  });
  return [...own, ...earlier.filter(({ key }) => !own.some((one) => one.key === key))];
}

const NOTHING = { at: null, floor: null, ceiling: null, closedLoop: null, why: 'not measured' } as const;
