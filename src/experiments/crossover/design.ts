import { loadCatalogue } from '../../transports/discover.ts';
import { draw } from '../../kernel/random.ts';
import { resolvePatterns } from '../../plan/resolve-patterns.ts';
import type { ResolvedPattern, TrialSpec } from '../../plan/spec.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { neededBy } from '../../trial/environment/broker-set.ts';
import { type Design, type DesignStage, single, type DesignStep, type Steps } from '../loop/design.ts';
import { noBroker } from '../loop/missing-brokers.ts';
import { search } from '../search/search.ts';
import { crossoverSteps, type Crossover, openCrossover, pairOf, type Point } from './found.ts';
import { type CrossoverPlan, pairSpec, probeSpec } from './plan.ts';
import type { CrossoverDesign, CrossoverPlace, CrossoverTrial } from './record.ts';
import { pairName, progressText, verdictText } from './text.ts';

export interface CrossoverAsked {
  /** Ids of two patterns of the scenario. */
  readonly between: readonly [string, string];
  readonly scenario: Scenario;
  readonly seed: number;
  readonly design: CrossoverDesign;
  /** No upper end was given: for a rate it is then the higher rate of the patterns' closed loops. */
  readonly isOpenEnded: boolean;
}

type CrossoverStage = DesignStage<CrossoverDesign, CrossoverPlace>;

/** Searches the crossover point of two patterns, pair by pair. */
export async function crossoverDesign(
  asked: CrossoverAsked,
): Promise<Design<CrossoverDesign, CrossoverPlace>> {
  const { between, scenario, design } = asked;
  const found = await resolvePatterns(scenario, { patterns: between }, await loadCatalogue());
  const patterns = between.map((id) => found.find((pattern) => pattern.id === id)!);
  return {
    experiment: 'crossover',
    scenario,
    patterns,
    needed: neededBy(patterns),
    design,
    budgetMs: design.budgetMs,
    // Pairs that do not count do not make a search incomplete.
    isWhole: () => true,
    checkMissing(missing) {
      for (const why of missing.values()) throw noBroker(why);
    },
    steps: (stage) => stepsOf(asked, patterns, stage),
  };
}

async function* stepsOf(
  asked: CrossoverAsked,
  patterns: readonly ResolvedPattern[],
  stage: CrossoverStage,
): Steps<CrossoverPlace> {
  const plan = { ...asked.design, scenario: asked.scenario, seed: asked.seed };
  if (plan.question === 'rate' && asked.isOpenEnded) yield* probes(plan, patterns, stage);
  const found = openCrossover(stage.record);
  const printPoint = (point: Point) => {
    if (point.verdict) stage.testbed.progress.line(verdictText(found, point));
  };
  const isEnded = yield* search(crossoverSteps(found), {
    plan: (point) => pairSteps(plan, patterns, stage, { found, point }),
    outcomeOf: (trials: readonly CrossoverTrial[]) => pairOf(asked.design, patterns, trials)!,
    learnt: printPoint,
    isOver: () => stage.leftMs() <= 0,
  });
  if (isEnded) return;
  const last = found.points.at(-1)!;
  last.verdict = { state: 'stopped' };
  printPoint(last);
}

/** Both patterns one after the other, in an order that is drawn; fresh processes, the same arrivals. */
function* pairSteps(
  plan: CrossoverPlan,
  patterns: readonly ResolvedPattern[],
  stage: CrossoverStage,
  { found, point }: { readonly found: Crossover; readonly point: Point },
): Generator<DesignStep<CrossoverPlace>> {
  const pair = 1 + found.points.reduce((sum, { pairs }) => sum + pairs.length, 0);
  const isTurned = draw(plan.seed, 'crossover order', pair) < 0.5;
  const { at } = point;
  for (const pattern of isTurned ? patterns.toReversed() : patterns) {
    const spec = pairSpec(plan, pattern, { id: stage.record.trials.length + 1, pair, at });
    yield stepOf(stage, found, { spec, at, what: pairName(found, point, pattern.title) });
  }
}

/** Trials that measure the closed loop of each pattern, as the upper end of a rate. */
function* probes(
  plan: CrossoverPlan,
  patterns: readonly ResolvedPattern[],
  stage: CrossoverStage,
): Generator<DesignStep<CrossoverPlace>> {
  for (const pattern of patterns) {
    const spec = probeSpec(plan, pattern, stage.record.trials.length + 1);
    yield stepOf(stage, openCrossover(stage.record), {
      spec,
      at: null,
      what: `the closed loop of ${pattern.title}`,
    });
  }
}

function stepOf(
  { leftMs }: CrossoverStage,
  found: Crossover,
  { spec, at, what }: { readonly spec: TrialSpec; readonly at: number | null; readonly what: string },
): DesignStep<CrossoverPlace> {
  return single({ spec, place: { at }, label: { name: `${progressText(found, leftMs())}: ${what}` } });
}
