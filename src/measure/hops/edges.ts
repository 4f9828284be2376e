import type { Nanoseconds } from '../../kernel/clock.ts';
import { goesOver } from '../../kernel/topology.ts';
import type { EdgeFigures } from './hop-figures.ts';
import type { FanOutAt } from '../figures/fan-out.ts';
import type { PolicyHappening, SortedEvents } from './events.ts';
import {
  byPhase,
  byPlace,
  countsOf,
  type Frame,
  type HopsEdge,
  type HopsTopology,
  objectiveOf,
  type Timed,
  timesOf,
  windowsOf,
} from './frame.ts';
import { callKey } from './lineage.ts';
import type { Attempt } from '../logs/hop-log.ts';
import { phaseIndex } from '../figures/phases.ts';

/** A call that failed within this part of the objective failed fast. */
const FAST_SHARE = 0.1;

interface ObservedCall extends Timed {
  readonly attempts: number;
  readonly isFallback: boolean;
}

/** The traffic over one edge, from its caller's side. */
export function edgeFigures(
  frame: Frame,
  events: SortedEvents,
  topology: HopsTopology,
  place: number,
  arriving: { readonly fanOut: FanOutAt; readonly operationAt: (index: number) => string },
): EdgeFigures {
  const edge = topology.edges[place]!;
  const attempts = events.attempts.filter((attempt) => attempt.edge === place);
  const calls = callsOf(events, attempts, place);
  const objectiveNs = edgeObjective(frame, events, place);
  const [ofPhase, tried] = [byPhase(frame, calls), byPhase(frame, attempts)];
  const acts = events.policies.filter((event) => event.edge === place);
  const did = byPlace(frame, acts, (event) => phaseOfPolicy(frame, event));
  const expected = expectedOver(frame, edge, arriving);
  const isFast = ({ outcome, attempts: tries, tookNs }: ObservedCall) =>
    outcome !== 'ok' && (tries === 0 || tookNs <= FAST_SHARE * (objectiveNs ?? 0));

  return {
    id: edge.id,
    from: topology.services[edge.from]!.id,
    to: topology.services[edge.to]!.id,
    transport: edge.transport,
    interaction: edge.interaction,
    policies: edge.policies.map(({ policy }) => policy),
    objectiveNs,
    windows: windowsOf(frame, calls, objectiveNs),
    phases: frame.phases.map((span, i) => {
      const mine = ofPhase[i]!;
      const series = (isOk: boolean) =>
        timesOf(
          frame,
          span,
          mine.filter(({ outcome }) => (outcome === 'ok') === isOk),
          tookNsOf,
        );
      return {
        name: span.name,
        expected: expected[i]!,
        calls: mine.length,
        attempts: tried[i]!.length,
        outcomes: countsOf(mine, ({ outcome }) => outcome),
        attemptOutcomes: countsOf(tried[i]!, ({ call }) => events.ends.get(call)?.outcome ?? 'unfinished'),
        failedFast: mine.filter(isFast).length,
        fallbacks: mine.filter(({ isFallback }) => isFallback).length,
        policyCounts: countsOf(did[i]!, ({ policy, what }) => `${policy} ${what}`) as Record<string, number>,
        ok: series(true),
        failed: series(false),
      };
    }),
  };
}

/** Objective of the calls over an edge: as declared, else by their baseline. */
export function edgeObjective(frame: Frame, events: SortedEvents, place: number): Nanoseconds | null {
  const attempts = events.attempts.filter((attempt) => attempt.edge === place);
  return objectiveOf(frame, callsOf(events, attempts, place));
}

function tookNsOf({ tookNs }: Timed): Nanoseconds {
  return tookNs;
}

/** Finished calls, and those whose caller ended before: attempts without a call. */
function callsOf({ calls }: SortedEvents, attempts: readonly Attempt[], place: number): ObservedCall[] {
  const ended = calls.filter(({ edge }) => edge === place);
  const known = new Set(ended.map(callKey));
  const open = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    const key = callKey(attempt);
    if (!known.has(key)) open.set(key, [...(open.get(key) ?? []), attempt]);
  }
  const whole = ended.map(({ sequence, outcome, attempts: tries, fallback, beganNs, endedNs }) => ({
    sequence,
    outcome,
    tookNs: endedNs - beganNs,
    // A fallback's reply is no sign of the service's health.
    isCorrect: outcome === 'ok' && !fallback,
    attempts: tries,
    isFallback: fallback,
  }));
  const cutOff = [...open.values()].map((tries) => ({
    sequence: tries[0]!.sequence,
    outcome: 'unfinished' as const,
    tookNs: NaN,
    isCorrect: false,
    attempts: tries.length,
    isFallback: false,
  }));
  return [...whole, ...cutOff];
}

/** Expected calls over the edge, per phase, when nothing fails: as many as its caller's executions. */
function expectedOver(
  { phases, phaseOf }: Frame,
  edge: HopsEdge,
  { fanOut, operationAt }: { readonly fanOut: FanOutAt; readonly operationAt: (index: number) => string },
): number[] {
  const expected = phases.map(() => 0);
  for (const [i, phase] of phaseOf.entries()) {
    if (goesOver(edge, operationAt(i))) expected[phase]! += fanOut(i)[edge.from]!;
  }
  return expected;
}

/** Phase of its arrival, where there is one. */
function phaseOfPolicy({ phases, phaseOf, startNs }: Frame, { sequence, atNs }: PolicyHappening): number {
  const known = sequence === undefined ? undefined : phaseOf[sequence];
  return known ?? phaseIndex(phases, atNs - startNs);
}
