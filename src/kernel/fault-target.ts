import type { Nanoseconds } from './clock.ts';
import type { Appointment, SignalSeen } from './program.ts';

/**
 * The target of a process fault: one process, or several that look like one to their callers. A restart replaces them.
 */
export interface FaultTarget {
  readonly name: string;
  /** Pids of the running processes. */
  readonly pids: readonly number[];
  /**
   * Sends a signal to each running process, at once or at an instant.
   * @returns as the last of them was observed; undefined where one was not
   */
  signal(signal: NodeJS.Signals, at?: Appointment): Promise<SignalSeen | undefined>;
  /** Resolves when the running processes have ended, with the instant of the last end where it is known. */
  ended(): Promise<Nanoseconds | undefined>;
  /** Starts it again where it was, on its own data; resolves when it is ready. */
  restart(): Promise<void>;
}
