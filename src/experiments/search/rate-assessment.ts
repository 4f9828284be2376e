import type { RateVerdict } from '../../measure/stats/sustained-rate-search.ts';
import { shortfallIn } from '../../measure/figures/figures.ts';
import { VALIDITY_LIMITS } from '../../measure/validity/validity.ts';
import type { Trial } from '../../record/record.ts';

/** Limit of a pattern at a rate, by the verdicts of one trial. */
const LIMITING_FACTORS = ['saturated', 'failing', 'generator-bound', 'disturbed', 'incomplete'] as const;
export type LimitingFactor = (typeof LIMITING_FACTORS)[number];

/** One trial at one rate: did system and generator sustain it? */
export interface RateAssessment {
  readonly verdict: RateVerdict;
  /** Null where the rate was sustained. */
  readonly limit: LimitingFactor | null;
  /** In words, with figure and threshold: the first cause, where there are several. */
  readonly why: string | null;
}

type AssessedTrial = Pick<Trial, 'failure' | 'validity' | 'load' | 'backlogGrowth' | 'machine'>;

/**
 * Sustained: the measurement is valid, the load sustained, and the backlog does not grow. A trial that failed, or that
 * was disturbed by other programs, says nothing about the rate: they may have made the generator late.
 */
export function assessRate(trial: AssessedTrial): RateAssessment {
  const { failure, validity, load, backlogGrowth: growth } = trial;
  if (failure !== null) return { verdict: 'discarded', limit: 'incomplete', why: failure };
  if (validity.verdict !== 'valid') {
    // Other programs are named before their effects.
    const limit = isForeign(trial) && validity.verdict !== 'incomplete' ? 'disturbed' : validity.verdict;
    const verdict = isForeign(trial) || limit === 'incomplete' ? 'discarded' : 'not-sustained';
    return { verdict, limit, why: validity.causes.find(({ cause }) => cause === limit)?.detail ?? null };
  }
  const limit = shortfallIn(load);
  if (limit) return { verdict: 'not-sustained', limit, why: load.detail };
  if (growth?.isGrowing) {
    return {
      verdict: 'not-sustained',
      limit: 'saturated',
      why: `backlog grows by ${Math.round(growth.perS)}/s: the system does not keep up`,
    };
  }
  return { verdict: 'sustained', limit: null, why: null };
}

/** The limit that most of these trials met, and why the first of them met it; null where all sustained the rate. */
export function mainLimitOf(assessments: readonly RateAssessment[]): Pick<RateAssessment, 'limit' | 'why'> {
  const limits = assessments.flatMap(({ limit }) => limit ?? []);
  const count = (limit: LimitingFactor) => limits.filter((one) => one === limit).length;
  const limit = limits.toSorted((a, b) => count(b) - count(a))[0] ?? null;
  return { limit, why: assessments.find((one) => one.limit === limit)?.why ?? null };
}

/** Other programs used the machine, or the hypervisor took it away. */
function isForeign({ machine: { steal, others } }: AssessedTrial): boolean {
  return (steal ?? 0) > VALIDITY_LIMITS.steal || (others ?? 0) > VALIDITY_LIMITS.others;
}
