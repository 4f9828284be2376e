import type { Result } from '../../record/record.ts';
import { distinct, type Regime, regimesOf } from './regime.ts';

/** Variants that differ in one condition alone, from its least value to its greatest. */
export interface RegimeAxis {
  readonly condition: 'processing-time' | 'rate';
  readonly regimes: readonly Regime[];
}

/** Found by what variants change, not by their names: work per message or a constant rate, and nothing besides. */
export function regimeAxes(result: Result): RegimeAxis[] {
  const regimes = regimesOf(result).filter(({ load }) => load.shape === 'constant');
  const axesOf = (
    condition: RegimeAxis['condition'],
    value: (regime: Regime) => number,
    fixed: (regime: Regime) => number,
  ): RegimeAxis[] =>
    [...Map.groupBy(regimes, (regime) => JSON.stringify([fixed(regime), restOf(regime)])).values()]
      .filter((own) => own.length > 1 && distinct(own.map(value)).length === own.length)
      .map((own) => ({ condition, regimes: own.toSorted((a, b) => value(a) - value(b)) }));
  const [work, rate] = [(one: Regime) => one.processingMs, (one: Regime) => one.ratePerS];
  return [...axesOf('processing-time', work, rate), ...axesOf('rate', rate, work)];
}

/** Place of a regime on its axis: ms of work, or calls per second. */
export function placeOn({ condition }: Pick<RegimeAxis, 'condition'>, regime: Regime): number {
  return condition === 'rate' ? regime.ratePerS : regime.processingMs;
}

/** What a variant changes beside work and rate. */
function restOf({ variant }: Regime): object {
  const { service, ...changes } = variant ?? {};
  const others = Object.entries({ ...changes, ...service }).filter(([key]) => !BESIDE.includes(key));
  return Object.fromEntries(others);
}

/** What names a variant, and what the axes are of. A variant's `service` has no key of these besides. */
const BESIDE: readonly string[] = ['id', 'title', 'optional', 'load', 'processingMs'];
