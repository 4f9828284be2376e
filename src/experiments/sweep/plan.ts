import { draw, shuffled } from '../../kernel/random.ts';
import type { ResolvedPattern, TrialSpec } from '../../plan/spec.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { RateAssessment } from '../search/rate-assessment.ts';
import { lengthMs, rateSpec, type Wanted } from '../search/rate-trial.ts';
import type { StepStrategy } from '../search/search.ts';

/** One point of the plan, to be measured once a round. */
export interface LoadStep {
  readonly pattern: ResolvedPattern;
  readonly ratePerS: number;
}

/** A pattern goes no further up after this many successive rates that were not sustained. */
const NOT_SUSTAINED_AT_MOST = 2;

/** Every load step of every round: the first round finds how far up each pattern goes; the others repeat it. */
export function* sweepSteps(
  patterns: readonly ResolvedPattern[],
  { rates, rounds }: { readonly rates: readonly number[]; readonly rounds: number },
  seed: number,
): StepStrategy<LoadStep & { readonly round: number }, RateAssessment> {
  const looks = new Map<ResolvedPattern, RateAssessment[]>(patterns.map((pattern) => [pattern, []]));
  const ran: LoadStep[] = [];
  for (const step of firstRound(patterns, rates, seed).flat()) {
    const own = looks.get(step.pattern)!;
    if (isStopped(own)) continue;
    own.push(yield { ...step, round: 1 });
    ran.push(step);
  }
  for (let round = 2; round <= rounds; round++) {
    for (const step of laterRound(ran, seed, round)) yield { ...step, round };
  }
}

/** Patterns at one rate in the first round, in drawn order. */
export function firstRound(
  patterns: readonly ResolvedPattern[],
  rates: readonly number[],
  seed: number,
): LoadStep[][] {
  return rates.map((ratePerS, i) =>
    shuffled(patterns, seed, 'sweep rows', i).map((pattern) => ({ pattern, ratePerS })),
  );
}

/** The load steps of the first round in drawn order, so that no drift of the machine looks like load. */
export function laterRound(ran: readonly LoadStep[], seed: number, round: number): LoadStep[] {
  return shuffled(ran, seed, 'sweep round', round);
}

/** Nothing more would be learnt of the pattern at higher rates. @param looks of its rates so far, ascending */
export function isStopped(looks: readonly RateAssessment[]): boolean {
  const last = looks.slice(-NOT_SUSTAINED_AT_MOST);
  // A disturbed trial says nothing about the rate.
  return (
    last.length === NOT_SUSTAINED_AT_MOST &&
    last.every(({ limit }) => limit !== null && limit !== 'disturbed')
  );
}

interface Plan extends Wanted {
  readonly scenario: Scenario;
  readonly rounds: number;
  readonly seed: number;
}

/** Every pattern of a round gets the same arrivals at one rate. */
export function stepSpec(
  plan: Plan,
  { pattern, ratePerS }: LoadStep,
  at: { id: number; round: number },
): TrialSpec {
  const { scenario, rounds, seed } = plan;
  const durationMs = lengthMs(ratePerS, rounds, plan);
  const spec = rateSpec(scenario, seed, pattern, { ...at, ratePerS, durationMs, kind: 'latency' });
  return { ...spec, seed: Math.floor(draw(seed, `sweep ${ratePerS}`, at.round) * 0xffffffff) };
}
