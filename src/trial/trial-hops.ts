import { isUsedFor } from '../plan/kinds/kinds.ts';
import { isAnswered } from '../contracts/interactions.ts';
import { NS_PER_MS } from '../kernel/clock.ts';
import { operationChooser } from '../kernel/operation-choice.ts';
import type { Hops } from '../measure/hops/hop-figures.ts';
import { measureHops } from '../measure/hops/hops.ts';
import type { PhaseSpan } from '../measure/figures/phases.ts';
import type { RawTrial } from './raw-trial.ts';
import type { TrialSpec } from '../plan/spec.ts';

/** Who was healthy when, and what each hop did; null: not of this kind of trial. */
export function hopFiguresOf(spec: TrialSpec, raw: RawTrial, phases: readonly PhaseSpan[]): Hops | null {
  if (!isUsedFor(spec.kind, 'fault', 'control')) return null;
  const { topology, pattern, objectiveMs } = spec;
  return measureHops({
    trial: spec.id,
    topology,
    subscribers: pattern.target ? 0 : (topology?.services.length ?? pattern.subscribers),
    isAnswered: isAnswered(pattern.interaction),
    endpoints: spec.endpoints ?? [],
    operationAt: operationChooser(spec),
    schedule: raw.schedule,
    arrivals: raw.arrivals,
    effects: raw.effects,
    events: raw.hopLog.events,
    torn: raw.hopLog.torn,
    phases,
    deadlineNs: spec.deadlineMs * NS_PER_MS,
    objectiveNs: objectiveMs === null ? null : objectiveMs * NS_PER_MS,
  });
}
