/**
 * The target of a process fault: one process, or several that look like one to their callers. A restart replaces them.
 */
export interface FaultTarget {
  readonly name: string;
  /** Pids of the running processes. */
  readonly pids: readonly number[];
  /** Sends a signal to each running process. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Resolves when the running processes have ended. */
  ended(): Promise<void>;
  /** Starts it again where it was, on its own data; resolves when it is ready. */
  restart(): Promise<void>;
}
