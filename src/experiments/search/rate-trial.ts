import { NS_PER_MS } from '../../kernel/clock.ts';
import { INTERVAL_NS } from '../../measure/figures/histogram.ts';
import { countNeeded, INTERVALS_BEYOND } from '../../measure/figures/percentile.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { ResolvedPattern, TrialSpec } from '../../plan/spec.ts';
import { plainSpec, steadyStateAt } from '../../plan/trial-plan.ts';

/** Trials at one constant rate, many of them: `sweep` and `calibrate`. */

const LEAST_MS = 1000;
/** Lower rates have fewer calls then than a high percentile needs, and say so. */
const MOST_MS = 8000;
/** Calls that fail or are lost leave no sample. */
const SPARE = 1.1;
/** Enough to compile code and settle connections and consumers. */
const WARM_UP_CALLS = 1500;
const STEADY_STATE = { windowMs: 100, fewest: 5, most: 12, maxWindows: 12 } as const;

interface AtRate {
  readonly id: number;
  readonly round: number;
  readonly ratePerS: number;
  readonly durationMs: number;
  /** Name of a file in src/plan/kinds. */
  readonly kind: string;
}

/** The scenario's trial of this pattern, with load, length and warm-up replaced. */
export function rateSpec(scenario: Scenario, seed: number, pattern: ResolvedPattern, at: AtRate): TrialSpec {
  const { id, round, ratePerS, durationMs, kind } = at;
  const load = { shape: 'constant', ratePerS } as const;
  const calls = Math.min(WARM_UP_CALLS, scenario.warmUp.calls);
  const planned = { ...scenario, load, durationMs, warmUp: { ...scenario.warmUp, calls, probeMs: 0 } };
  const context = { scenario: planned, seed, pattern: { ...pattern, own: { mix: pattern.own.mix } } };
  const spec = plainSpec({ id, round, kind }, context);
  return {
    ...spec,
    // A no-op trial would be shorter.
    load: { ...spec.load, durationMs, phases: [{ name: 'baseline', fromMs: 0, toMs: durationMs }] },
    warmUp: {
      ...spec.warmUp,
      steadyState: spec.warmUp.steadyState ? steadyStateAt(ratePerS, STEADY_STATE) : null,
    },
  };
}

/**
 * Long enough for the calls that `quantile` needs over all rounds, and for the tail beyond `drawn` to span enough
 * intervals: a growing backlog puts the whole tail at the end. Within bounds; whole ms.
 */
export function lengthMs(ratePerS: number, rounds: number, { quantile, drawn }: Wanted): number {
  const callsMs = (SPARE * 1000 * countNeeded(quantile)) / rounds / ratePerS;
  const tailMs = (INTERVALS_BEYOND + 1) * (INTERVAL_NS / NS_PER_MS);
  const spanMs = tailMs / (1 - drawn) / rounds;
  return Math.ceil(Math.min(MOST_MS, Math.max(LEAST_MS, callsMs, spanMs)));
}

/** The percentile that has a knee, and the highest that is asked for. */
export interface Wanted {
  readonly drawn: number;
  readonly quantile: number;
}
