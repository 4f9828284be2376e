import type { Nanoseconds } from '../../kernel/clock.ts';
import { type Arrivals, outcomeAt } from '../logs/arrivals.ts';
import { type Accepted, backlogOf } from '../figures/backlog.ts';
import type { ServiceFigures } from './hop-figures.ts';
import type { SortedEvents } from './events.ts';
import { byPhase, countsOf, type Frame, type HopsTopology } from './frame.ts';
import type { Execution } from '../logs/hop-log.ts';
import type { WorkFate } from './lineage.ts';
import type { SubscriberTally, Tally } from '../figures/tally.ts';

export interface ServiceParts {
  readonly arrivals: Arrivals;
  readonly events: SortedEvents;
  readonly tally: Tally;
  readonly fates: ReadonlyMap<Execution, WorkFate>;
  readonly topology: HopsTopology | undefined;
  /** The generator waits for the first service's reply, not for a broker's confirm. */
  readonly isAnswered: boolean;
  /** Injection of the first fault; null: there was none. */
  readonly faultNs: Nanoseconds | null;
}

/** Cost and work of one service (without a topology: one subscriber). */
export function serviceFigures(frame: Frame, parts: ServiceParts, place: number): ServiceFigures {
  const executions = parts.events.executions.filter(({ service }) => service === place);
  const tally = parts.tally.subscribers[place]!;
  const effects = frame.phases.map(() => 0);
  for (const [i, times] of tally.times.entries()) effects[frame.phaseOf[i]!]! += times;
  return {
    id: parts.topology?.services[place]!.id ?? (place === 0 ? 'service' : `service-${place + 1}`),
    phases: byPhase(frame, executions).map((begun, i) => {
      const fates = countsOf(begun, (execution) => parts.fates.get(execution)!);
      return {
        name: frame.phases[i]!.name,
        executions: begun.length,
        useful: fates.useful ?? 0,
        late: fates.late ?? 0,
        repeated: fates.repeated ?? 0,
        effects: effects[i]!,
      };
    }),
    backlog: backlogAt(frame, parts, place, tally),
  };
}

function backlogAt(
  { startNs, offsetNs }: Frame,
  parts: ServiceParts,
  place: number,
  { doneNs }: SubscriberTally,
): ServiceFigures['backlog'] {
  const accepted = acceptedBy(parts, place);
  if (!accepted) return null;
  const work = [...accepted].map(([i, acceptedNs]): Accepted => ({ acceptedNs, doneNs: doneNs[i]! }));
  const { faultNs } = parts;
  return backlogOf(work, { lastDueNs: startNs + (offsetNs.at(-1) ?? 0), startNs, faultNs });
}

/** By arrival, when a broker first accepted work for a service; undefined where it is called over none. */
function acceptedBy(parts: ServiceParts, place: number): Map<number, Nanoseconds> | undefined {
  const { topology, isAnswered, arrivals, events } = parts;
  const isRoot = !isAnswered && (place === 0 || !topology);
  const edges = new Set(
    topology?.edges.flatMap((edge, i) => (edge.to === place && !edge.isAnswered ? [i] : [])),
  );
  if (!isRoot && edges.size === 0) return undefined;
  const first = new Map<number, Nanoseconds>();
  const accept = (i: number, atNs: Nanoseconds) => first.set(i, Math.min(first.get(i) ?? Infinity, atNs));
  const roots = isRoot ? arrivals.count : 0;
  for (let i = 0; i < roots; i++) {
    // Without a confirm it was not accepted.
    const atNs = arrivals.acknowledgedNs[i]!;
    if (outcomeAt(arrivals, i) === 'ok' && !Number.isNaN(atNs)) accept(i, atNs);
  }
  for (const { edge, call, sequence } of events.attempts) {
    const end = events.ends.get(call);
    if (edges.has(edge) && end?.outcome === 'ok') accept(sequence, end.atNs);
  }
  return first;
}
