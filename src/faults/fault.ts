/** What a process fault acts on: one process at a time, replaced by a restart. */
export interface FaultTarget {
  readonly name: string;
  /** Of the process that runs now. */
  readonly pid: number;
  /** Sends a signal to the running process. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Resolves when the running process is seen to have ended. */
  ended(): Promise<void>;
  /** Starts it again where it was; resolves when it is ready. */
  restart(): Promise<void>;
}

/** A process fault: `apply` begins it, `lift` ends it. Both resolve when the effect was observed. */
export interface Fault {
  apply(target: FaultTarget): Promise<void>;
  lift(target: FaultTarget): Promise<void>;
}
