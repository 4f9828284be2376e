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
 * A share of the rate of the pattern's closed loop: the median of its finished trials that had one, acknowledged or done.
 * Variants that change the work have other rates; where none is the scenario itself, all count.
 * @returns the reason in words where no such rate is known
 */
export function busyRateOf(
  { trials, scenario }: Pick<Result, 'trials' | 'scenario'>,
  pattern: string,
  share: number,
): BusyRate | string {
  const probed = trials.filter((t) => isProbed(t) && t.pattern === pattern && t.state === 'done');
  const own = probed.filter(({ variant }) => isScenarioItself(scenario, variant));
  const loopPerS = medianCapacityPerS((own.length > 0 ? own : probed).map(({ capacity }) => capacity));
  if (loopPerS === null)
    return 'the rate of its closed loop is unknown: no latency trial had a probe of a second (warmUp.probeMs) without a failure';
  const wantedPerS = share * loopPerS;
  const perS = Math.min(MAX_BUSY_PER_S, wantedPerS);
  const shown = `busy: ${Math.round(perS)}/s, ${timesOf(perS / loopPerS)} the ${Math.round(loopPerS)}/s of its closed loop with ${scenario.warmUp.concurrency} open`;
  const capped = perS < wantedPerS ? `; not ${timesOf(share)}, as the generator sustains no more` : '';
  return { perS, note: shown + capped };
}

function timesOf(share: number): string {
  return `${Number(share.toFixed(2))}×`;
}

/** A service that does nothing has another rate. */
function isProbed({ kind }: Trial): boolean {
  const { warmUp, isNoOp } = kindByName(kind);
  return warmUp.isProbed && !isNoOp;
}
