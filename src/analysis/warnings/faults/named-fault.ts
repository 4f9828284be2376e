import type { FaultRecord } from '../../../record/record.ts';

/** A fault and the part it is on. */
export interface NamedFault {
  readonly id: string;
  readonly on: string;
}

export function nameOfFault({ id, do: what, on }: FaultRecord): NamedFault {
  return { id: id ?? what, on };
}
