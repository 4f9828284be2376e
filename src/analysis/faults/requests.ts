import { NS_PER_S } from '../../kernel/clock.ts';
import type { OutcomeCounts, Phase, Series } from '../../measure/figures/figures.ts';
import { mergeSeries } from '../../measure/figures/histogram.ts';
import type { EndpointFigures, Hops } from '../../measure/hops/hop-figures.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { Trial } from '../../record/record.ts';
import { dependentOf, type FaultTrials } from './fault-trials.ts';
import { harmedPhases, phasesBeside, phasesByName } from './stages.ts';

/** Outcomes of requests: of those that depend on the faulted part, where only some do. */
export interface RequestTotals {
  readonly planned: number;
  readonly correct: number;
  readonly degraded: number;
  readonly done: number;
  readonly accepted: number;
  /** Seconds of intended time. */
  readonly seconds: number;
  readonly response: Series | null;
  readonly completion: Series | null;
}

/**
 * @param endpoints whose requests count
 * @param pick the phases that count, for each trial
 */
function requestsIn(
  trials: readonly Trial[],
  endpoints: (hops: Hops) => readonly EndpointFigures[],
  pick: (trial: Trial) => readonly Phase[],
): RequestTotals {
  const picked = trials.map((trial) => ({ trial, phases: pick(trial) }));
  const figures = picked.flatMap(({ trial: { hops }, phases }) =>
    hops ? countsOf(endpoints(hops), phases) : phases,
  );
  const sum = (of: (one: Counts) => number) => figures.reduce((n, one) => n + of(one), 0);
  const ns = picked.flatMap(({ phases }) => phases).reduce((n, { fromNs, toNs }) => n + toNs - fromNs, 0);
  return {
    planned: sum((one) => one.planned),
    correct: sum((one) => one.correct),
    degraded: sum((one) => one.degraded ?? 0),
    done: sum((one) => one.done),
    accepted: sum((one) => one.outcomes.ok ?? 0),
    seconds: ns / NS_PER_S,
    response: merged(figures.map(({ response }) => response)),
    completion: merged(figures.map(({ completion }) => completion)),
  };
}

interface Counts {
  readonly planned: number;
  readonly correct: number;
  readonly degraded?: number;
  readonly done: number;
  readonly outcomes: OutcomeCounts;
  readonly response: Series;
  readonly completion: Series;
}

function countsOf(endpoints: readonly EndpointFigures[], phases: readonly Phase[]): readonly Counts[] {
  const names = phases.map(({ name }) => name);
  return endpoints.flatMap((endpoint) => endpoint.phases.filter(({ name }) => names.includes(name)));
}

function merged(all: readonly Series[]): Series | null {
  return all.length === 0 ? null : mergeSeries(all);
}

/** A figure of the faulted trials, and the same of the controls at the same time. */
export interface Compared {
  readonly here: RequestTotals;
  readonly control: RequestTotals;
}

/** Requests during the faults: of one endpoint, or of all endpoints that depend on the faulted part. */
export function harmedRequests(line: FaultTrials, scenario: Scenario, operation?: string): Compared {
  const { trials, controls } = line;
  const endpoints = (hops: Hops) =>
    operation === undefined
      ? dependentOf(line, hops)
      : hops.endpoints.filter((endpoint) => endpoint.operation === operation);
  return {
    here: requestsIn(trials, endpoints, (trial) => harmedPhases(trial, scenario)),
    control: requestsIn(controls, endpoints, (control) => {
      const of = trials.find(({ round }) => round === control.round) ?? trials[0];
      return of ? allBeside(control, harmedPhases(of, scenario)) : [];
    }),
  };
}

/** Requests of one phase, by its name. */
export function phaseRequests(line: FaultTrials, name: string): Compared {
  const { trials, controls } = line;
  const endpoints = (hops: Hops) => dependentOf(line, hops);
  const named = ({ phases }: Pick<Trial, 'phases'>) => phases.filter((phase) => phase.name === name);
  return {
    here: requestsIn(trials, endpoints, named),
    control: requestsIn(controls, endpoints, (control) =>
      allBeside(control, named({ phases: phasesByName(trials) })),
    ),
  };
}

/** The control's phases beside several of its faulted trial, each once. */
function allBeside(control: Trial, phases: readonly Phase[]): Phase[] {
  return [...new Set(phases.flatMap((phase) => phasesBeside(control, phase)))];
}

/** Share of the planned requests; 1 where none were planned. */
export function correctShare({ correct, planned }: RequestTotals): number {
  return planned === 0 ? 1 : correct / planned;
}

/** Correct replies of the control that the faulted trials lack, as a share of the arrivals. */
export function lostShare({ here, control }: Compared): number {
  return Math.max(0, correctShare(control) - correctShare(here));
}

/** Below this loss, the waits are the effect of the fault. */
const FEW_LOST = 0.05;

export function isAboutWaits(lines: readonly { readonly harm: Compared }[]): boolean {
  return lines.every(({ harm }) => lostShare(harm) <= FEW_LOST);
}
