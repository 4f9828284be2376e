import type { Result, Trial } from '../record/record.ts';
import { isScenarioItself } from '../scenario/schema/unchanged.ts';
import { MAX_BUSY_PER_S } from '../kernel/load-shape.ts';
import { medianCapacityPerS } from '../measure/figures/capacity.ts';
import { kindByName } from './kinds/kinds.ts';

/** The rate of busy blocks, and its derivation in words. */
export interface BusyRate {
  readonly perS: number;
  readonly note: string;
}

/**
 * A share of the pattern's own capacity: the median of its finished trials that probed it, acknowledged or done.
 * Variants that change the work have other capacities; where none is the scenario itself, all count.
 * @returns the reason in words where no capacity is known
 */
export function busyRateOf(
  { trials, scenario }: Pick<Result, 'trials' | 'scenario'>,
  pattern: string,
  share: number,
): BusyRate | string {
  const probed = trials.filter((t) => isProbed(t) && t.pattern === pattern && t.state === 'done');
  const own = probed.filter(({ variant }) => isScenarioItself(scenario, variant));
  const capacityPerS = medianCapacityPerS((own.length > 0 ? own : probed).map(({ capacity }) => capacity));
  if (capacityPerS === null)
    return 'its capacity is unknown: no latency trial had a probe of a second (warmUp.probeMs) without a failure';
  const wantedPerS = share * capacityPerS;
  const perS = Math.min(MAX_BUSY_PER_S, wantedPerS);
  const shown = `busy: ${Math.round(perS)}/s, ${Math.round((100 * perS) / capacityPerS)} % of its capacity of ${Math.round(capacityPerS)}/s`;
  const capped =
    perS < wantedPerS ? `; not ${Math.round(share * 100)} %, as the generator sustains no more` : '';
  return { perS, note: shown + capped };
}

/** A service that does nothing has another capacity. */
function isProbed({ kind }: Trial): boolean {
  const { warmUp, isNoOp } = kindByName(kind);
  return warmUp.isProbed && !isNoOp;
}
