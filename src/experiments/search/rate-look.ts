import type { Look } from '../../measure/stats/ceiling-search.ts';
import { MEASUREMENT_LIMITS } from '../../measure/validity/judgement.ts';
import type { Trial } from '../../record/record.ts';

/** What limits a row at a rate, by what one trial at it was judged. */
export const LIMITS = ['saturated', 'generator-bound', 'disturbed', 'incomplete'] as const;
export type Limit = (typeof LIMITS)[number];

/** One trial at one rate: did system and generator keep it? */
export interface RateLook {
  readonly look: Look;
  /** Null where the rate was kept. */
  readonly limit: Limit | null;
  /** In words, with figure and threshold: the first cause, where there are several. */
  readonly why: string | null;
}

type Judged = Pick<Trial, 'failure' | 'measurement' | 'load' | 'backlogGrowth' | 'machine'>;

/**
 * Kept: the measurement is valid, the load sustained, and the open work does not grow. A trial that failed, or beside
 * which others used the machine, says nothing about the rate: there the generator may be late for their sake.
 */
export function rateLookOf(trial: Judged): RateLook {
  const { failure, measurement, load, backlogGrowth: growth } = trial;
  if (failure !== null) return { look: 'thrown', limit: 'incomplete', why: failure };
  if (measurement.verdict !== 'valid') {
    // Those who had the machine are named before what came of it.
    const limit =
      isForeign(trial) && measurement.verdict !== 'incomplete' ? 'disturbed' : measurement.verdict;
    const look = isForeign(trial) || limit === 'incomplete' ? 'thrown' : 'not-kept';
    return { look, limit, why: measurement.causes.find(({ cause }) => cause === limit)?.detail ?? null };
  }
  if (load.verdict === 'saturated') return { look: 'not-kept', limit: 'saturated', why: load.detail };
  if (growth?.isGrowing) {
    return { look: 'not-kept', limit: 'saturated', why: `${growthText(growth)}: it is not kept up with` };
  }
  return { look: 'kept', limit: null, why: null };
}

function growthText({ perS }: { readonly perS: number }): string {
  return `open work grows by ${Math.round(perS)}/s`;
}

/** The machine was used by others, or taken from us. */
function isForeign({ machine: { steal, others } }: Judged): boolean {
  return (steal ?? 0) > MEASUREMENT_LIMITS.steal || (others ?? 0) > MEASUREMENT_LIMITS.others;
}
