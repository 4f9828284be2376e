import type { IntendedTimes } from '../../measure/figures/join.ts';

/** What it takes to start a callee. */
export interface CalleeContext {
  readonly name: string;
  readonly logPath: string;
  readonly schedule: IntendedTimes;
  readonly signal: AbortSignal;
  /** Disposes what was started. */
  readonly stack: AsyncDisposableStack;
}
