import type { FaultRecord } from '../../../record/record.ts';
import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { nameWithCase } from '../../faults/fault-trials.ts';
import { type NamedFault, nameOfFault } from './named-fault.ts';

/** A fault without an effect: differences beside it are not caused by it. */
export interface FaultMissed {
  readonly code: 'fault-missed';
  readonly line: string;
  readonly fault: NamedFault;
  readonly planned: number | null;
  readonly why: 'never-injected' | 'no-connection' | 'none-struck' | 'unseen';
}

/** A process fault must be observed; a fault of messages must have struck some. */
export function missedFaults(comparison: FaultComparison): FaultMissed[] {
  return comparison.trials.flatMap(({ faults }) =>
    faults.filter(isMissed).map((fault) => ({
      code: 'fault-missed',
      line: nameWithCase(comparison),
      fault: nameOfFault(fault),
      planned: fault.planned,
      why: whyMissed(fault),
    })),
  );
}

function isMissed(fault: FaultRecord): boolean {
  if (fault.do === 'load') return false;
  return fault.injectedNs === null || hasStruckNone(fault) || isUnseen(fault);
}

/** On an edge, only the caller can count refused connections. */
function hasStruckNone({ planned, injected, observed }: FaultRecord): boolean {
  return injected === 0 && (planned !== null || !observed);
}

/**
 * Only the far end can observe it. For messages there is often none: then the service that struck them is the evidence.
 */
function isUnseen({ planned, injected, observed, observedNs }: FaultRecord): boolean {
  if (planned !== null) return false;
  return observedNs === null || (injected === null && observed === 0);
}

function whyMissed(fault: FaultRecord): FaultMissed['why'] {
  if (fault.injectedNs === null) return 'never-injected';
  if (fault.injected === 0) return fault.planned === null ? 'no-connection' : 'none-struck';
  return 'unseen';
}
