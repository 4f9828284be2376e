import type { FaultLayer } from '../../faults/fault.ts';
import { faultByName } from '../../faults/faults.ts';
import { MAX_RATE_PER_S } from '../../kernel/load-shape.ts';
import { didYouMean } from '../../kernel/nearest.ts';
import { brokersOf } from '../../plan/brokers-of.ts';
import type { PlannedFault } from '../../plan/kinds/timeline/timeline.ts';
import { MOST_FAULTS } from '../../scenario/schema/topology-schema.ts';
import type { TrialSpec } from '../../plan/spec.ts';
import type { Act, Wish } from './acts.ts';

/** The rules of a timeline ask for so long between a restart and the next fault of its target. */
const AFTER_RESTART_MS = 1000;
/** The most that the load of a session may be multiplied by: its memory is there before it begins. */
export const MOST_FACTOR = 10;

/** Names of what a fault of each layer may be on. */
export function aimsIn({ system: { pattern, topology } }: TrialSpec): Record<FaultLayer, readonly string[]> {
  const services = topology?.services.map(({ id }) => id) ?? ['service'];
  const brokers = brokersOf(pattern, topology).map(({ name }) => name);
  return {
    process: [...services, ...brokers],
    application: services,
    connection: topology?.proxied ?? [],
    load: [],
    policy: topology?.edges.map(({ id }) => id) ?? [],
  };
}

/** What is known of a session. */
interface Known {
  readonly spec: TrialSpec;
  readonly acts: readonly Act[];
}

/** Why a fault cannot begin at this instant, in one sentence; undefined: it can. */
export function whyNot(wish: Wish, atMs: number, session: Known): string | undefined {
  const fault = faultByName(wish.do);
  if (session.acts.length >= MOST_FAULTS)
    return `A timeline has at most ${MOST_FAULTS} faults: end the session`;
  if (fault.layer === 'load') return whyNoLoad(fault.factor(wish.options as never), session.spec);
  if (fault.layer === 'application' && fault.strikesBy === 'arrival')
    return `${wish.do} strikes arrivals that are chosen beforehand: plan it in a scenario`;
  return whyNotThere(wish, session.spec) ?? whyBusy(wish, atMs, session);
}

function whyNoLoad(factor: number, { load }: TrialSpec): string | undefined {
  const { shape, durationMs, mostArrivals = 0 } = load;
  if (shape.shape !== 'constant') return 'Only a constant load can be multiplied';
  if (factor > MOST_FACTOR) return `The load can be multiplied by ${MOST_FACTOR} at most`;
  if (shape.ratePerS * factor > MAX_RATE_PER_S) return `At most ${MAX_RATE_PER_S} arrivals per second`;
  const arrivals = (shape.ratePerS * factor * durationMs) / 1000;
  return arrivals > mostArrivals
    ? `At most ${mostArrivals} arrivals in a session: shorten it with --max`
    : undefined;
}

function whyNotThere({ do: name, on }: Wish, spec: TrialSpec): string | undefined {
  const { layer } = faultByName(name);
  const names = aimsIn(spec)[layer];
  if (names.includes(on)) return undefined;
  if (layer === 'connection' && names.length === 0)
    return `${name} needs a proxy on the edge, which only an edge has that a fault of the scenario strikes`;
  return names.length === 0
    ? `${name} has no target in this scenario`
    : `There is no ${on}. ${didYouMean(on, names)}`;
}

function whyBusy(wish: Wish, atMs: number, { spec, acts }: Known): string | undefined {
  const { layer } = faultByName(wish.do);
  const same = acts.find(({ state, planned }) => {
    return state === 'lasting' && planned.on === wish.on && planned.do === wish.do;
  });
  if (same && layer !== 'policy') return `${wish.on} is ${stateOf(same)} already`;
  const on = layer === 'policy' ? callerOf(wish.on, spec) : wish.on;
  const ofProcess = acts.find((act) => act.state !== 'over' && isOf(act, 'process') && act.planned.on === on);
  // A killed service reads its timeline when it starts again.
  const isOut = ofProcess && (layer === 'process' || ofProcess.state === 'lifting' || !restarts(ofProcess));
  if (isOut) return `${on} is ${stateOf(ofProcess)}: heal it first`;
  const ofLink = acts.find((act) => act.state !== 'over' && isOf(act, 'connection') && act.planned.on === on);
  if (layer === 'connection' && ofLink) return `${on} is ${stateOf(ofLink)}: heal it first`;
  return layer === 'process' ? whyTooSoon(wish, atMs, acts) : undefined;
}

function whyTooSoon({ on }: Wish, atMs: number, acts: readonly Act[]): string | undefined {
  const before = acts.filter((act) => act.planned.on === on && restarts(act));
  const backMs = Math.max(-Infinity, ...before.map(({ planned }) => planned.atMs + planned.forMs));
  const leftMs = backMs + AFTER_RESTART_MS - atMs;
  return leftMs > 0
    ? `${on} was just started again: ${(leftMs / 1000).toFixed(1)} s until its next fault`
    : undefined;
}

/** Why a fault cannot be lifted now; undefined: it can. */
export function whyNotLifted({ planned }: Act, { spec, acts }: Known): string | undefined {
  const { layer } = faultByName(planned.do);
  if (layer !== 'application' && layer !== 'policy') return undefined;
  const on = layer === 'policy' ? callerOf(planned.on, spec) : planned.on;
  const coming = acts.find((act) => act.state === 'lifting' && isOf(act, 'process') && act.planned.on === on);
  return coming && `${on} is ${stateOf(coming)}: a moment`;
}

/** Whether a fault takes the place of one that lasts. */
export function isReplacedBy(planned: PlannedFault, wish: Wish): boolean {
  const { layer } = faultByName(wish.do);
  return (layer === 'load' || layer === 'policy') && planned.do === wish.do && planned.on === wish.on;
}

function isOf({ planned }: Act, layer: FaultLayer): boolean {
  return faultByName(planned.do).layer === layer;
}

/** Its process ends, and is started again. */
function restarts({ planned }: Act): boolean {
  const fault = faultByName(planned.do);
  return fault.layer === 'process' && fault.restarts === true;
}

function stateOf({ planned, state }: Act): string {
  return state === 'lifting' ? 'coming back' : faultByName(planned.do).state;
}

function callerOf(edge: string, { system: { topology } }: TrialSpec): string {
  return topology!.services[topology!.edges.find(({ id }) => id === edge)!.from]!.id;
}
