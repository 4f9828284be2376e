import { loadCatalogue } from '../../transports/discover.ts';
import { uniqueBrokers } from '../../kernel/catalogue.ts';
import type { Comparison } from '../../analysis/compare/comparison.ts';
import type { BrokerIdentity } from '../../kernel/transport.ts';
import { shuffled } from '../../kernel/random.ts';
import { looksOf } from '../../measure/stats/looks.ts';
import { brokersOf } from '../../plan/brokers-of.ts';
import { estimateSeconds, formatEstimate } from '../../plan/estimate.ts';
import { describeRows, resolveRows } from '../../plan/rows.ts';
import type { Row } from '../../plan/spec.ts';
import { describeEnvironment } from '../../record/environment.ts';
import { rowText, VERDICT_WORDS } from '../../report/comparison/comparison-finding.ts';
import { plural } from '../../report/format.ts';
import { withoutSecrets } from '../../scenario/load/target-secrets.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { topologyOf } from '../../scenario/schema/topology.ts';
import { calibrationOf } from '../calibrate/calibration-file.ts';
import { type Design, type PlannedTrial, single, type Stage, type Step, type Steps } from '../loop/design.ts';
import { noteMissing, whyRowIsNotRun } from '../loop/new-record.ts';
import { noBroker } from '../loop/no-broker.ts';
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
  readonly arms: Readonly<Record<ArmId, AskedArm & { readonly rows: readonly Row[] }>>;
}

type AbStage = Stage<AbDesign, ArmPlace>;

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
    rows: a.rows,
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
    rows: await resolveRows(scenario, { patterns, targets, brokers, allowRemote }, await loadCatalogue()),
  };
}

function brokersIn({ scenario, rows }: AbPlan['arms'][ArmId]): BrokerIdentity[] {
  return rows.flatMap((row) => brokersOf(row, topologyOf(scenario, null)));
}

function recordedArm(
  { brokers }: AbAsked,
  { title, scenario, rows }: AbPlan['arms'][ArmId],
): AbDesign['arms'][ArmId] {
  const calibration = calibrationOf(rows, brokers, describeEnvironment());
  return { title, scenario: withoutSecrets(scenario), patterns: describeRows(rows), calibration };
}

function estimateOf(plan: AbPlan): string {
  const { mode, mostPairs, budgetMs } = plan.design;
  const specs = plan.arms.a.rows.flatMap((_, rowIndex) =>
    ARM_IDS.map((arm) => specIn(plan, { pair: 1, rowIndex, arm })),
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
  readonly rowIndex: number;
}

function specIn({ arms, seed, design: { mode } }: AbPlan, place: PairPlace & { readonly arm: ArmId }) {
  const { scenario, rows } = arms[place.arm];
  return abSpec({ scenario, seed, mode }, { ...place, rowCount: rows.length }, rows[place.rowIndex]!);
}

/** Places of the rows that run in both arms. */
function runnable({ arms }: AbPlan, missing: AbStage['missing']): number[] {
  const isThere = (row: Row) => whyRowIsNotRun(row, missing) === undefined;
  return [...arms.a.rows.keys()].filter((i) => ARM_IDS.every((id) => isThere(arms[id].rows[i]!)));
}

async function* stepsOf(plan: AbPlan, stage: AbStage): Steps<ArmPlace> {
  const { record, missing, leftMs, rig } = stage;
  for (const id of ARM_IDS) noteMissing(record.design.arms[id].patterns, plan.arms[id].rows, missing);
  const idOf = (rowIndex: number) => plan.arms.a.rows[rowIndex]!.id;
  const open = new Map(runnable(plan, missing).map((rowIndex) => [idOf(rowIndex), rowIndex]));
  const { mostPairs } = plan.design;
  for (let pair = 1; pair <= mostPairs && open.size > 0; pair++) {
    if (pair > 1 && leftMs() <= 0) return rig.progress.line('The time is over: no further pair');
    for (const id of shuffled([...open.keys()], plan.seed, 'ab rows', pair)) {
      yield* pairSteps(plan, { pair, rowIndex: open.get(id)! });
    }
    const comparison = comparisonIn(record, 'ab');
    tell(stage, comparison, { pair, open });
    // A row that is decided is run no more: a later look would have to be paid for too.
    for (const id of decidedRows(comparison, mostPairs)) open.delete(id);
  }
}

function pairSteps(plan: AbPlan, place: PairPlace): Step<ArmPlace>[] {
  const { mode, mostPairs } = plan.design;
  const name = `pair ${place.pair} of ${mostPairs}: ${plan.arms.a.rows[place.rowIndex]!.title}`;
  const trials = armOrder(plan.seed, place.pair, place.rowIndex).map((arm): PlannedTrial<ArmPlace> => {
    const label = { name: `${name}, ${arm} (${plan.arms[arm].title})` };
    return { spec: specIn(plan, { ...place, arm }), place: { arm }, label };
  });
  return mode === 'pairs' ? trials.map(single) : [{ trials, label: { name } }];
}

/** What is known after a pair. */
function tell(
  { rig, record }: AbStage,
  comparison: Comparison,
  { pair, open }: { readonly pair: number; readonly open: ReadonlyMap<string, number> },
): void {
  for (const row of comparison.rows) {
    if (!open.has(row.pattern)) continue;
    const told = `${rowText(row, comparison)} (${VERDICT_WORDS[row.verdict].toLowerCase()})`;
    rig.progress.line(`After ${pair} of at most ${record.design.mostPairs} pairs: ${told}`);
  }
}

/**
 * Ids of the rows on which nothing more is to be measured. Decided is only at planned looks, which pay for being
 * several; what an interval between them looks like decides nothing. Counted are pairs that were used: one that was
 * left out is no step towards a look.
 */
export function decidedRows({ rows }: Pick<Comparison, 'rows'>, mostPairs: number): string[] {
  const looks = looksOf(mostPairs);
  return rows
    .filter(({ gate, verdict }) => verdict !== 'inconclusive' && looks.includes(gate?.used.baseline ?? 0))
    .map(({ pattern }) => pattern);
}
