import type { Nanoseconds } from '../../kernel/clock.ts';
import type { Arrivals } from '../logs/arrivals.ts';
import type { Effect } from '../logs/effect-log.ts';
import { fanOutAt } from '../figures/fan-out.ts';
import { edgeFigures, edgeObjective } from './edges.ts';
import { endpointFigures } from './endpoints.ts';
import { sortEvents } from './events.ts';
import { tripRating } from './false-trips.ts';
import type { Hops } from './hop-figures.ts';
import { arrivalCall, frameOf, type HopsTopology } from './frame.ts';
import { lineageOf } from './lineage.ts';
import type { HopEvent } from '../logs/hop-log.ts';
import { policyTimelines } from './policy-timelines.ts';
import { resultsOf } from './results.ts';
import { serviceFigures } from './services.ts';
import type { IntendedTimes } from '../figures/join.ts';
import { checkPhases, type PhaseSpan } from '../figures/phases.ts';
import { tallyEffects } from '../figures/tally.ts';
import { workFates } from './work-fates.ts';

export interface HopsInput {
  readonly trial: number;
  readonly system: HopsSystem;
  /** Titles of operations; others go by their names. */
  readonly endpoints: readonly { readonly operation: string; readonly title: string }[];
  /** Operation of arrival `index` (kernel/operation-choice.ts). */
  readonly operationAt: (index: number) => string;
  readonly logs: HopsLogs;
  readonly phases: readonly PhaseSpan[];
  readonly deadlineNs: Nanoseconds;
  /** Declared; null: 1.5 times the baseline's p99 (DESIGN 5). */
  readonly objectiveNs: Nanoseconds | null;
  /** Injection of the first fault, from the start of the load; null: there was none. */
  readonly faultAtNs: Nanoseconds | null;
}

interface HopsSystem {
  /** Absent: one service, or one per subscriber. */
  readonly topology?: HopsTopology | undefined;
  /** Services of the topology; without one, subscribers. 0 without an effect log. */
  readonly subscribers: number;
  /** The generator waits for the first service's reply, not for a broker's confirm. */
  readonly isAnswered: boolean;
}

interface HopsLogs {
  readonly schedule: IntendedTimes;
  readonly arrivals: Arrivals;
  readonly effects: Iterable<Effect>;
  /** Events of all processes' hop logs. */
  readonly events: Iterable<HopEvent>;
  /** Torn lines of these logs. */
  readonly torn: number;
}

/**
 * From raw instants and logs to the figures of a `fault` or `control` trial (DESIGN 5).
 * @throws RangeError where phases have gaps
 */
export function measureHops(input: HopsInput): Hops {
  const { operationAt, trial } = input;
  const { topology, subscribers, isAnswered } = input.system;
  const { arrivals } = input.logs;
  checkPhases(input.phases);
  const frame = frameOf({ ...input, ...input.logs });
  const { count } = input.logs.schedule;
  const events = sortEvents(input.logs.events, { count, startNs: arrivals.startNs });
  const fanOut = fanOutAt(topology, subscribers, operationAt);
  const tally = tallyEffects({ trial, count, subscribers, fanOut }, input.logs.effects);
  const lineage = lineageOf(events.attempts, events.ends);
  const arrivalAt = (i: number) => arrivalCall(frame, arrivals, i);
  const fallbacks = events.calls.filter(({ fallback, parent, sequence }) => {
    return fallback && lineage(parent).givenUp === null && arrivalAt(sequence).isCorrect;
  });
  const degraded = new Set(fallbacks.map(({ sequence }) => sequence));
  const ofEndpoints = { arrivals, operationAt, tally, degraded };
  const faultNs = input.faultAtNs === null ? null : arrivals.startNs + input.faultAtNs;
  const edges = topology?.edges ?? [];
  const results = resultsOf(events.executions, measuredIn(input));
  const fates = workFates(events.executions, {
    lineage,
    edges,
    isAnswered,
    results,
    arrivalAt,
    deadlineAt: (i) => frame.startNs + frame.offsetNs[i]! + frame.deadlineNs,
  });
  const ofServices = { arrivals, events, tally, fates, topology, isAnswered, faultNs };
  return {
    endpoints: endpointsOf(input).map((endpoint) => endpointFigures(frame, ofEndpoints, endpoint)),
    edges: edges.map((_, i) => edgeFigures(frame, events, topology!, i, { fanOut, operationAt })),
    services: tally.subscribers.map((_, i) => serviceFigures(frame, ofServices, i)),
    ...policyTimelines(
      events.policies,
      edges.map(({ id }) => id),
      arrivals.startNs,
      tripRating({ events, edges, results, objectiveOf: (edge) => edgeObjective(frame, events, edge) }),
    ),
    torn: input.logs.torn,
  };
}

function measuredIn({ trial, logs }: HopsInput): Effect[] {
  return [...logs.effects].filter((effect) => effect.trial === trial && effect.stage === 'measured');
}

/** Endpoints with arrivals: titled ones first, in the scenario's order. */
function endpointsOf({ logs: { schedule }, operationAt, endpoints }: HopsInput): HopsInput['endpoints'] {
  const arriving = new Set(Array.from({ length: schedule.count }, (_, i) => operationAt(i)));
  const titled = endpoints.filter(({ operation }) => arriving.has(operation));
  const others = [...arriving].filter((name) => !endpoints.some(({ operation }) => operation === name));
  return [...titled, ...others.map((operation) => ({ operation, title: operation }))];
}
