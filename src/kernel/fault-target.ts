/** What a process fault acts on: one process, or several that are one thing to their callers, replaced by a restart. */
export interface FaultTarget {
  readonly name: string;
  /** Of the processes that run now. */
  readonly pids: readonly number[];
  /** Sends a signal to each running process. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Resolves when the running processes are seen to have ended. */
  ended(): Promise<void>;
  /** Starts it again where it was, on its own data; resolves when it is ready. */
  restart(): Promise<void>;
}
