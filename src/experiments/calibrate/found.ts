import { MAX_RATE_PER_S } from '../../kernel/load-shape.ts';
import { weakestPerS } from '../../measure/figures/capacity.ts';
import { mergeSeries } from '../../measure/figures/histogram.ts';
import { quantileCell } from '../../measure/figures/percentile.ts';
import {
  sustainedRateOf,
  type RateRange,
  sustainedRateSteps,
  triedRateOf,
  type TriedRate,
} from '../../measure/stats/sustained-rate-search.ts';
import type { PatternRecord, RecordHeader, Trial } from '../../record/record.ts';
import { assessRate, type LimitingFactor, mainLimitOf } from '../search/rate-assessment.ts';
import type {
  CalibratedEntry,
  CalibrationDesign,
  CalibrationRecord,
  CalibrationTrial,
  ClosedLoop,
} from './record.ts';

/** Figures of one pattern, computed from its trials. */
export interface CalibratedPattern {
  readonly pattern: PatternRecord;
  readonly key: string;
  /** When it was measured, which may have been by an earlier run; null: not yet. */
  readonly at: string | null;
  /** Null: not measured, for the reason in `why`. */
  readonly noop: NoopBaseline | null;
  readonly sustainedRate: HighestSustained | null;
  readonly closedLoop: ClosedLoop | null;
  readonly why: string | null;
}

interface NoopBaseline {
  /** p50 of the response time in all trials together, and the lowest and highest of a single trial. */
  readonly p50Us: number;
  readonly lowUs: number;
  readonly highUs: number;
  readonly trials: number;
}

interface HighestSustained {
  /** The highest rate that was sustained, and the lowest above it that was not; null: there was none. */
  readonly sustainedPerS: number | null;
  readonly notSustainedPerS: number | null;
  /** The limit met by most of its trials; null where every rate was sustained. */
  readonly limit: LimitingFactor | null;
  readonly why: string | null;
  /** The search came to its end: the two are within its factor, or at the end of the range. */
  readonly isWhole: boolean;
  readonly triedRates: readonly TriedRate[];
}

/** A record with the figures of its patterns. */
export interface Calibration extends RecordHeader, Omit<CalibrationDesign, 'entries'> {
  readonly calibrated: readonly CalibratedPattern[];
}

export function calibrationIn(record: CalibrationRecord): Calibration {
  const { trials: _, design, ...header } = record;
  const { entries, ...asked } = design;
  return {
    ...header,
    ...asked,
    calibrated: entries.map((entry, i) => calibratedPatternOf(record, apart(entry, entries.slice(0, i)))),
  };
}

/** A pattern that was calibrated with other settings before has a row of its own, by the time of that. */
function apart(entry: CalibratedEntry, newer: readonly CalibratedEntry[]): CalibratedEntry {
  const { pattern, at } = entry;
  if (newer.every((one) => one.pattern.id !== pattern.id)) return entry;
  return {
    ...entry,
    pattern: { ...pattern, title: `${pattern.title}, settings of ${at ?? 'an earlier run'}` },
  };
}

/** Figures of one pattern, or why there are none. */
export function calibratedPatternOf(record: CalibrationRecord, entry: CalibratedEntry): CalibratedPattern {
  const { pattern, key, at, closedLoop, note } = entry;
  if (at === null) {
    return { pattern, key, at, noop: null, sustainedRate: null, closedLoop, why: note ?? 'not measured' };
  }
  const { design, trials } = record;
  const own = trials.filter((trial) => trial.key === key && trial.at === at);
  const noopTrials = own.filter(({ part }) => part === 'no-op');
  const noop = noopOf(noopTrials.filter(({ validity }) => validity.verdict === 'valid'));
  const sustainedRate = highestSustainedOf(
    rangeFor(noopTrials, design.within),
    own.filter(({ part }) => part === 'sustained-rate'),
  );
  return {
    pattern,
    key,
    at,
    noop,
    sustainedRate,
    closedLoop,
    why: note ?? whyOf({ noop, sustainedRate }, noopTrials),
  };
}

/** The better of two measurements: a busy machine or a short budget does not replace good figures. */
export function betterOf(found: CalibratedPattern, before: CalibratedPattern): CalibratedPattern {
  if (worthOf(found) >= worthOf(before)) return found;
  return {
    ...before,
    why: found.why ?? 'the time limit was reached before its capacity was known as well as before',
  };
}

/** Rank of a measurement: a capacity found, a lower bound of it, a no-op baseline. */
function worthOf({ noop, sustainedRate }: CalibratedPattern): number {
  const ofNoop = noop === null ? 0 : 1;
  if (sustainedRate === null || sustainedRate.sustainedPerS === null) return ofNoop;
  return ofNoop + (sustainedRate.isWhole ? 4 : 2);
}

/** Half of the closed loop's rate is a fair first guess for the open loop. */
const START_SHARE = 0.5;
const RANGE = { leastPerS: 20, mostPerS: MAX_RATE_PER_S, usualPerS: 500 } as const;

/** Range of the search, from the closed loop that the first no-op trial's warm-up measured. */
export function rangeFor([first]: readonly Trial[], within: number): RateRange {
  const { leastPerS, mostPerS, usualPerS } = RANGE;
  const loopPerS = first ? weakestPerS(first.capacity) : null;
  const startPerS = loopPerS === null ? usualPerS : START_SHARE * loopPerS;
  return { startPerS, leastPerS, mostPerS, within };
}

/** Rates are those at which trials were measured, whatever today's strategy would have tried next. */
function highestSustainedOf(range: RateRange, trials: readonly CalibrationTrial[]): HighestSustained {
  const byRate = [...Map.groupBy(trials, ({ ratePerS }) => ratePerS)];
  const triedRates = byRate.flatMap(
    ([ratePerS, own]) =>
      triedRateOf(
        ratePerS,
        own.map((trial) => assessRate(trial).verdict),
      ) ?? [],
  );
  const isDecided = triedRates.length === byRate.length;
  const isWhole = isDecided && sustainedRateSteps(range, [...triedRates]).next().done === true;
  const found = sustainedRateOf(triedRates);
  const blamed = trials.filter(({ ratePerS }) => ratePerS === found.notSustainedPerS).map(assessRate);
  return { ...found, ...mainLimitOf(blamed), isWhole, triedRates };
}

function noopOf(trials: readonly Trial[]): NoopBaseline | null {
  const each = trials.flatMap(({ phases }) => phases.map(({ response }) => response));
  const whole = each.length === 0 ? undefined : quantileCell(mergeSeries(each), 0.5);
  if (whole?.state !== 'known') return null;
  const own = each
    .map((series) => quantileCell(series, 0.5))
    .flatMap((cell) => (cell.state === 'known' ? [cell.valueUs] : []));
  const all = [whole.valueUs, ...own];
  return { p50Us: whole.valueUs, lowUs: Math.min(...all), highUs: Math.max(...all), trials: each.length };
}

/** Which figures are missing, and why; null where none is. */
function whyOf(
  { noop, sustainedRate }: Pick<CalibratedPattern, 'noop' | 'sustainedRate'>,
  noopTrials: readonly Trial[],
): string | null {
  const causes = noopTrials.flatMap(
    ({ failure, validity }) => failure ?? validity.causes.map(({ detail }) => detail),
  );
  const withoutNoop = noop ? [] : [`no no-op baseline: ${causes[0] ?? 'the time limit was reached'}`];
  const withoutSustainedRate =
    sustainedRate && sustainedRate.sustainedPerS !== null
      ? []
      : [`no sustained rate: ${sustainedRate?.why ?? 'the time limit was reached'}`];
  return [...withoutNoop, ...withoutSustainedRate].join('; ') || null;
}
