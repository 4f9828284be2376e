import type { RateVerdict } from '../../measure/stats/sustained-rate-search.ts';
import { VALIDITY_LIMITS } from '../../measure/validity/validity.ts';
import type { Trial } from '../../record/record.ts';

/** What limits a row at a rate, by what one trial at it was judged. */
export const LIMITING_FACTORS = ['saturated', 'generator-bound', 'disturbed', 'incomplete'] as const;
export type LimitingFactor = (typeof LIMITING_FACTORS)[number];

/** One trial at one rate: did system and generator keep it? */
export interface RateAssessment {
  readonly verdict: RateVerdict;
  /** Null where the rate was kept. */
  readonly limit: LimitingFactor | null;
  /** In words, with figure and threshold: the first cause, where there are several. */
  readonly why: string | null;
}

type AssessedTrial = Pick<Trial, 'failure' | 'validity' | 'load' | 'backlogGrowth' | 'machine'>;

/**
 * Kept: the measurement is valid, the load sustained, and the backlog does not grow. A trial that failed, or beside
 * which others used the machine, says nothing about the rate: there the generator may be late for their sake.
 */
export function assessRate(trial: AssessedTrial): RateAssessment {
  const { failure, validity, load, backlogGrowth: growth } = trial;
  if (failure !== null) return { verdict: 'discarded', limit: 'incomplete', why: failure };
  if (validity.verdict !== 'valid') {
    // Those who had the machine are named before what came of it.
    const limit = isForeign(trial) && validity.verdict !== 'incomplete' ? 'disturbed' : validity.verdict;
    const verdict = isForeign(trial) || limit === 'incomplete' ? 'discarded' : 'not-sustained';
    return { verdict, limit, why: validity.causes.find(({ cause }) => cause === limit)?.detail ?? null };
  }
  if (load.verdict === 'saturated') return { verdict: 'not-sustained', limit: 'saturated', why: load.detail };
  if (growth?.isGrowing) {
    return {
      verdict: 'not-sustained',
      limit: 'saturated',
      why: `${growthText(growth)}: the system does not keep up`,
    };
  }
  return { verdict: 'sustained', limit: null, why: null };
}

function growthText({ perS }: { readonly perS: number }): string {
  return `backlog grows by ${Math.round(perS)}/s`;
}

/** The machine was used by others, or taken from us. */
function isForeign({ machine: { steal, others } }: AssessedTrial): boolean {
  return (steal ?? 0) > VALIDITY_LIMITS.steal || (others ?? 0) > VALIDITY_LIMITS.others;
}
