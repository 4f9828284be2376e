import { nameWithCase } from '../../../analysis/faults/fault-trials.ts';
import type { FaultMissed } from '../../../analysis/warnings/faults/fault-missed.ts';
import { plural } from '../../format.ts';

export function faultMissedText({ line, fault, why }: FaultMissed): string {
  const because = {
    'never-injected': 'it was planned, and never injected',
    'no-connection': 'no connection was there to bear it',
    'none-struck': `of ${plural(fault.planned ?? 0, 'message')} planned none was struck`,
    unseen: 'it was injected, and nobody saw it',
  }[why];
  return `${nameWithCase(line)}: the fault ${fault.id ?? fault.do} of ${fault.on} hit nothing: ${because}. What stands beside it is no effect of it.`;
}
