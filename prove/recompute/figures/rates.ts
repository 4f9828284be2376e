import type { StoredTrial } from '../pages/stored.ts';

/** Verdict of one trial on its rate. */
export interface RateVerdict {
  readonly verdict: 'sustained' | 'not-sustained' | 'discarded';
  /** What it met; null: nothing. */
  readonly limit: string | null;
}

const MOST_STEAL = 0.02;
const MOST_OTHERS = 0.1;

/** Sustained: valid, the load too, and no backlog that grows. What other programs did is no verdict on a rate. */
export function rateVerdict({ failure, validity, load, backlogGrowth, machine }: StoredTrial): RateVerdict {
  if (failure !== null) return { verdict: 'discarded', limit: 'incomplete' };
  const isForeign = (machine.steal ?? 0) > MOST_STEAL || (machine.others ?? 0) > MOST_OTHERS;
  if (validity.verdict === 'incomplete') return { verdict: 'discarded', limit: 'incomplete' };
  if (validity.verdict !== 'valid')
    return isForeign
      ? { verdict: 'discarded', limit: 'disturbed' }
      : { verdict: 'not-sustained', limit: validity.verdict };
  if (load.verdict === 'saturated' || backlogGrowth?.isGrowing)
    return { verdict: 'not-sustained', limit: 'saturated' };
  return { verdict: 'sustained', limit: null };
}

/** What most of them met, the first of those that as many met; null: nothing. */
export function mostMet(verdicts: readonly RateVerdict[]): string | null {
  const limits = verdicts.flatMap(({ limit }) => limit ?? []);
  const times = (limit: string) => limits.filter((one) => one === limit).length;
  const most = Math.max(0, ...limits.map(times));
  return limits.find((limit) => times(limit) === most) ?? null;
}
