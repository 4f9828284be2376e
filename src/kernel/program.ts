import type { Nanoseconds } from './clock.ts';

/** A real program to start (never a shell around it). */
export interface ProgramSpec {
  /** Short name for messages and files, unique in the run: `generator-3`, `rabbitmq`. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Added to a minimal environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the run's temporary folder. */
  readonly cwd?: string;
  /** Both outputs are appended here. */
  readonly outputPath: string;
  /** Time to end after SIGTERM before SIGKILL follows. */
  readonly graceMs?: number;
}

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Instant at which the reaper observed the end, on the monotonic clock. */
  readonly atNs: number;
  /** SIGTERM was not enough. */
  readonly forced: boolean;
}

/** The end of a program in words. */
export function programEndText({ code, signal }: Pick<ProgramEnd, 'code' | 'signal'>): string {
  return signal ? `was ended by ${signal}` : `ended with code ${code}`;
}

/** An instant at which something is to be done, by whoever does it: the one who orders it may be delayed meanwhile. */
export interface Appointment {
  /** On the monotonic clock. */
  readonly atNs: Nanoseconds;
  /** Calls it off. */
  readonly cancel: AbortSignal;
}

/** A signal as its sender observed it, on the monotonic clock. */
export interface SignalSeen {
  readonly sentNs: Nanoseconds;
  /** Its effect: a stopped process is stopped, a continued one is not; of other signals the sending. */
  readonly seenNs: Nanoseconds;
  /** The process was stopped when the signal was sent. */
  readonly wasStopped: boolean;
}

/** A started program in a process group of its own. Disposing is `stop`. */
export interface Program extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly outputPath: string;
  /** Settles once, when it has ended for whatever reason; never rejects. */
  readonly ended: Promise<ProgramEnd>;
  /**
   * Sends a signal to the whole group, at once or at an instant; resolves when its effect was observed.
   * @returns undefined: nobody was there, or it was called off before
   */
  signal(signal: NodeJS.Signals, at?: Appointment): Promise<SignalSeen | undefined>;
  /** SIGCONT, SIGTERM, after the grace SIGKILL, to the group; resolves when it ended. */
  stop(): Promise<ProgramEnd>;
}

/** Starts programs that are certain to be ended: the supervisor, through the reaper. */
export interface Spawner {
  spawn(spec: ProgramSpec): Promise<Program>;
}
