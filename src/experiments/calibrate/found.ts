import { MAX_RATE_PER_S } from '../../kernel/load-shape.ts';
import { mergeSeries } from '../../measure/figures/histogram.ts';
import { quantileCell } from '../../measure/figures/percentile.ts';
import {
  sustainedRateOf,
  type RateRange,
  sustainedRateSteps,
  type TriedRate,
} from '../../measure/stats/sustained-rate-search.ts';
import type { PatternRecord, RecordHeader, Trial } from '../../record/record.ts';
import { type LimitingFactor, type RateAssessment, assessRate } from '../search/rate-assessment.ts';
import { replay } from '../search/search.ts';
import type {
  CalibratedEntry,
  CalibrationDesign,
  CalibrationRecord,
  CalibrationTrial,
  ClosedLoop,
} from './record.ts';

/** What is known of one row, all of it by its trials. */
export interface CalibratedPattern {
  readonly pattern: PatternRecord;
  readonly key: string;
  /** When it was measured, which may have been by an earlier run; null: not yet. */
  readonly at: string | null;
  /** Null: not measured, `why` says it. */
  readonly noop: NoopBaseline | null;
  readonly sustainedRate: HighestSustained | null;
  readonly closedLoop: ClosedLoop | null;
  readonly why: string | null;
}

interface NoopBaseline {
  /** p50 of the caller's wait in all trials together, and the least and the greatest of a single one. */
  readonly p50Us: number;
  readonly lowUs: number;
  readonly highUs: number;
  readonly trials: number;
}

interface HighestSustained {
  /** The highest rate that was kept, and the lowest above it that was not; null: there was none. */
  readonly sustainedPerS: number | null;
  readonly notSustainedPerS: number | null;
  /** Why not, by most of its trials; null where every rate was kept. */
  readonly limit: LimitingFactor | null;
  readonly why: string | null;
  /** The search came to its end: the two are within its factor, or at the end of the range. */
  readonly isWhole: boolean;
  readonly triedRates: readonly TriedRate[];
}

/** All that a record says. */
export interface Calibration extends RecordHeader, Omit<CalibrationDesign, 'entries'> {
  readonly calibrated: readonly CalibratedPattern[];
}

export function calibrationIn(record: CalibrationRecord): Calibration {
  const { trials: _, design, ...header } = record;
  const { entries, ...asked } = design;
  return { ...header, ...asked, calibrated: entries.map((entry) => calibratedPatternOf(record, entry)) };
}

/** What is known of one row, or why nothing is. */
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

/** What was known is not lost to a machine that is busy now, nor to a budget that ends sooner. */
export function betterOf(found: CalibratedPattern, before: CalibratedPattern): CalibratedPattern {
  if (worthOf(found) >= worthOf(before)) return found;
  return { ...before, why: found.why ?? 'the time was over before its capacity was known as well as it was' };
}

/** Of a capacity found, of one that is only known to be there or above, and of a no-op baseline. */
function worthOf({ noop, sustainedRate }: CalibratedPattern): number {
  const ofNoop = noop === null ? 0 : 1;
  if (sustainedRate === null || sustainedRate.sustainedPerS === null) return ofNoop;
  return ofNoop + (sustainedRate.isWhole ? 4 : 2);
}

/** Of a row's closed loop: open loop, half of it is a fair guess. */
const START_SHARE = 0.5;
const RANGE = { leastPerS: 20, mostPerS: MAX_RATE_PER_S, usualPerS: 500 } as const;

/** Where its capacity is looked for: the first no-op baseline's warm-up has asked how far a closed loop goes. */
export function rangeFor([first]: readonly Trial[], within: number): RateRange {
  const { leastPerS, mostPerS, usualPerS } = RANGE;
  const known = first ? Object.values(first.capacity).filter((perS) => perS !== null) : [];
  const startPerS = known.length === 0 ? usualPerS : START_SHARE * Math.min(...known);
  return { startPerS, leastPerS, mostPerS, within };
}

function highestSustainedOf(range: RateRange, trials: readonly CalibrationTrial[]): HighestSustained {
  const triedRates: TriedRate[] = [];
  const isWhole = replay(
    sustainedRateSteps(range, triedRates),
    trials.map((trial) => assessRate(trial).verdict),
  );
  const found = sustainedRateOf(triedRates);
  const blamed = trials.filter(({ ratePerS }) => ratePerS === found.notSustainedPerS).map(assessRate);
  return { ...found, ...blameOf(blamed), isWhole, triedRates };
}

/** What most of the trials at the lowest rate that was not running say. */
function blameOf(assessments: readonly RateAssessment[]): Pick<HighestSustained, 'limit' | 'why'> {
  const blamed = assessments.filter(({ limit }) => limit !== null);
  const count = (limit: LimitingFactor | null) => blamed.filter((one) => one.limit === limit).length;
  const most = blamed.toSorted((a, b) => count(b.limit) - count(a.limit))[0];
  return { limit: most?.limit ?? null, why: most?.why ?? null };
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

/** What of it could not be found, and why; null where both were. */
function whyOf(
  { noop, sustainedRate }: Pick<CalibratedPattern, 'noop' | 'sustainedRate'>,
  noopTrials: readonly Trial[],
): string | null {
  const causes = noopTrials.flatMap(
    ({ failure, validity }) => failure ?? validity.causes.map(({ detail }) => detail),
  );
  const withoutNoop = noop ? [] : [`no no-op baseline: ${causes[0] ?? 'the time was over'}`];
  const withoutSustainedRate =
    sustainedRate && sustainedRate.sustainedPerS !== null
      ? []
      : [`no sustained rate: ${sustainedRate?.why ?? 'the time was over'}`];
  return [...withoutNoop, ...withoutSustainedRate].join('; ') || null;
}
