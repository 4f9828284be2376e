import { firstRate } from '../../kernel/load-shape.ts';
import type { CrossoverDesign } from './record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { ResolvedPattern, TrialSpec } from '../../plan/spec.ts';
import { plainSpec, steadyStateAt } from '../../plan/trial-plan.ts';

/** Short, as there are many: a median needs 40 calls, from five separate intervals of 100 ms. */
const CALLS = 48;
const LEAST_MS = 1000;
/** Measured time before and after an outage. */
const AROUND_MS = 1000;
/** Calls before a trial: enough to compile code and settle connections and consumers; fewer where each is large. */
const WARM_UP = {
  calls: 1500,
  bytes: 64e6,
  fewest: 64,
  concurrency: 16,
  largeConcurrency: 4,
  largeBytes: 64_000,
};
const STEADY_STATE = { windowMs: 100, fewest: 5, most: 10, maxWindows: 10 } as const;
/** A trial that only measures the closed loop of its pattern. */
const PROBE = { ratePerS: 50, durationMs: 500, probeMs: 1000 } as const;

export interface CrossoverPlan extends Pick<CrossoverDesign, 'question' | 'do' | 'ratePerS'> {
  readonly scenario: Scenario;
  readonly seed: number;
}

/** One trial at a point of the axis. Both trials of a pair have the same pair, and so the same arrivals. */
export function pairSpec(
  plan: CrossoverPlan,
  pattern: ResolvedPattern,
  place: { id: number; pair: number; at: number },
): TrialSpec {
  const { question, seed } = plan;
  const kind = question === 'outage' ? 'service-outage' : 'latency';
  const context = { scenario: scenarioAt(plan, place.at), seed, pattern: patternFor(plan, pattern) };
  const spec = plainSpec({ id: place.id, round: place.pair, kind }, context);
  const steadyState = steadyStateAt(firstRate(spec.load.shape), STEADY_STATE);
  return { ...spec, warmUp: { ...spec.warmUp, steadyState } };
}

/** A short trial with a pattern's closed loop. */
export function probeSpec(
  { scenario, seed }: CrossoverPlan,
  pattern: ResolvedPattern,
  id: number,
): TrialSpec {
  const { ratePerS, durationMs, probeMs } = PROBE;
  const warmUp = { ...warmUpOf(0), probeMs };
  const probed = { ...scenario, load: { shape: 'constant', ratePerS }, durationMs, warmUp } as const;
  const spec = plainSpec(
    { id, round: 0 },
    { scenario: probed, seed, pattern: { ...pattern, own: { mix: pattern.own.mix } } },
  );
  return { ...spec, warmUp: { ...spec.warmUp, steadyState: null } };
}

function scenarioAt(plan: CrossoverPlan, at: number): Scenario {
  const { question, do: how } = plan;
  const ratePerS = plan.ratePerS ?? at;
  const load = { shape: 'constant', ratePerS } as const;
  const bytes = question === 'payload' ? Math.round(at) : 0;
  const scenario = { ...plan.scenario, load, durationMs: lengthMs(ratePerS), warmUp: warmUpOf(bytes) };
  if (question === 'payload') {
    return { ...scenario, contract: `echo-${bytes}`, mix: [{ operation: 'echo', share: 1 }] };
  }
  if (question === 'rate') return scenario;
  return {
    ...scenario,
    serviceOutage: { atMs: AROUND_MS, forMs: Math.round(at), recoveryMs: AROUND_MS, do: how ?? 'kill' },
  };
}

/** The variable that is searched replaces the pattern's own mix and load. */
function patternFor({ question }: CrossoverPlan, pattern: ResolvedPattern): ResolvedPattern {
  return { ...pattern, own: { mix: question === 'payload' ? undefined : pattern.own.mix } };
}

function lengthMs(ratePerS: number): number {
  return Math.max(LEAST_MS, Math.ceil((CALLS * 1000) / ratePerS));
}

function warmUpOf(bytes: number): Scenario['warmUp'] {
  const calls = Math.min(WARM_UP.calls, Math.floor(WARM_UP.bytes / Math.max(1, bytes)));
  const isLarge = bytes > WARM_UP.largeBytes;
  return {
    calls: Math.max(WARM_UP.fewest, calls),
    mostMs: null,
    concurrency: isLarge ? WARM_UP.largeConcurrency : WARM_UP.concurrency,
    probeMs: 0,
    steadyWindows: STEADY_STATE.maxWindows,
  };
}
