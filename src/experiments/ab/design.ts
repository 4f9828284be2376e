import { loadCatalogue } from '../../transports/discover.ts';
import { uniqueBrokers } from '../../kernel/catalogue.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Comparison } from '../../analysis/compare/comparison.ts';
import type { BrokerIdentity } from '../../kernel/transport.ts';
import { shuffled } from '../../kernel/random.ts';
import { looksOf } from '../../measure/stats/looks.ts';
import { brokersOf } from '../../plan/brokers-of.ts';
import { estimateSeconds, formatEstimate } from '../../plan/estimate.ts';
import { orderTrials } from '../../plan/trial-order.ts';
import { describePatterns, resolvePatterns } from '../../plan/resolve-patterns.ts';
import type { ResolvedPattern } from '../../plan/spec.ts';
import { describeEnvironment } from '../../record/environment.ts';
import { patternText, VERDICT_WORDS } from '../../report/comparison/comparison-finding.ts';
import { plural } from '../../report/format.ts';
import { withoutSecrets } from '../../scenario/load/target-secrets.ts';
import { topologyOf } from '../../scenario/schema/topology.ts';
import { calibrationOf } from '../calibrate/calibration-file.ts';
import {
  type Design,
  type DesignStage,
  type DesignStep,
  type PlannedTrial,
  single,
  type Steps,
} from '../loop/design.ts';
import { noBroker, noteMissing, whyPatternIsNotRun } from '../loop/missing-brokers.ts';
import type { MeasuringConditions } from '../../commands/options/measuring-options.ts';
import type { Arm } from './arms.ts';
import { comparisonIn } from './compared.ts';
import { abSpec, armOrder } from './plan.ts';
import { type AbDesign, type AbRecord, ARM_IDS, type ArmId, type ArmPlace } from './record.ts';

export interface AbAsked extends Pick<
  MeasuringConditions,
  'seed' | 'brokers' | 'allowRemote' | 'storeValues'
> {
  /** Their scenarios as `pairedScenario` makes them. */
  readonly arms: Readonly<Record<ArmId, Arm>>;
  /** Ids of the patterns, the same in both arms. */
  readonly patterns: readonly string[];
  readonly design: Omit<AbDesign, 'arms'>;
}

/** Both arms with their patterns resolved. */
interface AbPlan extends Pick<AbAsked, 'seed' | 'design'> {
  readonly arms: Readonly<Record<ArmId, Arm & { readonly patterns: readonly ResolvedPattern[] }>>;
}

type AbStage = DesignStage<AbDesign, ArmPlace>;

/**
 * Two arms, pair by pair. Ends when every pattern is decided at a planned interim analysis, after the maximum number of
 * pairs, or at the time limit.
 */
export async function abDesign(asked: AbAsked): Promise<Design<AbDesign, ArmPlace>> {
  const [a, b] = [await armWithPatterns(asked, 'a'), await armWithPatterns(asked, 'b')];
  const plan: AbPlan = { ...asked, arms: { a, b } };
  for (const arm of [a, b]) checkStruck(arm, asked);
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

async function armWithPatterns({ arms, patterns, allowRemote, brokers }: AbAsked, id: ArmId) {
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

/**
 * Refuses a pattern that the faults cannot strike: a broker that it does not use, or a target of the user's own.
 * @throws CommbenchError bad-option
 */
function checkStruck(
  { scenario, patterns }: AbPlan['arms'][ArmId],
  { seed, design: { kind } }: AbAsked,
): void {
  const planned = orderTrials({ ...scenario, rounds: 1 }, patterns, seed).filter(
    (entry) => entry.kind === kind,
  );
  const missed = patterns.find(({ id }) => !planned.some((entry) => entry.pattern === id));
  if (!missed) return;
  throw new CommbenchError('bad-option', `The faults of ${scenario.name} cannot strike ${missed.id}`, {
    hint: 'Choose patterns with --patterns, other faults with --case, or compare without faults: --no-faults.',
  });
}

function brokersIn({ scenario, patterns }: AbPlan['arms'][ArmId]): BrokerIdentity[] {
  return patterns.flatMap((pattern) => brokersOf(pattern, topologyOf(scenario, null)));
}

function recordedArm(
  { brokers, storeValues }: AbAsked,
  { title, scenario, patterns }: AbPlan['arms'][ArmId],
): AbDesign['arms'][ArmId] {
  const calibration = calibrationOf(patterns, brokers, describeEnvironment());
  const stored = storeValues ? scenario : withoutSecrets(scenario);
  return { title, scenario: stored, patterns: describePatterns(patterns), calibration };
}

function estimateOf(plan: AbPlan): string {
  const { mostPairs, budgetMs } = plan.design;
  const pairS = secondsOfPair(plan);
  const first = looksOf(mostPairs)[0]!;
  const most = Math.min(mostPairs * pairS, budgetMs / 1000 + pairS);
  const least = first < mostPairs ? `${formatEstimate(first * pairS)} for ${plural(first, 'pair')}, ` : '';
  return `About ${least}${formatEstimate(most)} for ${plural(mostPairs, 'pair')} (seed ${plan.seed})`;
}

/** Estimate of a pair of every pattern. */
function secondsOfPair(plan: AbPlan): number {
  const specs = plan.arms.a.patterns.flatMap((_, patternIndex) =>
    ARM_IDS.map((arm) => specIn(plan, { pair: 1, patternIndex, arm })),
  );
  // In switchback both arms run at once.
  return estimateSeconds(specs) / (plan.design.mode === 'switchback' ? 2 : 1);
}

interface PairPlace {
  readonly pair: number;
  readonly patternIndex: number;
}

function specIn({ arms, seed, design: { mode, kind } }: AbPlan, place: PairPlace & { readonly arm: ArmId }) {
  const { scenario, patterns } = arms[place.arm];
  return abSpec(
    { scenario, seed, mode, kind },
    { ...place, patternCount: patterns.length },
    patterns[place.patternIndex]!,
  );
}

/** Indices of the patterns that run in both arms. */
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
    if (pair > 1 && leftMs() <= 0) return testbed.progress.line('Time limit reached: no further pair');
    for (const id of shuffled([...open.keys()], plan.seed, 'ab rows', pair)) {
      yield* pairSteps(plan, { pair, patternIndex: open.get(id)! });
    }
    const comparison = comparisonIn(record, 'ab');
    printVerdicts(stage, comparison, { pair, open });
    // A decided pattern is not run again: each further interim analysis would cost error rate.
    for (const id of decidedPatterns(comparison, mostPairs)) open.delete(id);
    for (const { pattern, arm } of failedArms(record.trials)) {
      if (!open.delete(pattern)) continue;
      testbed.progress.line(
        `${pattern}: no trial of --${arm} was finished in ${pair} pairs: no further pair`,
      );
    }
  }
}

function pairSteps(plan: AbPlan, place: PairPlace): DesignStep<ArmPlace>[] {
  const { mode, mostPairs } = plan.design;
  const name = `pair ${place.pair} of ${mostPairs}: ${plan.arms.a.patterns[place.patternIndex]!.title}`;
  const runSecondsLeft = (mostPairs - place.pair + 1) * secondsOfPair(plan);
  const trials = armOrder(plan.seed, place.pair, place.patternIndex).map((arm): PlannedTrial<ArmPlace> => {
    const label = { name: `${name}, ${arm} (${plan.arms[arm].title})`, runSecondsLeft };
    return { spec: specIn(plan, { ...place, arm }), place: { arm }, label };
  });
  return mode === 'pairs' ? trials.map(single) : [{ trials, label: { name, runSecondsLeft } }];
}

/** The verdicts after a pair. */
function printVerdicts(
  { testbed, record }: AbStage,
  comparison: Comparison,
  { pair, open }: { readonly pair: number; readonly open: ReadonlyMap<string, number> },
): void {
  for (const pattern of comparison.patterns) {
    if (!open.has(pattern.pattern)) continue;
    // Operations have a line where they are decided.
    const isLook = looksOf(record.design.mostPairs).includes(pattern.gate?.used.baseline ?? 0);
    if (pattern.operation !== undefined && !isLook) continue;
    const text = `${patternText(pattern, comparison)} (${VERDICT_WORDS[pattern.verdict].toLowerCase()})`;
    testbed.progress.line(`After ${pair} of at most ${record.design.mostPairs} pairs: ${text}`);
  }
}

/** Pairs after which an arm without a finished trial is given up: it would fail in all others, too. */
const FAILED_PAIRS = 2;

/** Arms of patterns of which every trial has failed. */
export function failedArms(
  trials: readonly Pick<AbRecord['trials'][number], 'pattern' | 'arm' | 'state'>[],
): { readonly pattern: string; readonly arm: ArmId }[] {
  const all = Map.groupBy(trials, ({ pattern, arm }) => `${arm} ${pattern}`);
  return [...all.values()].flatMap((own) => {
    const isGivenUp = own.length >= FAILED_PAIRS && own.every(({ state }) => state === 'failed');
    return isGivenUp ? [{ pattern: own[0]!.pattern, arm: own[0]!.arm }] : [];
  });
}

/**
 * Ids of patterns that need no further pairs, nor any operation of theirs. Only planned interim analyses decide, as the error rate is spent on them;
 * an interval between them decides nothing. Only pairs that were used count towards the next analysis.
 */
export function decidedPatterns({ patterns }: Pick<Comparison, 'patterns'>, mostPairs: number): string[] {
  const looks = looksOf(mostPairs);
  const isDecided = ({ gate, verdict }: Comparison['patterns'][number]) =>
    verdict !== 'inconclusive' && looks.includes(gate?.used.baseline ?? 0);
  const all = Map.groupBy(patterns, ({ pattern }) => pattern);
  return [...all].filter(([, parts]) => parts.every(isDecided)).map(([id]) => id);
}
