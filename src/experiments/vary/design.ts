import { uniqueBrokers } from '../../kernel/catalogue.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { shuffled } from '../../kernel/random.ts';
import { brokersOf } from '../../plan/brokers-of.ts';
import { estimateSeconds, formatEstimate } from '../../plan/estimate.ts';
import { type PatternChoice, resolvePatterns } from '../../plan/resolve-patterns.ts';
import type { ResolvedPattern, TrialSpec } from '../../plan/spec.ts';
import { orderTrials } from '../../plan/trial-order.ts';
import { plainSpec } from '../../plan/trial-plan.ts';
import { plural } from '../../report/format.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { topologyOf } from '../../scenario/schema/topology.ts';
import { loadCatalogue } from '../../transports/discover.ts';
import { type Design, type DesignStage, single, type Steps } from '../loop/design.ts';
import type { VaryDesign, VaryPlace } from './record.ts';

export interface VaryPlan extends PatternChoice {
  /** The scenario with each value of the design, in that order, as `pairedScenario` makes it. */
  readonly scenarios: readonly Scenario[];
  readonly seed: number;
  readonly design: VaryDesign;
}

/** A pattern under one value. */
interface Point {
  readonly value: number;
  readonly scenario: Scenario;
  readonly pattern: ResolvedPattern;
}

/** Every pattern under every value, round by round in drawn order, so that no drift looks like an effect of the value. */
export async function varyDesign(plan: VaryPlan): Promise<Design<VaryDesign, VaryPlace>> {
  const { seed, design } = plan;
  const points = await pointsOf(plan);
  const first = points.filter(({ value }) => value === design.values[0]);
  const seconds =
    design.rounds * estimateSeconds(points.map((point) => specOf(plan, point, { id: 1, round: 1 })));
  return {
    experiment: 'vary',
    scenario: first[0]!.scenario,
    patterns: first.map(({ pattern }) => pattern),
    needed: uniqueBrokers(
      points.flatMap(({ pattern, scenario }) => brokersOf(pattern, topologyOf(scenario, null))),
    ),
    design,
    estimate: `About ${formatEstimate(seconds)} for ${plural(design.rounds * points.length, 'trial')} (seed ${seed})`,
    seconds,
    steps: (stage) => stepsOf(plan, points, stage, seconds),
  };
}

/** @throws CommbenchError bad-option where the faults cannot strike a pattern */
async function pointsOf(plan: VaryPlan): Promise<Point[]> {
  const { design, seed } = plan;
  const catalogue = await loadCatalogue();
  const points: Point[] = [];
  for (const [i, scenario] of plan.scenarios.entries()) {
    const patterns = await resolvePatterns(scenario, plan, catalogue);
    const planned = orderTrials({ ...scenario, rounds: 1 }, patterns, seed).map((entry) => entry.pattern);
    const missed = patterns.find(({ id }) => !planned.includes(id));
    if (missed) {
      throw new CommbenchError('bad-option', `The faults of ${scenario.name} cannot strike ${missed.id}`, {
        hint: 'Choose patterns with --patterns, other faults with --case, or none: --no-faults.',
      });
    }
    points.push(...patterns.map((pattern) => ({ value: design.values[i]!, scenario, pattern })));
  }
  return points;
}

function specOf(
  { seed, design: { kind } }: VaryPlan,
  { scenario, pattern }: Point,
  at: { readonly id: number; readonly round: number },
): TrialSpec {
  return plainSpec({ ...at, kind }, { scenario, seed, pattern });
}

async function* stepsOf(
  plan: VaryPlan,
  points: readonly Point[],
  { patterns }: DesignStage<VaryDesign, VaryPlace>,
  seconds: number,
): Steps<VaryPlace> {
  const { seed, design } = plan;
  const runnable = points.filter(({ pattern }) => patterns.some(({ id }) => id === pattern.id));
  const total = design.rounds * runnable.length;
  let id = 0;
  for (let round = 1; round <= design.rounds; round++) {
    for (const point of shuffled(runnable, seed, 'vary round', round)) {
      id++;
      const name = `${point.pattern.title} at ${design.path}=${point.value}, round ${round} of ${design.rounds}`;
      yield single({
        spec: specOf(plan, point, { id, round }),
        place: { value: point.value },
        label: { name, runSecondsLeft: seconds * (1 - (id - 1) / total) },
      });
    }
  }
}
