import { NS_PER_MS } from '../../../src/kernel/clock.ts';
import type { Outcome } from '../../../src/kernel/outcome.ts';
import { goesOver } from '../../../src/kernel/topology.ts';
import type { Effect } from '../../../src/measure/logs/effect-log.ts';
import type { HopsEdge, HopsTopology } from '../../../src/measure/hops/frame.ts';
import type { HopEvent } from '../../../src/measure/logs/hop-log.ts';
import { type HopsInput, measureHops } from '../../../src/measure/hops/hops.ts';
import { arrivalsOf, effectAt, type Fate, START_NS, TRIAL } from '../synthetic.ts';

/** Topologies and what happens in them, made by hand: no process, no clock. */

export function edgeBetween(from: number, to: number, more: Partial<HopsEdge> = {}): HopsEdge {
  return {
    id: `s${from}-s${to}`,
    from,
    to,
    operations: null,
    isAnswered: true,
    transport: 'rest',
    interaction: 'request-reply',
    policies: [],
    ...more,
  };
}

/** s0 → s1 → ... */
export function chainOf(services: number): HopsTopology {
  return topologyOf(
    services,
    Array.from({ length: services - 1 }, (_, i) => edgeBetween(i, i + 1)),
  );
}

export function topologyOf(services: number, edges: readonly HopsEdge[]): HopsTopology {
  return { services: Array.from({ length: services }, (_, i) => ({ id: `s${i}` })), edges };
}

/** How an attempt goes. refused: it never gets there. lost: the service works, and its caller does not learn of it. */
export type Way = 'answered' | 'refused' | 'lost';

export interface Script {
  readonly topology: HopsTopology;
  /** Most attempts of a call on any edge. */
  readonly tries: number;
  readonly way: (edge: number, sequence: number, call: number) => Way;
  /** Edges whose calls never fail. */
  readonly fallbacks?: readonly number[];
}

/** An execution, with those below it whose answers it used. */
interface Execution {
  readonly service: number;
  readonly used: { readonly below: Execution; readonly isAnswered: boolean }[];
  isOk: boolean;
}

export interface Story {
  readonly events: HopEvent[];
  readonly effects: Effect[];
  /** Executions that a result in time was made of, by service: the root's reply, or the effect behind a broker. */
  readonly useful: number[];
  /** Whether the first service answered ok. */
  readonly isOk: boolean;
}

const OPERATION = 'op';

/** Plays one arrival, as a service handles it: its edges in order, then its own work. 1 us passes between events. */
export function play(script: Script, sequence: number, isInTime = true): Story {
  const { topology } = script;
  const events: HopEvent[] = [];
  const effects: Effect[] = [];
  let ticks = 0;
  let calls = sequence * 1_000_000;
  const now = () => START_NS + sequence * 10 * NS_PER_MS + ++ticks * 1000;
  const message = { stage: 'measured', sequence, operation: OPERATION } as const;

  const execute = (service: number, call: number): Execution => {
    const execution: Execution = { service, used: [], isOk: false };
    events.push({ type: 'execution', ...message, service, call, attempt: 1, atNs: now() });
    for (const [i, edge] of topology.edges.entries()) {
      if (edge.from === service && goesOver(edge, OPERATION) && !go(i, call, execution)) return execution;
    }
    effects.push(effectAt(sequence, 0, { subscriber: service, completedNs: now() }));
    execution.isOk = true;
    return execution;
  };

  const go = (place: number, parent: number, caller: Execution): boolean => {
    const beganNs = now();
    let attempts = 0;
    let outcome: Outcome = 'error';
    while (attempts < script.tries && outcome !== 'ok') {
      attempts++;
      outcome = attemptOn(place, parent, attempts, caller);
    }
    const fallback = outcome !== 'ok' && (script.fallbacks?.includes(place) ?? false);
    if (fallback) outcome = 'ok';
    const call = { edge: place, parent, beganNs, endedNs: now(), outcome, attempts, fallback };
    events.push({ type: 'call', ...message, ...call });
    return outcome === 'ok';
  };

  const attemptOn = (place: number, parent: number, attempt: number, caller: Execution): Outcome => {
    const call = ++calls;
    const way = script.way(place, sequence, call);
    const edge = topology.edges[place]!;
    events.push({ type: 'attempt', ...message, edge: place, call, parent, attempt, atNs: now() });
    const below = way === 'refused' ? undefined : execute(edge.to, call);
    const isOk = way === 'answered' && (below!.isOk || !edge.isAnswered);
    const outcome = isOk ? 'ok' : way === 'lost' ? 'timeout' : 'refused';
    events.push({ type: 'ended', call, outcome, status: 0, atNs: now() });
    if (isOk) caller.used.push({ below: below!, isAnswered: edge.isAnswered });
    return outcome;
  };

  const root = execute(0, 0);
  const useful = topology.services.map(() => 0);
  // Behind a broker the result is the effect: where that is missing, all that was done for it is of no use.
  const mark = ({ service, used }: Execution, hasResult: boolean): void => {
    if (hasResult) useful[service]!++;
    for (const { below, isAnswered } of used) mark(below, isAnswered ? hasResult : below.isOk);
  };
  if (root.isOk && isInTime) mark(root, true);
  return { events, effects, useful, isOk: root.isOk };
}

export const ANSWERED: Fate = { dispatchedMs: 0, acknowledgedMs: 5, outcome: 'ok' };
export const LATE: Fate = { dispatchedMs: 0, acknowledgedMs: 1500, outcome: 'ok' };
export const FAILED: Fate = { dispatchedMs: 0, acknowledgedMs: 5, outcome: 'error', status: 500 };

type HopsOptions = Partial<Omit<HopsInput, 'system' | 'logs'> & HopsInput['system'] & HopsInput['logs']>;

/** Measured by the code under test: arrival i is due at i x 10 ms. */
export function hopsOf(fates: readonly Fate[], more: HopsOptions = {}) {
  const { topology, subscribers = topology?.services.length ?? 1, isAnswered = true, ...others } = more;
  const { schedule, arrivals = arrivalsOf(fates), effects = [], events = [], torn = 0, ...rest } = others;
  return measureHops({
    trial: TRIAL,
    system: { topology, subscribers, isAnswered },
    endpoints: [],
    operationAt: () => OPERATION,
    logs: {
      schedule: schedule ?? { count: fates.length, intendedNs: (i) => i * 10 * NS_PER_MS },
      arrivals,
      effects,
      events,
      torn,
    },
    phases: [{ name: 'baseline', fromNs: 0, toNs: fates.length * 10 * NS_PER_MS }],
    deadlineNs: 1000 * NS_PER_MS,
    objectiveNs: null,
    faultAtNs: null,
    ...rest,
  });
}

/** Plays as many arrivals as there are, answered as they came out, and measures them. */
export function told(script: Script, arrivals: number, more: HopsOptions = {}) {
  const stories = Array.from({ length: arrivals }, (_, i) => play(script, i));
  const hops = hopsOf(
    stories.map(({ isOk }) => (isOk ? ANSWERED : FAILED)),
    {
      topology: script.topology,
      events: stories.flatMap(({ events }) => events),
      effects: stories.flatMap(({ effects }) => effects),
      ...more,
    },
  );
  return { stories, hops };
}
