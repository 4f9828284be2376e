import { faultByName, isHarmful } from '../faults/faults.ts';
import { NS_PER_MS } from '../kernel/clock.ts';
import type { PhaseSpan } from '../measure/figures/phases.ts';
import { isUsedFor } from '../plan/kinds/kinds.ts';
import { cutPhases } from '../plan/kinds/timeline/fault-phases.ts';
import type { PhaseWindow, PlannedFault } from '../plan/kinds/timeline/timeline.ts';
import { ENDS_ITSELF } from '../plan/revival.ts';
import type { TrialSpec } from '../plan/spec.ts';
import type { FaultRecord } from '../record/record.ts';

/** A timer may be this late: an end that comes no later is the planned one, and leaves no sliver of a phase. */
const TIMER_MS = 10;

/**
 * Phases of a trial as its faults were observed: a call due while a killed process is still starting belongs to the
 * fault, and not to the recovery.
 * @param faults records of `spec.faults`, in that order
 */
export function observedPhases(spec: TrialSpec, faults: readonly FaultRecord[]): PhaseSpan[] {
  const { phases, durationMs } = spec.load;
  if (isOutage(spec)) return outagePhases(spec, faults[0]);
  if (!isUsedFor(spec.kind, 'fault')) return phases.map(inNs);
  const lasting = spec.faults.flatMap((planned, i) => {
    if (!isHarmful(planned)) return [];
    const atMs = observedBeginMs(planned, faults[i]);
    const forMs = Math.min(durationMs, observedEndMs(planned, faults[i])) - atMs;
    // One that came after the load was in no call.
    return forMs > 0 ? [{ id: planned.id, atMs, forMs }] : [];
  });
  return cutPhases(lasting, durationMs).map(inNs);
}

/** A trial in which the service, or the broker, is down as coupling requires. */
export function isOutage({ kind }: Pick<TrialSpec, 'kind'>): boolean {
  return isUsedFor(kind, 'service-coupling', 'broker-coupling');
}

/** A fault of processes or connections begins when it was observed; of messages, and one never observed, as planned. */
function observedBeginMs({ do: what, atMs }: PlannedFault, record: FaultRecord | undefined): number {
  const { layer } = faultByName(what);
  const hasInstant = layer === 'process' || layer === 'connection';
  const beganMs = (hasInstant ? (record?.observedNs ?? 0) : 0) / NS_PER_MS;
  return beganMs > atMs + TIMER_MS ? beganMs : atMs;
}

/**
 * Until that which the fault took away is there again: the restarted process ready, the link open. A fault of messages
 * ends when it is lifted: a call that comes later is struck no more, however long the queue before it.
 */
export function observedEndMs(
  { do: what, atMs, forMs }: PlannedFault,
  record: FaultRecord | undefined,
): number {
  const { layer } = faultByName(what);
  const takesAway = layer === 'process' || layer === 'connection' || what === ENDS_ITSELF;
  const readyMs = (takesAway ? (record?.readyNs ?? 0) : 0) / NS_PER_MS;
  return readyMs > atMs + forMs + TIMER_MS ? readyMs : atMs + forMs;
}

/** Planned phases, their boundaries moved to the observed end of the process and its readiness. */
function outagePhases({ load }: TrialSpec, fault: FaultRecord | undefined): PhaseSpan[] {
  const spans = load.phases.map(inNs);
  if (fault?.observedNs == null || fault.readyNs === null) return spans;
  const { observedNs } = fault;
  // Down until it is ready again; a slow restart may outlast the load.
  const readyNs = Math.min(fault.readyNs, load.durationMs * NS_PER_MS);
  return spans.map((span) => {
    if (span.name === 'baseline') return { ...span, toNs: observedNs };
    if (span.name === 'outage') return { ...span, fromNs: observedNs, toNs: readyNs };
    return { ...span, fromNs: readyNs };
  });
}

function inNs({ name, fromMs, toMs }: PhaseWindow): PhaseSpan {
  return { name, fromNs: Math.round(fromMs * NS_PER_MS), toNs: Math.round(toMs * NS_PER_MS) };
}
