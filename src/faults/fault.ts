import type { z } from 'zod';
import type { FailureStatus } from '../kernel/contract.ts';
import type { Nanoseconds } from '../kernel/clock.ts';
import type { FaultTarget } from '../kernel/fault-target.ts';
import type { Appointment } from '../kernel/program.ts';

/** The layer of a fault (DESIGN 5): it decides on the executor and the possible targets. */
export type FaultLayer =
  /** Acts on the processes of a service or a broker, by signals. */
  | 'process'
  /** Acts in a service's handler, message by message. */
  | 'application'
  /** Acts on an edge, by the proxy that stands on it in every trial. */
  | 'connection'
  /** Acts on the arrivals themselves. */
  | 'load'
  /** Acts in a caller, on the policies of one of its edges. */
  | 'policy';

interface Common {
  readonly name: string;
  /** One line for `commbench list faults`. */
  readonly title: string;
  /** State of its target while it lasts: `killed`, `slow`. */
  readonly state: string;
  /** Options with units in names, defaults and descriptions: validation, help and list come from it. */
  readonly options: z.ZodObject;
}

/** Begin of a fault as it was observed, on the monotonic clock. */
export interface FaultBegin {
  readonly injectedNs: Nanoseconds;
  readonly observedNs: Nanoseconds;
}

/** End of a fault as it was observed, on the monotonic clock. */
export interface FaultEnd {
  readonly liftedNs: Nanoseconds;
  /** What it took away is there again. */
  readonly readyNs: Nanoseconds;
}

/**
 * `apply` begins it, `lift` ends it, each at an instant. Both are called beforehand, so that signals are sent by who
 * has no terminal to wait for. Both resolve when the effect was observed, and reject where it was not.
 */
export interface ProcessFault extends Common {
  readonly layer: 'process';
  /** Its end is a restart, which takes as long as the target does. */
  readonly restarts?: true;
  apply(target: FaultTarget, at: Appointment): Promise<FaultBegin>;
  /** @param applied its begin */
  lift(target: FaultTarget, at: Appointment, applied: Promise<FaultBegin>): Promise<FaultEnd>;
  /**
   * Replaces `lift` where the trial ends during the fault, for processes that are still needed. Absent: all of them
   * end anyway.
   */
  release?(target: FaultTarget): Promise<void>;
}

/** The effect of an application fault on a message that it strikes. */
export type Strike =
  /** The work begins `ms` later, and occupies the service meanwhile. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** It fails in place of the work. `noEffect` is then true: nothing was done. */
  | { readonly kind: 'fail'; readonly status: FailureStatus }
  /** Nothing happens for `ms`, while it occupies the service; then it fails as above, as `internal`. */
  | { readonly kind: 'hang'; readonly ms: number }
  /** The work is done and recorded, and the process ends itself before anything is acknowledged. */
  | { readonly kind: 'end-before-ack' };

/** A message as an application fault receives it. */
export interface Struck {
  readonly sequence: number;
  readonly attempt: number;
  /** Number of messages of the fault's window begun by this service before this one, repeats included. */
  readonly begun: number;
  /** Draws from [0, 1): equal for one seed, fault, sequence and attempt, whatever the timing. */
  readonly draw: (purpose: string) => number;
  /** The same for every attempt of this sequence as well. */
  readonly drawOfArrival: (purpose: string) => number;
}

export interface ApplicationFault<Options = unknown> extends Common {
  readonly layer: 'application';
  /**
   * The messages of its window. `instant`: those whose processing begins while it lasts, by the clock; a fault that was
   * lifted is over. `arrival`: those of the arrivals due while it lasts, whenever they come, so that their number is exact.
   */
  readonly strikesBy: 'instant' | 'arrival';
  /** Undefined: this message is spared. */
  strike(message: Struck, options: Options): Strike | undefined;
}

/** The proxy's treatment of an edge's connections while the fault lasts. */
export type LinkState =
  /** No listener: new connections are refused, open ones are closed. */
  | { readonly kind: 'refuse' }
  /** Open connections are reset, and so is every new one. */
  | { readonly kind: 'reset' }
  /** Connections stay, and nothing passes in either direction. */
  | { readonly kind: 'black-hole' }
  /** Each chunk passes `ms` later, in order, in both directions. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** A limit on throughput, in each direction of each connection. */
  | { readonly kind: 'bandwidth'; readonly bytesPerS: number };

export interface ConnectionFault<Options = unknown> extends Common {
  readonly layer: 'connection';
  linkState(options: Options): LinkState;
}

export interface LoadFault<Options = unknown> extends Common {
  readonly layer: 'load';
  /** The arrivals per second are multiplied by it. */
  factor(options: Options): number;
}

/** No harm by itself: another stack of policies, on the caller's side of an edge. */
export interface PolicyFault<Options = unknown> extends Common {
  readonly layer: 'policy';
  /** Names of the stacks that replace the edge's own policies, the first one outermost. */
  stacks(options: Options): readonly string[];
}

export type FaultDefinition =
  | ProcessFault
  | ApplicationFault<never>
  | ConnectionFault<never>
  | LoadFault<never>
  | PolicyFault<never>;
