import { MAX_RATE_PER_S } from '../../kernel/load-shape.ts';
import { mergeSeries } from '../../measure/figures/histogram.ts';
import { quantileCell } from '../../measure/figures/percentile.ts';
import {
  ceilingFound,
  type CeilingRange,
  ceilingSteps,
  type RateLooked,
} from '../../measure/stats/ceiling-search.ts';
import type { PatternRecord, RecordHeader, Trial } from '../../record/record.ts';
import { type Limit, type RateLook, rateLookOf } from '../search/rate-look.ts';
import { replay } from '../search/search.ts';
import type {
  CalibratedEntry,
  CalibrationDesign,
  CalibrationRecord,
  CalibrationTrial,
  ClosedLoop,
} from './record.ts';

/** What is known of one row, all of it by its trials. */
export interface CalibratedRow {
  readonly pattern: PatternRecord;
  readonly key: string;
  /** When it was measured, which may have been by an earlier run; null: not yet. */
  readonly at: string | null;
  /** Null: not measured, `why` says it. */
  readonly floor: Floor | null;
  readonly ceiling: Ceiling | null;
  readonly closedLoop: ClosedLoop | null;
  readonly why: string | null;
}

interface Floor {
  /** p50 of the caller's wait in all trials together, and the least and the greatest of a single one. */
  readonly p50Us: number;
  readonly lowUs: number;
  readonly highUs: number;
  readonly trials: number;
}

interface Ceiling {
  /** The highest rate that was kept, and the lowest above it that was not; null: there was none. */
  readonly keptPerS: number | null;
  readonly notKeptPerS: number | null;
  /** Why not, by most of its trials; null where every rate was kept. */
  readonly limit: Limit | null;
  readonly why: string | null;
  /** The search came to its end: the two are within its factor, or at the end of the range. */
  readonly isWhole: boolean;
  readonly looked: readonly RateLooked[];
}

/** All that a record says. */
export interface Calibration extends RecordHeader, Omit<CalibrationDesign, 'entries'> {
  readonly rows: readonly CalibratedRow[];
}

export function calibrationIn(record: CalibrationRecord): Calibration {
  const { trials: _, design, ...header } = record;
  const { entries, ...asked } = design;
  return { ...header, ...asked, rows: entries.map((entry) => calibratedRow(record, entry)) };
}

/** What is known of one row, or why nothing is. */
export function calibratedRow(record: CalibrationRecord, entry: CalibratedEntry): CalibratedRow {
  const { pattern, key, at, closedLoop, note } = entry;
  if (at === null) {
    return { pattern, key, at, floor: null, ceiling: null, closedLoop, why: note ?? 'not measured' };
  }
  const { design, trials } = record;
  const own = trials.filter((trial) => trial.key === key && trial.at === at);
  const floors = own.filter(({ part }) => part === 'floor');
  const floor = floorOf(floors.filter(({ measurement }) => measurement.verdict === 'valid'));
  const ceiling = ceilingOf(
    rangeFor(floors, design.within),
    own.filter(({ part }) => part === 'ceiling'),
  );
  return { pattern, key, at, floor, ceiling, closedLoop, why: note ?? whyOf({ floor, ceiling }, floors) };
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

/** Of a row's closed loop: open loop, half of it is a fair guess. */
const START_SHARE = 0.5;
const RANGE = { leastPerS: 20, mostPerS: MAX_RATE_PER_S, usualPerS: 500 } as const;

/** Where its ceiling is looked for: the first floor's warm-up has asked how far a closed loop goes. */
export function rangeFor([first]: readonly Trial[], within: number): CeilingRange {
  const { leastPerS, mostPerS, usualPerS } = RANGE;
  const known = first ? Object.values(first.ceiling).filter((perS) => perS !== null) : [];
  const startPerS = known.length === 0 ? usualPerS : START_SHARE * Math.min(...known);
  return { startPerS, leastPerS, mostPerS, within };
}

function ceilingOf(range: CeilingRange, trials: readonly CalibrationTrial[]): Ceiling {
  const looked: RateLooked[] = [];
  const isWhole = replay(
    ceilingSteps(range, looked),
    trials.map((trial) => rateLookOf(trial).look),
  );
  const found = ceilingFound(looked);
  const blamed = trials.filter(({ ratePerS }) => ratePerS === found.notKeptPerS).map(rateLookOf);
  return { ...found, ...blameOf(blamed), isWhole, looked };
}

/** What most of the trials at the lowest rate that was not kept say. */
function blameOf(looks: readonly RateLook[]): Pick<Ceiling, 'limit' | 'why'> {
  const blamed = looks.filter(({ limit }) => limit !== null);
  const count = (limit: Limit | null) => blamed.filter((one) => one.limit === limit).length;
  const most = blamed.toSorted((a, b) => count(b.limit) - count(a.limit))[0];
  return { limit: most?.limit ?? null, why: most?.why ?? null };
}

function floorOf(trials: readonly Trial[]): Floor | null {
  const each = trials.flatMap(({ phases }) => phases.map(({ response }) => response));
  const whole = each.length === 0 ? undefined : quantileCell(mergeSeries(each), 0.5);
  if (whole?.state !== 'known') return null;
  const own = each
    .map((series) => quantileCell(series, 0.5))
    .flatMap((cell) => (cell.state === 'known' ? [cell.valueUs] : []));
  const all = [whole.valueUs, ...own];
  return { p50Us: whole.valueUs, lowUs: Math.min(...all), highUs: Math.max(...all), trials: each.length };
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
