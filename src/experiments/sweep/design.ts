import { loadCatalogue } from '../../transports/discover.ts';
import { estimateSeconds, formatEstimate } from '../../plan/estimate.ts';
import { resolvePatterns, type PatternChoice } from '../../plan/resolve-patterns.ts';
import type { Trial } from '../../record/record.ts';
import { formatRate, plural } from '../../report/format.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { neededBy } from '../../trial/environment/broker-set.ts';
import { type Design, single, type DesignStage, type Steps } from '../loop/design.ts';
import { assessRate } from '../search/rate-assessment.ts';
import { search } from '../search/search.ts';
import { type LoadStep, stepSpec, sweepSteps } from './plan.ts';
import type { SweepDesign, SweepPlace } from './record.ts';

export interface SweepPlan extends PatternChoice {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly design: SweepDesign;
}

/** Every pattern at every rate, upwards until it is no longer sustained. */
export async function sweepDesign(plan: SweepPlan): Promise<Design<SweepDesign, SweepPlace>> {
  const { scenario, seed, design } = plan;
  const patterns = await resolvePatterns(scenario, plan, await loadCatalogue());
  const once = patterns.flatMap((pattern) =>
    design.rates.map((ratePerS) => stepSpec(wantedBy(plan), { pattern, ratePerS }, { id: 1, round: 1 })),
  );
  const seconds = design.rounds * estimateSeconds(once);
  return {
    experiment: 'sweep',
    scenario,
    patterns,
    needed: neededBy(patterns),
    design,
    // Patterns that stop keeping up take fewer trials.
    estimate: `At most ${formatEstimate(seconds)} for ${plural(design.rounds * once.length, 'trial')} (seed ${seed})`,
    seconds,
    steps: (stage) => stepsOf(plan, stage, { seconds, trials: design.rounds * once.length }),
  };
}

/** The whole plan; patterns that stop keeping up use less of it. */
interface Whole {
  readonly seconds: number;
  readonly trials: number;
}

async function* stepsOf(
  plan: SweepPlan,
  { patterns, record }: DesignStage<SweepDesign, SweepPlace>,
  whole: Whole,
): Steps<SweepPlace> {
  const { design, seed } = plan;
  yield* search(sweepSteps(patterns, design, seed), {
    plan: (step) => [single(trialOf(plan, step, record.trials.length + 1, whole))],
    outcomeOf: ([trial]) => assessRate(trial!),
    isOver: () => false,
  });
}

function trialOf(plan: SweepPlan, step: LoadStep & { readonly round: number }, id: number, whole: Whole) {
  const { pattern, ratePerS, round } = step;
  const { seconds, trials } = whole;
  return {
    spec: stepSpec(wantedBy(plan), step, { id, round }),
    place: { ratePerS },
    label: {
      name: `${pattern.title} at ${formatRate(ratePerS)}, round ${round} of ${plan.design.rounds}`,
      runSecondsLeft: seconds * (1 - (id - 1) / trials),
    },
    summaryOf: assessmentText,
  };
}

function assessmentText(trial: Trial): string {
  const { limit, why } = assessRate(trial);
  return limit === null ? 'sustained' : [limit, why].filter(Boolean).join(': ');
}

function wantedBy({ scenario, seed, design }: SweepPlan) {
  const { rounds, quantile: drawn, objective } = design;
  return { scenario, rounds, seed, drawn, quantile: Math.max(drawn, objective?.quantile ?? 0) };
}
