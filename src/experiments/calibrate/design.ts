import { loadCatalogue } from '../../transports/discover.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { ceilingSteps } from '../../measure/stats/ceiling-search.ts';
import { rowKey } from '../../plan/row-key.ts';
import { describeRows, resolveRows } from '../../plan/rows.ts';
import type { Row, TrialSpec } from '../../plan/spec.ts';
import { formatRate } from '../../report/format.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { neededBy } from '../../trial/environment/broker-set.ts';
import { type Design, single, type Stage, type Step, type Steps } from '../loop/design.ts';
import { whyRowIsNotRun } from '../loop/new-record.ts';
import { rateLookOf } from '../search/rate-look.ts';
import { rateSpec } from '../search/rate-trial.ts';
import { search } from '../search/search.ts';
import { closedLoopOf } from './closed-loop.ts';
import { betterOf, calibratedRow, type CalibratedRow, rangeFor } from './found.ts';
import type {
  CalibratedEntry,
  CalibrationDesign,
  CalibrationPlace,
  CalibrationRecord,
  CalibrationTrial,
} from './record.ts';

export interface CalibrationAsked {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Ids of the rows; undefined: all. */
  readonly patterns: readonly string[] | undefined;
  /** Of all rows together, from when the brokers are up; no trial begins later. */
  readonly budgetMs: number;
  /** URLs of brokers that are the user's own, by name. */
  readonly brokers: Readonly<Record<string, string>>;
  /** Of this machine. */
  readonly fingerprint: string;
  /** What is known here from before. */
  readonly earlier: CalibrationRecord | undefined;
}

/** Both rates that enclose a ceiling are to be within this factor. */
const WITHIN = 1.15;
const FLOOR = { perS: 100, trials: 3 } as const;
const TRIAL_MS = 1000;

type CalibrationStage = Stage<CalibrationDesign, CalibrationPlace>;

/** Floor and ceiling of every row against a service that does nothing. */
export async function calibrationDesign(
  asked: CalibrationAsked,
): Promise<Design<CalibrationDesign, CalibrationPlace>> {
  const { scenario, budgetMs, fingerprint } = asked;
  const rows = await rowsOfOurs(scenario, asked.patterns);
  const entries = entriesBefore(rows, asked);
  return {
    experiment: 'calibrate',
    scenario,
    rows,
    needed: neededBy(rows),
    design: { fingerprint, budgetMs, within: WITHIN, entries },
    budgetMs,
    isWhole: (record) =>
      entries.slice(0, rows.length).every((entry) => calibratedRow(record, entry).why === null),
    steps: (stage) => stepsOf(asked, rows, stage),
  };
}

/** What does nothing is a service of ours, whatever target of the user's own the scenario would drive. */
export async function rowsOfOurs(
  scenario: Scenario,
  patterns: readonly string[] | undefined,
): Promise<Row[]> {
  return resolveRows(
    { ...scenario, targets: {} },
    { patterns, targets: {}, allowRemote: [] },
    await loadCatalogue(),
  );
}

/** Those that are asked for come first; what is known from earlier stays until it is measured again. */
function entriesBefore(
  rows: readonly Row[],
  { brokers, earlier }: Pick<CalibrationAsked, 'brokers' | 'earlier'>,
): CalibratedEntry[] {
  const patterns = describeRows(rows);
  const known = earlier?.design.entries ?? [];
  const own = rows.map((row, i): CalibratedEntry => {
    const key = rowKey(row, brokers);
    const before = known.find((one) => one.key === key);
    return { at: null, closedLoop: null, note: null, ...before, pattern: patterns[i]!, key };
  });
  return [...own, ...known.filter(({ key }) => !own.some((one) => one.key === key))];
}

/** What a row leaves of its part of the budget is the next ones'. */
async function* stepsOf(
  asked: CalibrationAsked,
  all: readonly Row[],
  stage: CalibrationStage,
): Steps<CalibrationPlace> {
  const { record, rows, missing, leftMs } = stage;
  const { entries } = record.design;
  record.trials.push(...(asked.earlier?.trials ?? []));
  for (const [i, row] of all.entries()) {
    const why = whyRowIsNotRun(row, missing);
    if (why && entries[i]!.at === null) entries[i]!.note = why.reason;
  }
  let ids = 0;
  for (const [i, row] of rows.entries()) {
    const entry = entries[all.indexOf(row)]!;
    const forOthersMs = leftMs() - leftMs() / (rows.length - i);
    const now = { ...entry, at: new Date().toISOString(), closedLoop: null, note: null };
    const nextId = () => ++ids;
    yield* rowSteps(asked, { row, entry: now, nextId, leftMs: () => leftMs() - forOthersMs }, stage);
    const found = calibratedRow(record, now);
    stage.rig.progress.line(`${row.title}: ${summaryOf(found)}`);
    keepBest(record, entry, { found, now });
  }
}

/** One row, and how much time it has. */
interface RowRun {
  readonly row: Row;
  readonly entry: CalibratedEntry & { readonly at: string };
  nextId(): number;
  readonly leftMs: () => number;
}

async function* rowSteps(
  { scenario, seed }: CalibrationAsked,
  run: RowRun,
  stage: CalibrationStage,
): Steps<CalibrationPlace> {
  const { row, entry, leftMs } = run;
  const isOver = () => leftMs() <= 0;
  const specAt = (ratePerS: number): TrialSpec => {
    const id = run.nextId();
    return rateSpec(scenario, seed, row, { id, round: id, ratePerS, durationMs: TRIAL_MS, kind: 'no-op' });
  };
  const stepAt = (part: CalibrationPlace['part'], ratePerS: number, spec = specAt(ratePerS)) => {
    const what = part === 'floor' ? `floor of ${row.title}` : `${row.title} at ${formatRate(ratePerS)}`;
    return stepOf(run, spec, { key: entry.key, at: entry.at, part, ratePerS }, what);
  };
  if (row.definition.name === 'rest' && !isOver())
    entry.closedLoop = await crossCheck(stage, row, specAt(FLOOR.perS));
  const floors: CalibrationTrial[] = [];
  while (floors.length < FLOOR.trials && !isOver()) {
    const spec = specAt(FLOOR.perS);
    floors.push(...(yield stepAt('floor', FLOOR.perS, floors.length === 0 ? probing(spec) : spec)));
  }
  yield* search(ceilingSteps(rangeFor(floors, WITHIN), []), {
    plan: (ratePerS) => [stepAt('ceiling', ratePerS)],
    outcomeOf: ([trial]) => rateLookOf(trial!).look,
    isOver,
  });
}

/** The first one's warm-up asks also how far a closed loop goes. */
function probing(spec: TrialSpec): TrialSpec {
  return spec.warmUp ? { ...spec, warmUp: { ...spec.warmUp, forMs: TRIAL_MS } } : spec;
}

function stepOf(
  { leftMs }: RowRun,
  spec: TrialSpec,
  place: CalibrationPlace,
  what: string,
): Step<CalibrationPlace> {
  const name = `${what}, ${Math.max(0, Math.ceil(leftMs() / 1000))} s left for the row`;
  return single({ spec, place, label: { name } });
}

async function crossCheck(
  { rig }: CalibrationStage,
  row: Row,
  spec: TrialSpec,
): Promise<CalibratedEntry['closedLoop']> {
  try {
    const found = await closedLoopOf(rig, spec);
    rig.progress.line(`${row.title}: ${found.tool}, closed loop: ${formatRate(found.perS)}`);
    return found;
  } catch (error) {
    // Its own wait ends with an AbortError: what counts is why.
    rig.signal.throwIfAborted();
    if (!(error instanceof CommbenchError)) throw error;
    rig.progress.line(`${row.title}: no cross-check: ${error.message}`);
    return null;
  }
}

/** Of what is worth less than what was known only that stays, why there is nothing newer. */
function keepBest(
  record: CalibrationRecord,
  entry: CalibratedEntry,
  { found, now }: { readonly found: CalibratedRow; readonly now: CalibratedEntry },
): void {
  const best = betterOf(found, calibratedRow(record, entry));
  Object.assign(entry, best === found ? now : { note: best.why });
  const { entries } = record.design;
  record.trials = record.trials.filter(({ key, at }) =>
    entries.some((one) => one.key === key && one.at === at),
  );
}

function summaryOf({ ceiling, why }: CalibratedRow): string {
  if (why !== null) return why;
  return `ceiling ${formatRate(ceiling!.keptPerS!)}${ceiling!.isWhole ? '' : ' or above, the time was over'}`;
}
