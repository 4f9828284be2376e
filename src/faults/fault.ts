import type { z } from 'zod';
import type { FailureStatus } from '../kernel/contract.ts';
import type { FaultTarget } from '../kernel/fault-target.ts';

/** Where a fault acts (DESIGN 5): it decides who carries it out, and what it may be aimed at. */
export type FaultLayer =
  /** On the processes of a service or a broker, by signals. */
  | 'process'
  /** In a service's handler, message by message. */
  | 'application'
  /** On an edge, by the proxy that stands on it in every trial. */
  | 'connection'
  /** On the arrivals themselves. */
  | 'load';

interface Common {
  readonly name: string;
  /** One line for `commbench list faults`. */
  readonly title: string;
  /** What its target is while it lasts: `killed`, `slow`. */
  readonly state: string;
  /** With units in names, defaults and descriptions: validation, help and list come from it. */
  readonly options: z.ZodObject;
}

/** `apply` begins it, `lift` ends it. Both resolve when the effect was observed. */
export interface ProcessFault extends Common {
  readonly layer: 'process';
  apply(target: FaultTarget): Promise<void>;
  lift(target: FaultTarget): Promise<void>;
  /** In place of `lift` where the trial ends in its midst: nobody who is still needed stays as it made them. Absent: all end anyway. */
  release?(target: FaultTarget): Promise<void>;
}

/** What becomes of a message that an application fault strikes. */
export type Strike =
  /** Its slot is held so much longer before the work. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** It fails in place of the work. `noEffect` is then true: nothing was done. */
  | { readonly kind: 'fail'; readonly status: FailureStatus }
  /** Nothing happens to it, and its slot stays taken, for so long; then it fails as above, as `internal`. */
  | { readonly kind: 'hang'; readonly ms: number }
  /** The work is done and recorded, and the process ends itself before anything is acknowledged. */
  | { readonly kind: 'end-before-ack' };

/** A message as an application fault sees it. */
export interface Struck {
  readonly sequence: number;
  readonly attempt: number;
  /** How many messages of the fault's window this service has begun before this one, repeats included. */
  readonly begun: number;
  /** In [0, 1): the same for the same seed, fault, sequence and attempt, whatever the timing. */
  readonly draw: (purpose: string) => number;
  /** The same for every attempt of this sequence as well. */
  readonly drawOfArrival: (purpose: string) => number;
}

export interface ApplicationFault<Options = unknown> extends Common {
  readonly layer: 'application';
  /** Undefined: this one is spared. */
  strike(message: Struck, options: Options): Strike | undefined;
}

/** What the proxy does to the connections of its edge while the fault lasts. */
export type LinkState =
  /** Nobody listens: new connections are refused, those that are open are closed. */
  | { readonly kind: 'refuse' }
  /** Open connections are reset, and so is every new one. */
  | { readonly kind: 'reset' }
  /** Connections stay, and nothing passes in either direction. */
  | { readonly kind: 'black-hole' }
  /** Each chunk passes so much later, in order, in both directions. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** At most so much passes, in each direction of each connection. */
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

export type FaultDefinition =
  | ProcessFault
  | ApplicationFault<never>
  | ConnectionFault<never>
  | LoadFault<never>;
