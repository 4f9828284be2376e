import type { Nanoseconds } from '../../kernel/clock.ts';
import { type Arrivals, outcomeAt } from '../logs/arrivals.ts';
import type { Phase } from './figures.ts';
import { SeriesBuilder } from './histogram.ts';
import { phaseIndex, type PhaseSpan } from './phases.ts';
import type { SubscriberTally, Tally } from './tally.ts';

/** The items of a stream and their origin. */
export type StreamSource =
  /** The items received of each arrival's stream, planned at this interval; null: unknown, and there is no jitter. */
  | { readonly from: 'items'; readonly everyNs: Nanoseconds | null }
  /** The effects of each subscriber: those of one key are one stream, planned as its arrivals were. */
  | { readonly from: 'effects' };

interface Evidence {
  readonly schedule: { intendedNs(index: number): Nanoseconds };
  readonly arrivals: Arrivals;
  readonly phases: readonly PhaseSpan[];
}

/** @param offsetNs planned, from the start of the load */
type Record = (
  phase: number,
  kind: 'firstItem' | 'itemJitter',
  valueNs: Nanoseconds,
  offsetNs: Nanoseconds,
) => void;

export type Streams = Pick<Phase, 'firstItem' | 'itemJitter' | 'items'>;

/**
 * Start and evenness of streams, by phase.
 * First item: arrival − due instant. For a stream from one service that is its first item, due at its arrival's
 * intended instant (of ok outcomes). For a subscriber every item answers an arrival of its own.
 * Jitter of item j: |(t[j] − t[j−1]) − (p[j] − p[j−1])|, with t its arrival and p its planned instant: the distance of
 * a gap from its plan, whatever the plan (the |D| of RFC 3550, 6.4.1, unsmoothed). A missing item has none; then the
 * gap is that between its neighbours.
 */
export function streamsOf(evidence: Evidence, tally: Tally, source: StreamSource | undefined): Streams[] {
  const { phases } = evidence;
  if (!source) return phases.map(() => ({ firstItem: null, itemJitter: null }));
  const books = phases.map(({ fromNs }) => ({
    firstItem: new SeriesBuilder(fromNs),
    itemJitter: new SeriesBuilder(fromNs),
  }));
  const record: Record = (phase, kind, valueNs, offsetNs) => books[phase]![kind].record(valueNs, offsetNs);
  if (source.from === 'items') recordItems(evidence, source.everyNs, record);
  else for (const subscriber of tally.subscribers) recordEffects(evidence, subscriber, record);
  const hasPlan = source.from === 'effects' || source.everyNs !== null;
  const counts = source.from === 'items' ? countItems(evidence) : [];
  return books.map(({ firstItem, itemJitter }, i) => ({
    firstItem: firstItem.build(),
    itemJitter: hasPlan ? itemJitter.build() : null,
    ...(counts[i] ? { items: counts[i] } : {}),
  }));
}

/** Items by phase of their arrival, also of streams that failed. */
function countItems({ schedule, arrivals, phases }: Evidence): { planned: number; received: number }[] {
  const counts = phases.map(() => ({ planned: 0, received: 0 }));
  const { perArrival, ns } = arrivals.items ?? { perArrival: 0, ns: [] };
  for (let i = 0; i < arrivals.count; i++) {
    const count = counts[phaseIndex(phases, schedule.intendedNs(i))]!;
    count.planned += perArrival;
    for (let j = 0; j < perArrival; j++) if (!Number.isNaN(ns[i * perArrival + j]!)) count.received++;
  }
  return counts;
}

/** A stream belongs to the phase of its arrival, to its last item. */
function recordItems(
  { schedule, arrivals, phases }: Evidence,
  everyNs: Nanoseconds | null,
  record: Record,
): void {
  const { perArrival, ns } = arrivals.items ?? { perArrival: 0, ns: [] };
  for (let i = 0; i < arrivals.count; i++) {
    if (outcomeAt(arrivals, i) !== 'ok') continue;
    const offsetNs = schedule.intendedNs(i);
    const phase = phaseIndex(phases, offsetNs);
    const jitter = jitterMeter();
    for (let j = 0; j < perArrival; j++) {
      const cameNs = ns[i * perArrival + j]!;
      if (Number.isNaN(cameNs)) continue;
      if (j === 0) record(phase, 'firstItem', cameNs - arrivals.startNs - offsetNs, offsetNs);
      if (everyNs === null) continue;
      const plannedNs = offsetNs + j * everyNs;
      const offPlanNs = jitter(cameNs, plannedNs);
      if (offPlanNs !== undefined) record(phase, 'itemJitter', offPlanNs, plannedNs);
    }
  }
}

function recordEffects(
  { schedule, arrivals, phases }: Evidence,
  { firstNs, keys }: SubscriberTally,
  record: Record,
): void {
  const streams = new Map<number, ReturnType<typeof jitterMeter>>();
  for (let i = 0; i < arrivals.count; i++) {
    const cameNs = firstNs[i]!;
    if (Number.isNaN(cameNs)) continue;
    const offsetNs = schedule.intendedNs(i);
    const phase = phaseIndex(phases, offsetNs);
    record(phase, 'firstItem', cameNs - arrivals.startNs - offsetNs, offsetNs);
    const jitter = streams.get(keys[i]!) ?? jitterMeter();
    streams.set(keys[i]!, jitter);
    const offPlanNs = jitter(cameNs, offsetNs);
    if (offPlanNs !== undefined) record(phase, 'itemJitter', offPlanNs, offsetNs);
  }
}

/**
 * Takes the items of one stream in their planned order, and returns the jitter of each gap; undefined for the first.
 */
function jitterMeter(): (cameNs: Nanoseconds, plannedNs: Nanoseconds) => Nanoseconds | undefined {
  let last: { readonly cameNs: Nanoseconds; readonly plannedNs: Nanoseconds } | undefined;
  return (cameNs, plannedNs) => {
    const offNs = last && Math.abs(cameNs - last.cameNs - (plannedNs - last.plannedNs));
    last = { cameNs, plannedNs };
    return offNs;
  };
}
