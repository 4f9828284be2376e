import { isUsedFor } from '../plan/kinds/kinds.ts';
import { isAnswered } from '../contracts/interactions.ts';
import { type Nanoseconds, NS_PER_MS } from '../kernel/clock.ts';
import { operationChooser } from '../kernel/operation-choice.ts';
import type { Hops } from '../measure/hops/hop-figures.ts';
import { measureHops } from '../measure/hops/hops.ts';
import type { PhaseSpan } from '../measure/figures/phases.ts';
import type { RawTrial } from './raw-trial.ts';
import type { TrialSpec } from '../plan/spec.ts';

/** Health of endpoints and services, and figures of each hop; null for other kinds of trial. */
export function hopFiguresOf(spec: TrialSpec, raw: RawTrial, phases: readonly PhaseSpan[]): Hops | null {
  const { topology, pattern } = spec.system;
  // Beside the figures of a topology's policies, without faults too.
  if (!isUsedFor(spec.kind, 'fault', 'control') && !(topology && isUsedFor(spec.kind, 'latency')))
    return null;
  const { objectiveMs } = spec.measure;
  return measureHops({
    trial: spec.id,
    system: {
      topology,
      subscribers: pattern.target ? 0 : (topology?.services.length ?? pattern.subscribers),
      isAnswered: isAnswered(pattern.interaction),
    },
    endpoints: spec.measure.endpoints ?? [],
    operationAt: operationChooser({ seed: spec.seed, mix: spec.load.mix }),
    logs: {
      schedule: raw.logs.schedule,
      arrivals: raw.logs.arrivals,
      effects: raw.logs.effects,
      ...raw.logs.hopLog,
    },
    phases,
    deadlineNs: spec.load.deadlineMs * NS_PER_MS,
    objectiveNs: objectiveMs === null ? null : objectiveMs * NS_PER_MS,
    faultAtNs: firstInjection(raw),
  });
}

function firstInjection({ faults }: RawTrial): Nanoseconds | null {
  const injected = faults.flatMap(({ injectedNs }) => injectedNs ?? []);
  return injected.length === 0 ? null : Math.min(...injected);
}
