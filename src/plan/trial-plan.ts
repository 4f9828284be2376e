import { isAnswered, isStream, hasSubscribers } from '../contracts/interactions.ts';
import { contractByName } from '../contracts/contracts.ts';
import { streamShapeOf } from '../contracts/stream-shape.ts';
import { NS_PER_MS } from '../kernel/clock.ts';
import type { FaultLayer } from '../faults/fault.ts';
import { faultByName, type FaultSpec } from '../faults/faults.ts';
import type { StreamShape } from '../kernel/contract.ts';
import { firstRate, type LoadShape } from '../kernel/load-shape.ts';
import { draw } from '../kernel/random.ts';
import type { Scenario } from '../scenario/schema/schema.ts';
import { stacksOf } from '../scenario/schema/topology-schema.ts';
import { topologyOf } from '../scenario/schema/topology.ts';
import type { BusyRate } from './busy-rate.ts';
import type { TrialKind } from './kinds/kind.ts';
import { kindByName, settingsOf, timelineOf } from './kinds/kinds.ts';
import { ENDS_ITSELF, REVIVED_AFTER_MS } from './revival.ts';
import type { Entry, ResolvedPattern, TrialMeasure, TrialSpec, TrialTopology, TrialWarmUp } from './spec.ts';

/**
 * Arrivals per steady-state window, fewer at low rates, and the number of windows after which latency counts as not
 * steady.
 */
const SETTLING = { windowMs: 400, fewest: 10, most: 24 };
/** At a low rate there are fewer windows: whether the latency is steady is then not known. */
const LONGEST_SETTLING_S = 120;
/**
 * Enough to compile code and settle connections, header tables and consumers. More calls are for precise comparisons.
 */
const FEW_CALLS = 500;
const REVIVAL_NOTE = `a service that ends itself is restarted ${REVIVED_AFTER_MS} ms later`;

export interface PlanContext {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly pattern: ResolvedPattern;
  /** Only for idle-busy trials. */
  readonly busy?: BusyRate;
}

/** Specification of one trial, from its entry in the order. */
export function specOf(entry: Entry, { scenario: base, seed, pattern, busy }: PlanContext): TrialSpec {
  const scenario = withOwn(withVariant(base, entry.variant), pattern);
  const kind = kindByName(entry.kind);
  const { isNoOp = false } = kind;
  const shape = isNoOp ? undefined : shapeOf(scenario, pattern);
  const topology = isNoOp || pattern.target ? undefined : trialTopology(base, entry.variant);
  const timeline = timelineOf(entry, scenario, busy?.perS ?? 0);
  const { contract, mix } = requestsOf(scenario, pattern, isNoOp);
  const { concurrency, queue, processingMs, contractVersion } = scenario.service;
  return {
    id: entry.id,
    round: entry.round,
    kind: kind.name,
    variant: entry.variant,
    case: entry.case,
    notes: [
      ...(busy ? [busy.note] : []),
      ...(shape ? [`a call is a stream of ${shape.items} items${apartText(shape)}`] : []),
      ...(timeline.faults.some((fault) => fault.do === ENDS_ITSELF) ? [REVIVAL_NOTE] : []),
    ],
    // Every pattern of a round gets the same arrivals.
    seed: Math.floor(draw(seed, 'trial', entry.round) * 0xffffffff),
    system: {
      pattern,
      contract,
      ...(contractVersion === null || isNoOp || pattern.target ? {} : { contractVersion }),
      service: { concurrency, queue, processingMs: isNoOp ? 0 : processingMs, seededDefects: null },
      ...(pattern.target && linkFaultsIn(scenario).length > 0 ? { isProxied: true } : {}),
      ...(topology ? { topology } : {}),
    },
    load: {
      shape: timeline.load,
      mix,
      keys: scenario.keys,
      durationMs: timeline.durationMs,
      phases: timeline.phases,
      deadlineMs: scenario.deadlineMs,
      drainMs: scenario.drainMs,
    },
    warmUp: {
      ...withoutBacklog(warmUpOf(kind, scenario, timeline.load), scenario, pattern),
      ...loopsOf(kind, base),
    },
    faults: timeline.faults,
    measure: {
      countBytes: kind.countsBytes ?? false,
      objectiveMs: scenario.objectiveMs,
      endpoints: scenario.endpoints,
      ...(isNoOp ? {} : streamsIn(scenario, pattern, shape)),
    },
  };
}

/** A trial as the scenario says, in none of its variants and cases. */
export function plainSpec(
  { id, round, kind = 'latency' }: { readonly id: number; readonly round: number; readonly kind?: string },
  context: PlanContext,
): TrialSpec {
  const pattern = context.pattern.id;
  return specOf({ id, round, pattern, variant: null, kind, case: null }, context);
}

/** A target has a contract of its own, independent of the scenario's. */
function requestsOf(
  { contract, mix }: Scenario,
  { target }: ResolvedPattern,
  isNoOp: boolean,
): Pick<Scenario, 'contract' | 'mix'> {
  if (target) return { contract: 'target', mix: [...target.mix] };
  return isNoOp ? { contract: 'null', mix: [{ operation: 'nothing', share: 1 }] } : { contract, mix };
}

function trialTopology(scenario: Scenario, variant: string | null): TrialTopology | undefined {
  const topology = topologyOf(scenario, variant);
  if (!topology) return undefined;
  const proxied = [...new Set(linkFaultsIn(scenario).map(({ on = '' }) => on))];
  const isSwitched = faultsIn(scenario, 'policy').length > 0;
  return { ...topology, proxied, stacks: isSwitched ? stacksOf(scenario) : {} };
}

function linkFaultsIn(scenario: Scenario): FaultSpec[] {
  return faultsIn(scenario, 'connection');
}

function faultsIn({ faults, cases }: Scenario, layer: FaultLayer): FaultSpec[] {
  const all = [...faults, ...cases.flatMap((one) => one.faults)];
  return all.filter((fault) => faultByName(fault.do).layer === layer);
}

/** Subscribers are measured as streams only in a scenario with a streaming pattern. */
function streamsIn(
  { patterns }: Scenario,
  pattern: ResolvedPattern,
  shape: StreamShape | undefined,
): Pick<TrialMeasure, 'streams'> {
  if (shape) {
    const { everyMs } = shape;
    return { streams: { from: 'items', everyNs: everyMs === null ? null : everyMs * NS_PER_MS } };
  }
  const isBeside = patterns.some(({ interaction }) => isStream(interaction));
  return isBeside && hasSubscribers(pattern.interaction) ? { streams: { from: 'effects' } } : {};
}

function shapeOf({ contract, mix }: Scenario, pattern: ResolvedPattern): StreamShape | undefined {
  if (pattern.target) return pattern.target.stream ?? undefined;
  return isStream(pattern.interaction) ? streamShapeOf(contractByName(contract), mix) : undefined;
}

function apartText({ everyMs }: StreamShape): string {
  return everyMs === null ? '' : `, ${everyMs} ms apart`;
}

function withOwn(scenario: Scenario, pattern: ResolvedPattern): Scenario {
  const { mix = scenario.mix, load = scenario.load } = pattern.own;
  return { ...scenario, mix, load };
}

function withVariant(scenario: Scenario, id: string | null): Scenario {
  const variant = scenario.variants.find((v) => v.id === id);
  if (!variant) return scenario;
  const { contract = scenario.contract, mix = scenario.mix, load = scenario.load } = variant;
  // A key that a variant omits is absent, never undefined.
  const service = { ...scenario.service, ...variant.service } as Scenario['service'];
  return { ...scenario, contract, mix, load, service };
}

function loopsOf(kind: TrialKind, scenario: Scenario): Pick<TrialWarmUp, 'loops'> {
  const { warmUp } = kind;
  return warmUp.loops ? { loops: warmUp.loops(settingsOf(scenario, kind)) } : {};
}

/** Only a kind whose closed loop is used has the probe. */
function warmUpOf(
  { warmUp: asked }: TrialKind,
  { warmUp }: Pick<Scenario, 'warmUp'>,
  load: LoadShape,
): TrialWarmUp {
  if (warmUp.calls === 0) return { closedLoop: null, steadyState: null };
  const forMs = asked.isProbed ? warmUp.probeMs : 0;
  const calls = asked.calls === 'few' ? Math.min(FEW_CALLS, warmUp.calls) : warmUp.calls;
  return {
    closedLoop: { calls, concurrency: warmUp.concurrency, forMs, mostMs: warmUp.mostMs },
    steadyState:
      asked.settles && warmUp.steadyWindows > 0
        ? steadyStateAt(firstRate(load), { ...SETTLING, maxWindows: warmUp.steadyWindows })
        : null,
  };
}

/**
 * Behind a broker a closed loop is as fast as confirms are, and the work that it leaves must be done before the trial:
 * where the warm-up's time is bounded, no more calls than a service that takes its time does meanwhile, and no probe.
 */
function withoutBacklog(
  warmUp: TrialWarmUp,
  { service }: Pick<Scenario, 'service'>,
  { interaction, target }: Pick<ResolvedPattern, 'interaction' | 'target'>,
): TrialWarmUp {
  const { closedLoop } = warmUp;
  const mostMs = closedLoop?.mostMs ?? null;
  if (!closedLoop || mostMs === null || service.processingMs === 0 || isAnswered(interaction) || target)
    return warmUp;
  const most = Math.max(1, Math.floor((service.concurrency * mostMs) / service.processingMs));
  return { ...warmUp, closedLoop: { ...closedLoop, calls: Math.min(closedLoop.calls, most), forMs: 0 } };
}

/** Bounds of the windows in which a trial settles. */
interface WindowBounds {
  readonly windowMs: number;
  /** Arrivals of a window. */
  readonly fewest: number;
  readonly most: number;
  readonly maxWindows: number;
}

/** Windows of so many ms at this rate, within their bounds. */
export function steadyStateAt(
  ratePerS: number,
  { windowMs, fewest, most, maxWindows }: WindowBounds,
): NonNullable<TrialWarmUp['steadyState']> {
  const inWindow = Math.round((ratePerS * windowMs) / 1000);
  const inTime = Math.max(1, Math.floor(LONGEST_SETTLING_S * ratePerS));
  const window = Math.min(inTime, most, Math.max(fewest, inWindow));
  return { window, maxWindows: Math.min(maxWindows, Math.floor(inTime / window)) };
}
