import { loadCatalogue } from '../../transports/discover.ts';
import { uniqueBrokers } from '../../kernel/catalogue.ts';
import type { Comparison } from '../../analysis/compare/comparison.ts';
import type { BrokerIdentity } from '../../kernel/transport.ts';
import { shuffled } from '../../kernel/random.ts';
import { looksOf } from '../../measure/stats/looks.ts';
import { brokersOf } from '../../plan/brokers-of.ts';
import { estimateSeconds, formatEstimate } from '../../plan/estimate.ts';
import { describePatterns, resolvePatterns } from '../../plan/resolve-patterns.ts';
import type { ResolvedPattern } from '../../plan/spec.ts';
import { describeEnvironment } from '../../record/environment.ts';
import { patternText, VERDICT_WORDS } from '../../report/comparison/comparison-finding.ts';
import { plural } from '../../report/format.ts';
import { withoutSecrets } from '../../scenario/load/target-secrets.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { topologyOf } from '../../scenario/schema/topology.ts';
import { calibrationOf } from '../calibrate/calibration-file.ts';
import {
  type Design,
  type PlannedTrial,
  single,
  type DesignStage,
  type DesignStep,
  type Steps,
} from '../loop/design.ts';
import { noBroker, noteMissing, whyPatternIsNotRun } from '../loop/missing-brokers.ts';
import { comparisonIn } from './compared.ts';
import { abSpec, armOrder } from './plan.ts';
import { type AbDesign, ARM_IDS, type ArmId, type ArmPlace } from './record.ts';

export interface AskedArm {
  /** What the user called it: `client=kafkajs`. */
  readonly title: string;
  /** As `pairedScenario` makes it. */
  readonly scenario: Scenario;
  /** URLs of the user's own, by row. */
  readonly targets: Readonly<Record<string, string>>;
}

export interface AbAsked {
  readonly arms: Readonly<Record<ArmId, AskedArm>>;
  /** Ids of the rows, the same in both arms. */
  readonly patterns: readonly string[];
  readonly design: Omit<AbDesign, 'arms'>;
  readonly seed: number;
  readonly brokers: Readonly<Record<string, string>>;
  readonly allowRemote: readonly string[];
}

/** What is run of both arms. */
interface AbPlan extends Pick<AbAsked, 'seed' | 'design'> {
  readonly arms: Readonly<Record<ArmId, AskedArm & { readonly patterns: readonly ResolvedPattern[] }>>;
}

type AbStage = DesignStage<AbDesign, ArmPlace>;

/**
 * Two arms pair by pair. Ends where every row is judged at a planned look, after the most pairs, or where the time is
 * over.
 */
export async function abDesign(asked: AbAsked): Promise<Design<AbDesign, ArmPlace>> {
  const [a, b] = [await armWithRows(asked, 'a'), await armWithRows(asked, 'b')];
  const plan: AbPlan = { ...asked, arms: { a, b } };
  const { budgetMs } = asked.design;
  return {
    experiment: 'ab',
    scenario: a.scenario,
    patterns: a.patterns,
    needed: uniqueBrokers([...brokersIn(a), ...brokersIn(b)]),
    design: { ...asked.design, arms: { a: recordedArm(asked, a), b: recordedArm(asked, b) } },
    budgetMs,
    estimate: estimateOf(plan),
    checkMissing(missing) {
      if (runnable(plan, missing).length === 0) throw noBroker([...missing.values()][0]!);
    },
    steps: (stage) => stepsOf(plan, stage),
  };
}

async function armWithRows({ arms, patterns, allowRemote, brokers }: AbAsked, id: ArmId) {
  const { scenario, targets } = arms[id];
  return {
    ...arms[id],
    patterns: await resolvePatterns(
      scenario,
      { patterns, targets, brokers, allowRemote },
      await loadCatalogue(),
    ),
  };
}

function brokersIn({ scenario, patterns }: AbPlan['arms'][ArmId]): BrokerIdentity[] {
  return patterns.flatMap((pattern) => brokersOf(pattern, topologyOf(scenario, null)));
}

function recordedArm(
  { brokers }: AbAsked,
  { title, scenario, patterns }: AbPlan['arms'][ArmId],
): AbDesign['arms'][ArmId] {
  const calibration = calibrationOf(patterns, brokers, describeEnvironment());
  return { title, scenario: withoutSecrets(scenario), patterns: describePatterns(patterns), calibration };
}

function estimateOf(plan: AbPlan): string {
  const { mode, mostPairs, budgetMs } = plan.design;
  const specs = plan.arms.a.patterns.flatMap((_, patternIndex) =>
    ARM_IDS.map((arm) => specIn(plan, { pair: 1, patternIndex, arm })),
  );
  // In switchback both are there at once.
  const pairS = estimateSeconds(specs) / (mode === 'switchback' ? 2 : 1);
  const first = looksOf(mostPairs)[0]!;
  const most = Math.min(mostPairs * pairS, budgetMs / 1000 + pairS);
  const least = first < mostPairs ? `${formatEstimate(first * pairS)} for ${plural(first, 'pair')}, ` : '';
  return `About ${least}${formatEstimate(most)} for ${plural(mostPairs, 'pair')} (seed ${plan.seed})`;
}

interface PairPlace {
  readonly pair: number;
  readonly patternIndex: number;
}

function specIn({ arms, seed, design: { mode } }: AbPlan, place: PairPlace & { readonly arm: ArmId }) {
  const { scenario, patterns } = arms[place.arm];
  return abSpec(
    { scenario, seed, mode },
    { ...place, patternCount: patterns.length },
    patterns[place.patternIndex]!,
  );
}

/** Places of the rows that run in both arms. */
function runnable({ arms }: AbPlan, missing: AbStage['missing']): number[] {
  const isThere = (pattern: ResolvedPattern) => whyPatternIsNotRun(pattern, missing) === undefined;
  return [...arms.a.patterns.keys()].filter((i) => ARM_IDS.every((id) => isThere(arms[id].patterns[i]!)));
}

async function* stepsOf(plan: AbPlan, stage: AbStage): Steps<ArmPlace> {
  const { record, missing, leftMs, testbed } = stage;
  for (const id of ARM_IDS) noteMissing(record.design.arms[id].patterns, plan.arms[id].patterns, missing);
  const idOf = (patternIndex: number) => plan.arms.a.patterns[patternIndex]!.id;
  const open = new Map(runnable(plan, missing).map((patternIndex) => [idOf(patternIndex), patternIndex]));
  const { mostPairs } = plan.design;
  for (let pair = 1; pair <= mostPairs && open.size > 0; pair++) {
    if (pair > 1 && leftMs() <= 0) return testbed.progress.line('The time is over: no further pair');
    for (const id of shuffled([...open.keys()], plan.seed, 'ab rows', pair)) {
      yield* pairSteps(plan, { pair, patternIndex: open.get(id)! });
    }
    const comparison = comparisonIn(record, 'ab');
    printVerdicts(stage, comparison, { pair, open });
    // A row that is decided is run no more: a later look would have to be paid for too.
    for (const id of decidedPatterns(comparison, mostPairs)) open.delete(id);
  }
}

function pairSteps(plan: AbPlan, place: PairPlace): DesignStep<ArmPlace>[] {
  const { mode, mostPairs } = plan.design;
  const name = `pair ${place.pair} of ${mostPairs}: ${plan.arms.a.patterns[place.patternIndex]!.title}`;
  const trials = armOrder(plan.seed, place.pair, place.patternIndex).map((arm): PlannedTrial<ArmPlace> => {
    const label = { name: `${name}, ${arm} (${plan.arms[arm].title})` };
    return { spec: specIn(plan, { ...place, arm }), place: { arm }, label };
  });
  return mode === 'pairs' ? trials.map(single) : [{ trials, label: { name } }];
}

/** What is known after a pair. */
function printVerdicts(
  { testbed, record }: AbStage,
  comparison: Comparison,
  { pair, open }: { readonly pair: number; readonly open: ReadonlyMap<string, number> },
): void {
  for (const pattern of comparison.patterns) {
    if (!open.has(pattern.pattern)) continue;
    const text = `${patternText(pattern, comparison)} (${VERDICT_WORDS[pattern.verdict].toLowerCase()})`;
    testbed.progress.line(`After ${pair} of at most ${record.design.mostPairs} pairs: ${text}`);
  }
}

/**
 * Ids of the rows on which nothing more is to be measured. Decided is only at planned looks, which pay for being
 * several; what an interval between them looks like decides nothing. Counted are pairs that were used: one that was
 * left out is no step towards a look.
 */
export function decidedPatterns({ patterns }: Pick<Comparison, 'patterns'>, mostPairs: number): string[] {
  const looks = looksOf(mostPairs);
  return patterns
    .filter(({ gate, verdict }) => verdict !== 'inconclusive' && looks.includes(gate?.used.baseline ?? 0))
    .map(({ pattern }) => pattern);
}
