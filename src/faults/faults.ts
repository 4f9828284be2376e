import type { Fault } from './fault.ts';
import { freeze } from './freeze.ts';
import { kill } from './kill.ts';

/** Every fault by the name that a scenario uses. */
export const faults = { kill, freeze } as const satisfies Record<string, Fault>;
export type FaultName = keyof typeof faults;
