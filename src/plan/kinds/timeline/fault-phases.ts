import type { LoadFault } from '../../../faults/fault.ts';
import { faultByName, type FaultSpec, isHarmful } from '../../../faults/faults.ts';
import type { LoadShape } from '../../../kernel/load-shape.ts';
import type { TimelineSource } from '../kind.ts';
import type { PhaseWindow, PlannedFault, Timeline } from './timeline.ts';

/**
 * Phases are cut wherever a fault begins or ends, and named by the faults that last then: baseline before the first,
 * recovery after the last.
 * @param id of the scenario's case; null = its `faults`
 */
export function faultTimeline(scenario: TimelineSource, id: string | null): Timeline {
  const { durationMs, load } = scenario;
  const faults = plannedOf(scenario.cases.find((one) => one.id === id)?.faults ?? scenario.faults, scenario);
  return {
    load: loadUnder(load, faults, durationMs),
    durationMs,
    phases: cutPhases(faults.filter(isHarmful), durationMs),
    faults,
  };
}

/** The control's timeline: phases cut at all faults that it is compared with, and no fault. */
export function controlTimeline(scenario: TimelineSource): Timeline {
  const { durationMs, load } = scenario;
  return {
    load,
    durationMs,
    phases: cutPhases(everyFault(scenario).filter(isHarmful), durationMs),
    faults: [],
  };
}

function everyFault(scenario: TimelineSource): PlannedFault[] {
  const lists = scenario.cases.length > 0 ? scenario.cases.map(({ faults }) => faults) : [scenario.faults];
  return lists.flatMap((faults) => plannedOf(faults, scenario));
}

function plannedOf(specs: readonly FaultSpec[], { services }: TimelineSource): PlannedFault[] {
  const used = new Set<string>();
  return specs.map(({ do: what, id = what, on = services[0]?.id ?? 'service', atMs, forMs, ...options }) => {
    let own = id;
    for (let n = 2; used.has(own); n++) own = `${id}-${n}`;
    used.add(own);
    return { id: own, do: what, on, atMs, forMs, options };
  });
}

/** The part of a fault that cuts phases: as planned, or as observed. */
type Lasting = Pick<PlannedFault, 'id' | 'atMs' | 'forMs'>;

/**
 * Phases of a timeline with faults, by one rule for the plan and for what was observed. Faults must end with the
 * timeline.
 */
export function cutPhases(faults: readonly Lasting[], durationMs: number): PhaseWindow[] {
  const cuts = cutsOf(faults, durationMs);
  const lastMs = Math.max(0, ...faults.map(endOf));
  const phases: PhaseWindow[] = [];
  for (const [i, fromMs] of cuts.slice(0, -1).entries()) {
    const active = faults.filter(({ atMs, forMs }) => atMs <= fromMs && fromMs < atMs + forMs);
    const ids = [...new Set(active.map(({ id }) => id))];
    const name =
      ids.length > 0 ? ids.join('+') : fromMs >= lastMs ? 'recovery' : i === 0 ? 'baseline' : 'between';
    const before = phases.filter((phase) => phase.name.replace(/#\d+$/, '') === name).length;
    phases.push({ name: before > 0 ? `${name}#${before + 1}` : name, fromMs, toMs: cuts[i + 1]! });
  }
  return phases.length > 0 ? phases : [{ name: 'baseline', fromMs: 0, toMs: durationMs }];
}

function cutsOf(faults: readonly Lasting[], durationMs: number): number[] {
  const cuts = new Set([0, durationMs, ...faults.flatMap((fault) => [fault.atMs, endOf(fault)])]);
  return [...cuts].filter((at) => at <= durationMs).toSorted((a, b) => a - b);
}

function endOf({ atMs, forMs }: Lasting): number {
  return atMs + forMs;
}

/** Faults of the load multiply its rate while they last. */
export function loadUnder(load: LoadShape, faults: readonly PlannedFault[], durationMs: number): LoadShape {
  const ofLoad = faults.filter((fault) => faultByName(fault.do).layer === 'load');
  if (ofLoad.length === 0 || load.shape !== 'constant') return load;
  const cuts = cutsOf(ofLoad, durationMs);
  const steps = cuts.slice(0, -1).map((fromMs, i) => {
    const active = ofLoad.filter((fault) => fault.atMs <= fromMs && fromMs < endOf(fault));
    const factor = active.reduce((product, fault) => {
      return product * (faultByName(fault.do) as LoadFault).factor(fault.options);
    }, 1);
    return { ratePerS: load.ratePerS * factor, forMs: cuts[i + 1]! - fromMs };
  });
  return { shape: 'steps', steps };
}
