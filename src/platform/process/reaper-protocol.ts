import type { ProgramEnd, SignalSeen } from '../../kernel/program.ts';

/** The reaper's only argument, as JSON. */
export interface ReaperPlan {
  readonly mark: string;
  readonly folder: string;
  readonly runFile: string;
}

/** A program as the reaper starts it: nothing left to decide. */
export interface ProgramOrder {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly outputPath: string;
  readonly graceMs: number;
}

/**
 * The CLI's orders to the reaper, one JSON object a line. `n` numbers the orders, and a program is known by the order
 * that started it. The end of the pipe is the order to end everything.
 */
export type ReaperOrder =
  | { readonly type: 'spawn'; readonly n: number; readonly program: ProgramOrder }
  | {
      readonly type: 'signal';
      readonly n: number;
      readonly id: number;
      readonly signal: NodeJS.Signals;
      /** On the monotonic clock; null: at once. */
      readonly atNs: number | null;
    }
  /** Calls off the signal of this order, unless it was sent. */
  | { readonly type: 'cancel'; readonly n: number; readonly order: number }
  | { readonly type: 'stop'; readonly n: number; readonly id: number };

/** The reaper's replies. Every spawn and signal has one reply; a stop's is the program's end. */
export type ReaperReply =
  | {
      readonly type: 'spawned';
      readonly n: number;
      readonly pid: number;
      readonly startTicks: number | null;
    }
  | { readonly type: 'refused'; readonly n: number; readonly code: string; readonly message: string }
  /** null: there was nobody to receive it, or it was called off. */
  | { readonly type: 'signalled'; readonly n: number; readonly seen: SignalSeen | null }
  | { readonly type: 'ended'; readonly id: number; readonly end: ProgramEnd }
  /** It was asked to end by somebody else, and is ending everything. */
  | { readonly type: 'ending'; readonly signal: NodeJS.Signals };
