import type { FaultRecord } from '../../../record/record.ts';
import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { nameWithCase } from '../../faults/fault-trials.ts';
import { type NamedFault, nameOfFault } from './named-fault.ts';

/** A fault that hit nothing: what stands beside it is no effect of it. */
export interface FaultMissed {
  readonly code: 'fault-missed';
  readonly line: string;
  readonly fault: NamedFault;
  readonly planned: number | null;
  readonly why: 'never-injected' | 'no-connection' | 'none-struck' | 'unseen';
}

/** A process fault is one that was seen; one of messages must have met some. */
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

/** Of an edge, whom it kept from connecting only the caller can count. */
function hasStruckNone({ planned, injected, observed }: FaultRecord): boolean {
  return injected === 0 && (planned !== null || !observed);
}

/** Only the other end can tell. Of messages, often nobody is there to: who struck them has said so. */
function isUnseen({ planned, injected, observed, observedNs }: FaultRecord): boolean {
  if (planned !== null) return false;
  return observedNs === null || (injected === null && observed === 0);
}

function whyMissed(fault: FaultRecord): FaultMissed['why'] {
  if (fault.injectedNs === null) return 'never-injected';
  if (fault.injected === 0) return fault.planned === null ? 'no-connection' : 'none-struck';
  return 'unseen';
}
