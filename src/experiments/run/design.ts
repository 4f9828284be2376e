import { loadCatalogue } from '../../transports/discover.ts';
import { uniqueBrokers } from '../../kernel/catalogue.ts';
import { kindByName, settingsOf } from '../../plan/kinds/kinds.ts';
import type { BrokerIdentity } from '../../kernel/transport.ts';
import { brokersOf, brokersTakenIn } from '../../plan/brokers-of.ts';
import { busyRateOf } from '../../plan/busy-rate.ts';
import { estimateSeconds, formatEstimate } from '../../plan/estimate.ts';
import { type PatternChoice, resolvePatterns } from '../../plan/resolve-patterns.ts';
import type { Entry, ResolvedPattern, TrialSpec } from '../../plan/spec.ts';
import { orderTrials } from '../../plan/trial-order.ts';
import { specOf } from '../../plan/trial-plan.ts';
import { describeEnvironment } from '../../record/environment.ts';
import type { RunDesign } from '../../record/record.ts';
import { plural } from '../../report/format.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { topologyOf } from '../../scenario/schema/topology.ts';
import { whyNotTaken } from '../../trial/environment/broker-care.ts';
import { calibrationOf } from '../calibrate/calibration-file.ts';
import { type Design, single, type SkippedSpec, type DesignStage, type Steps } from '../loop/design.ts';
import { openPreview } from './preview.ts';

export interface RunPlan extends PatternChoice {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Ids of the variants to run; undefined: all. */
  readonly variants: readonly string[] | undefined;
  /** Whether to preview patterns that need no broker while brokers are fetched. */
  readonly preview: boolean;
}

/** Every trial of a scenario in its order. */
export async function runDesignOf(plan: RunPlan): Promise<Design<RunDesign, object>> {
  const { scenario, seed } = plan;
  const patterns = await resolvePatterns(scenario, plan, await loadCatalogue());
  const order = orderTrials(scenario, patterns, seed, plan.variants);
  const seconds = estimateOf(order, patterns, plan);
  return {
    experiment: 'run',
    scenario,
    patterns,
    needed: brokersOfAll(order, patterns, scenario),
    design: { order, calibration: calibrationOf(patterns, plan.brokers ?? {}, describeEnvironment()) },
    estimate: `About ${formatEstimate(seconds)} for ${plural(order.length, 'trial')} (seed ${seed})`,
    seconds,
    meanwhile: plan.preview ? (testbed) => openPreview(testbed, patterns, scenario, seed) : undefined,
    steps: (stage) => stepsOf(plan, stage),
  };
}

/** Brokers of every trial, also of patterns in which only edges need one: those run in variants without. */
function brokersOfAll(
  order: readonly Entry[],
  patterns: readonly ResolvedPattern[],
  scenario: Scenario,
): BrokerIdentity[] {
  return uniqueBrokers(
    order.flatMap((entry) => brokersOf(patternOf(entry, patterns), topologyOf(scenario, entry.variant))),
  );
}

function patternOf(entry: Entry, patterns: readonly ResolvedPattern[]): ResolvedPattern {
  return patterns.find(({ id }) => id === entry.pattern)!;
}

type RunStage = DesignStage<RunDesign, object>;

async function* stepsOf(plan: RunPlan, stage: RunStage): Steps<object> {
  const { patterns, record } = stage;
  const entries = record.design.order.filter(({ pattern }) => patterns.some(({ id }) => id === pattern));
  const seconds = entries.map((entry) => estimateOf([entry], patterns, plan));
  for (const [i, entry] of entries.entries()) {
    const pattern = patternOf(entry, patterns);
    const label = {
      ...labelOf(entry, pattern, plan.scenario),
      index: i + 1,
      count: entries.length,
      runSecondsLeft: seconds.slice(i).reduce((sum, one) => sum + one, 0),
    };
    yield single({ spec: planned(plan, stage, entry, pattern), place: {}, label });
  }
}

/** The plan of a trial, or why it is not run here. */
function planned(
  { scenario, seed }: RunPlan,
  { testbed, record, missing }: RunStage,
  entry: Entry,
  pattern: ResolvedPattern,
): TrialSpec | SkippedSpec {
  const skip = (skipped: string): SkippedSpec => ({ entry, pattern, skipped });
  const kind = kindByName(entry.kind);
  const share = kind.capacityShare?.(settingsOf(scenario, kind));
  const busy = share === undefined ? undefined : busyRateOf(record, pattern.id, share);
  if (typeof busy === 'string') return skip(busy);
  const spec = specOf(entry, { scenario, seed, pattern, ...(busy ? { busy } : {}) });
  const [missed] = brokersOf(pattern, spec.system.topology).flatMap(({ name }) => missing.get(name) ?? []);
  if (missed) return skip([missed.reason, missed.hint].filter(Boolean).join('; '));
  const [notOurs] = brokersTakenIn(spec).flatMap((broker) => whyNotTaken(testbed, broker) ?? []);
  return notOurs === undefined ? spec : skip(notOurs);
}

function labelOf({ round, kind, ...of }: Entry, pattern: ResolvedPattern, scenario: Scenario) {
  const { rounds, variants, cases } = scenario;
  const variant = variants.find(({ id }) => id === of.variant)?.title ?? null;
  const title = cases.find(({ id }) => id === of.case)?.title;
  return { round, rounds, pattern: pattern.title, variant, kind, case: title };
}

/** Estimated seconds of these trials; the rate of busy blocks makes no difference. */
function estimateOf(
  order: readonly Entry[],
  patterns: readonly ResolvedPattern[],
  { scenario, seed }: RunPlan,
): number {
  const busy = { perS: 1, note: '' };
  const specs = order.map((entry) =>
    specOf(entry, { scenario, seed, pattern: patternOf(entry, patterns), busy }),
  );
  return estimateSeconds(specs);
}
