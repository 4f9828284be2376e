import { NS_PER_S, type Nanoseconds } from '../../kernel/clock.ts';
import { outcomeAt } from '../logs/arrivals.ts';
import type { TrialEvidence } from './join.ts';
import { medianSlope } from '../stats/trend.ts';
import { LOAD_LIMITS } from '../validity/load-verdict.ts';
import { completedNs, type Tally, tallyEffects } from './tally.ts';

/** Work from the instant it was due until it was done, or had failed for its caller. */
export interface BacklogItem {
  readonly dueNs: Nanoseconds;
  /** NaN: never. */
  readonly endNs: Nanoseconds;
}

export interface Growth {
  /** Growth of open work per second, as the median slope. */
  readonly perS: number;
  /** It grows faster than in a system that keeps up. */
  readonly isGrowing: boolean;
}

/** Instants at which the backlog is counted. */
const SAMPLES = 40;
/** Share of the load excluded at its beginning, while work in hand still builds up. */
const EXCLUDED_SHARE = 0.2;

/**
 * Growth of the backlog while the load lasts. The slope is that of Theil and Sen (P. K. Sen 1968,
 * https://doi.org/10.1080/01621459.1968.10480934): the median of the slopes between any two counts, which a pause of
 * up to 29 % of the time does not move. Growing is a slope above that of a system with `LOAD_LIMITS.share` of the work
 * done, if this adds up to more than work in hand by the end. Short trials show it long before calls are late.
 * @param lastNs instant of the last arrival; `ratePerS` and both instants are those of the load
 */
export function growthOf(
  work: readonly BacklogItem[],
  { startNs, lastNs, ratePerS }: { startNs: Nanoseconds; lastNs: Nanoseconds; ratePerS: number },
): Growth {
  const fromNs = startNs + EXCLUDED_SHARE * (lastNs - startNs);
  const spanS = (lastNs - fromNs) / NS_PER_S;
  if (!(spanS > 0)) return { perS: 0, isGrowing: false };
  const dueNs = Float64Array.from(work, (one) => one.dueNs).toSorted();
  const endNs = Float64Array.from(work, (one) => (Number.isNaN(one.endNs) ? Infinity : one.endNs)).toSorted();
  const counts = Array.from({ length: SAMPLES }, (_, i) => {
    const atS = (i * spanS) / (SAMPLES - 1);
    const atNs = fromNs + atS * NS_PER_S;
    return { atS, open: countUntil(dueNs, atNs) - countUntil(endNs, atNs) };
  });
  const perS = medianSlope(counts.map(({ atS, open }) => ({ at: atS, value: open })));
  const most = (1 - LOAD_LIMITS.share) * ratePerS;
  return { perS, isGrowing: perS > most && perS * spanS > LOAD_LIMITS.backlog };
}

type GrowthEvidence = Pick<TrialEvidence, 'trial' | 'schedule' | 'arrivals' | 'effects' | 'subscribers'>;

/** The growth in one trial's evidence. Without an effect log, work ends with its reply. */
export function growthIn(evidence: GrowthEvidence, ratePerS: number): Growth {
  const { arrivals, schedule, subscribers } = evidence;
  const { count } = schedule;
  const tally = tallyEffects({ trial: evidence.trial, count, subscribers }, evidence.effects);
  const work = Array.from({ length: count }, (_, i) => ({
    dueNs: arrivals.startNs + schedule.intendedNs(i),
    endNs: endOf(evidence, tally, i),
  }));
  if (work.length === 0) return { perS: 0, isGrowing: false };
  return growthOf(work, { startNs: work[0]!.dueNs, lastNs: work.at(-1)!.dueNs, ratePerS });
}

function endOf({ arrivals, subscribers }: GrowthEvidence, tally: Tally, i: number): Nanoseconds {
  const doneNs = subscribers === 0 ? NaN : completedNs(tally, i);
  if (!Number.isNaN(doneNs)) return doneNs;
  // A caller with a failure waits for nothing more; an accepted call that is not done is still open.
  const isOpen = subscribers > 0 && outcomeAt(arrivals, i) === 'ok';
  return isOpen ? NaN : arrivals.acknowledgedNs[i]!;
}

/** Number of elements of an ascending list at or before an instant. */
function countUntil(ascending: Float64Array, atNs: Nanoseconds): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! <= atNs) low = middle + 1;
    else high = middle;
  }
  return low;
}
