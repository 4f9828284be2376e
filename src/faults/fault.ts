import type { FaultTarget } from '../kernel/fault-target.ts';

/** A process fault: `apply` begins it, `lift` ends it. Both resolve when the effect was observed. */
export interface Fault {
  apply(target: FaultTarget): Promise<void>;
  lift(target: FaultTarget): Promise<void>;
}
