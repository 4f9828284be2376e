import { faultByName } from '../../faults/faults.ts';
import type { PlannedFault } from '../../plan/kinds/timeline/timeline.ts';
import type { FaultRecord } from '../../record/record.ts';

/** What somebody asks for. */
export type Wish = Pick<PlannedFault, 'do' | 'on' | 'options'>;

/** A fault of a session. */
export interface Act {
  /** `forMs` reaches to the bound while it lasts. */
  planned: PlannedFault;
  state: 'lasting' | 'lifting' | 'over';
  /** Called with its final length. */
  readonly finish: (planned: PlannedFault) => void;
  readonly ended: Promise<FaultRecord | null>;
}

/** What it does: `payments killed`. */
export function actText({ do: name, on, options }: PlannedFault): string {
  const fault = faultByName(name);
  if (fault.layer === 'load') return `load ×${String(options['factor'])}`;
  if (fault.layer === 'policy')
    return `${on}: policies ${fault.stacks(options as never).join(', ') || 'none'}`;
  return `${on} ${fault.state}`;
}
