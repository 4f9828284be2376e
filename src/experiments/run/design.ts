import { loadCatalogue } from '../../transports/discover.ts';
import { uniqueBrokers } from '../../kernel/catalogue.ts';
import { kindByName, settingsOf } from '../../plan/kinds/kinds.ts';
import type { BrokerIdentity } from '../../kernel/transport.ts';
import { brokersOf, brokersTakenIn } from '../../plan/brokers-of.ts';
import { busyRateOf } from '../../plan/busy-rate.ts';
import { estimateSeconds, formatEstimate } from '../../plan/estimate.ts';
import { type RowChoice, resolveRows } from '../../plan/rows.ts';
import type { Row, TrialSpec } from '../../plan/spec.ts';
import type { Entry } from '../../plan/entry.ts';
import { orderTrials } from '../../plan/trial-order.ts';
import { specOf } from '../../plan/trial-plan.ts';
import { describeEnvironment } from '../../record/environment.ts';
import type { RunDesign } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { topologyOf } from '../../scenario/schema/topology.ts';
import type { TrialLabel } from '../../trial/progress.ts';
import { whyNotTaken } from '../../trial/why-not.ts';
import { calibrationOf } from '../calibrate/calibration-file.ts';
import { type Design, single, type SkippedSpec, type Stage, type Steps } from '../loop/design.ts';
import { openPreview } from './preview.ts';

export interface RunPlan extends RowChoice {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Ids of the variants to run; undefined: all. */
  readonly variants: readonly string[] | undefined;
  /** Whether to show a preview of the rows that need no broker while brokers are fetched. */
  readonly preview: boolean;
}

/** Every trial of a scenario in its order. */
export async function runDesignOf(plan: RunPlan): Promise<Design<RunDesign, object>> {
  const { scenario, seed } = plan;
  const rows = await resolveRows(scenario, plan, await loadCatalogue());
  const order = orderTrials(scenario, rows, seed, plan.variants);
  const estimate = formatEstimate(estimateOf(order, rows, plan));
  return {
    experiment: 'run',
    scenario,
    rows,
    needed: brokersOfAll(order, rows, scenario),
    design: { order, calibration: calibrationOf(rows, plan.brokers ?? {}, describeEnvironment()) },
    estimate: `About ${estimate} for ${order.length} trials (seed ${seed})`,
    meanwhile: plan.preview ? (rig) => openPreview(rig, rows, scenario, seed) : undefined,
    steps: (stage) => stepsOf(plan, stage),
  };
}

/** Also those of rows whose edges alone go over one: they run in those variants that need none. */
function brokersOfAll(order: readonly Entry[], rows: readonly Row[], scenario: Scenario): BrokerIdentity[] {
  const needed = order.flatMap((entry) => {
    return brokersOf(rowOf(entry, rows), topologyOf(scenario, entry.variant));
  });
  return uniqueBrokers(needed);
}

function rowOf(entry: Entry, rows: readonly Row[]): Row {
  return rows.find(({ id }) => id === entry.pattern)!;
}

type RunStage = Stage<RunDesign, object>;

async function* stepsOf(plan: RunPlan, stage: RunStage): Steps<object> {
  const { rows, record } = stage;
  const entries = record.design.order.filter(({ pattern }) => rows.some(({ id }) => id === pattern));
  const seconds = entries.map((entry) => estimateOf([entry], rows, plan));
  for (const [i, entry] of entries.entries()) {
    const row = rowOf(entry, rows);
    const label = labelOf(entry, row, plan.scenario, {
      index: i + 1,
      count: entries.length,
      runSecondsLeft: seconds.slice(i).reduce((sum, one) => sum + one, 0),
    });
    yield single({ spec: planned(plan, stage, entry, row), place: {}, label });
  }
}

/** A trial's plan, or why it is not run here. */
function planned(
  { scenario, seed }: RunPlan,
  { rig, record, missing }: RunStage,
  entry: Entry,
  row: Row,
): TrialSpec | SkippedSpec {
  const skip = (skipped: string): SkippedSpec => ({ entry, row, skipped });
  const kind = kindByName(entry.kind);
  const share = kind.ceilingShare?.(settingsOf(scenario, kind));
  const busy = share === undefined ? undefined : busyRateOf(record.trials, row.id, share);
  if (typeof busy === 'string') return skip(busy);
  const spec = specOf(entry, { scenario, seed, row, ...(busy ? { busy } : {}) });
  const [missed] = brokersOf(row, spec.topology).flatMap(({ name }) => missing.get(name) ?? []);
  if (missed) return skip([missed.reason, missed.cure].filter(Boolean).join('; '));
  const [notOurs] = brokersTakenIn(spec).flatMap((broker) => whyNotTaken(rig, broker) ?? []);
  return notOurs === undefined ? spec : skip(notOurs);
}

function labelOf(
  entry: Entry,
  row: Row,
  { rounds, variants, cases }: Scenario,
  place: { index: number; count: number; runSecondsLeft: number },
): TrialLabel {
  const variant = variants.find(({ id }) => id === entry.variant)?.title ?? null;
  const ofCase = cases.find(({ id }) => id === entry.case)?.title;
  return {
    round: entry.round,
    rounds,
    ...place,
    pattern: row.title,
    variant,
    kind: entry.kind,
    case: ofCase,
  };
}

/** How long all of it takes; how busy the busy blocks are makes no difference. */
function estimateOf(order: readonly Entry[], rows: readonly Row[], { scenario, seed }: RunPlan): number {
  const busy = { perS: 1, note: '' };
  const specs = order.map((entry) => specOf(entry, { scenario, seed, row: rowOf(entry, rows), busy }));
  return estimateSeconds(specs);
}
