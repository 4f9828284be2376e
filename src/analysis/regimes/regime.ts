import { type LoadShape, peakPerS } from '../../kernel/load-shape.ts';
import type { Result } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { variantsOf } from '../patterns/pattern-result.ts';

type Variant = Scenario['variants'][number];

/** Conditions under which latencies were measured: their words hold for these alone. */
export interface Regime {
  /** Null: the scenario without a variant. */
  readonly variant: Variant | null;
  /** Work per message in the service. */
  readonly processingMs: number;
  readonly load: LoadShape;
  /** Highest rate of the load. */
  readonly ratePerS: number;
}

/** One per variant that was run, in the scenario's order. */
export function regimesOf(result: Result): Regime[] {
  const variants = variantsOf(result);
  return (variants.length > 0 ? variants : [null]).map((variant) => regimeOf(result.scenario, variant));
}

function regimeOf(scenario: Scenario, variant: Variant | null): Regime {
  const load = variant?.load ?? scenario.load;
  const processingMs = variant?.service?.processingMs ?? scenario.service.processingMs;
  return { variant, processingMs, load, ratePerS: peakPerS(load) };
}

/** From the least to the greatest, each once. */
export function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].toSorted((a, b) => a - b);
}
