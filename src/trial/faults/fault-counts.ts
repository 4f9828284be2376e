import { faultByName } from '../../faults/faults.ts';
import type { LinkState } from '../../faults/fault.ts';
import { NS_PER_MS } from '../../kernel/clock.ts';
import type { FaultRecord } from '../../record/record.ts';
import { type EndedAttempt, endedAttempts, sentArrivals } from '../ended-attempts.ts';
import { type FaultEvidence, messageCounts } from './fault-messages.ts';
import { plannedRecord } from './fault-timeline.ts';
import { windowOf } from '../../plan/fault-window.ts';
import type { TrialSpec } from '../../plan/spec.ts';
import type { PlannedFault } from '../../plan/kinds/timeline/timeline.ts';

/**
 * Planned, injected and observed counts of each fault, none derived from another. Planned: from the schedule alone;
 * injected: by the injector; observed: at the other end.
 */
export function countFaults(spec: TrialSpec, evidence: FaultEvidence): FaultRecord[] {
  const attempts = endedAttempts(evidence.events);
  return spec.faults.map((planned, i) => {
    const fault = faultByName(planned.do);
    const record =
      evidence.ran[i] ?? plannedRecord(planned, fault.layer === 'load' ? 'arrivals' : planned.on);
    switch (fault.layer) {
      case 'process':
        return record;
      case 'connection': {
        const edge = spec.system.topology?.edges.findIndex(({ id }) => id === planned.on) ?? -1;
        const onEdge = spec.system.pattern.target
          ? sentArrivals(evidence.arrivals)
          : attempts.filter((attempt) => attempt.edge === edge);
        const state = fault.linkState(planned.options as never);
        return { ...record, observed: observedOnLink(state, record, onEdge, evidence.arrivals.startNs) };
      }
      case 'application':
        return { ...record, ...messageCounts(fault, planned, spec, { ...evidence, attempts }) };
      case 'policy':
        return { ...record, ...ofSwitch(planned, evidence) };
      case 'load':
        return { ...record, ...ofArrivals(planned, evidence) };
    }
  });
}

/** Fields of an attempt that decide. */
type Call = Pick<EndedAttempt, 'atNs' | 'endedNs' | 'outcome'>;

/**
 * Attempts of its callers that began before the fault was over and failed, or took at least its delay.
 * For a black hole also those in it when it was lifted, whatever their outcome. null: unknown.
 * @param startNs of the measured load
 */
export function observedOnLink(
  state: LinkState,
  { observedNs, liftedNs, readyNs }: FaultRecord,
  attempts: readonly Call[],
  startNs: number,
): number | null {
  if (state.kind === 'bandwidth' || observedNs === null || liftedNs === null || readyNs === null) return null;
  const during = attempts.filter(({ atNs, endedNs }) => {
    return atNs < startNs + readyNs && endedNs >= startNs + observedNs;
  });
  const leastNs = state.kind === 'delay' ? state.ms * NS_PER_MS : Infinity;
  const isHeld = ({ atNs, endedNs }: Call) =>
    state.kind === 'black-hole' && atNs < startNs + liftedNs && endedNs >= startNs + liftedNs;
  return during.filter((one) => {
    return one.outcome !== 'ok' || one.endedNs - one.atNs >= leastNs || isHeld(one);
  }).length;
}

/** A switch of policies is carried out, and observed, by the caller of its edge, with its first call. */
function ofSwitch(
  { id, atMs, forMs }: PlannedFault,
  { arrivals, events }: FaultEvidence,
): Partial<FaultRecord> {
  const first = events.find((event) => event.type === 'injected' && event.fault === id);
  if (first?.type !== 'injected') return {};
  const beganNs = first.atNs - arrivals.startNs;
  const endNs = (atMs + forMs) * NS_PER_MS;
  return { injectedNs: beganNs, observedNs: beganNs, liftedNs: endNs, readyNs: endNs };
}

/** A fault of the load is in the schedule: it began with the first arrival sent in its window. */
function ofArrivals(planned: PlannedFault, { arrivals, schedule }: FaultEvidence): Partial<FaultRecord> {
  const { from } = windowOf(planned, schedule);
  const dispatchedNs = arrivals.dispatchedNs[from] ?? NaN;
  if (Number.isNaN(dispatchedNs)) return {};
  const beganNs = dispatchedNs - arrivals.startNs;
  const endNs = (planned.atMs + planned.forMs) * NS_PER_MS;
  return { injectedNs: beganNs, liftedNs: endNs, readyNs: endNs };
}
