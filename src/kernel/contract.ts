import type { Envelope } from './envelope.ts';

/** What a handler says of a message. `noEffect` is a promise: nothing was changed. */
export type Handled =
  | { readonly kind: 'done'; readonly body: unknown }
  | {
      readonly kind: 'failed';
      readonly status: FailureStatus;
      readonly noEffect: boolean;
      readonly detail: string;
    };

/** Failures every transport can express; each binds them to its own codes (404, NOT_FOUND, ...). */
const FAILURE_STATUSES = ['bad-request', 'not-found', 'overloaded', 'deadline-passed', 'internal'] as const;
export type FailureStatus = (typeof FAILURE_STATUSES)[number];

/** What came over the wire, if it is one of them. */
export function failureStatusOf(value: unknown): FailureStatus | undefined {
  return FAILURE_STATUSES.find((status) => status === value);
}

/** One operation of a contract, as both sides see it. Bodies are plain JSON values. */
export interface Operation {
  readonly effect: 'read' | 'write';
  /** The request's body of arrival `index`; the same for the same seed, over every transport. */
  request(seed: number, index: number): unknown;
  /**
   * Why the reply breaks the contract, or undefined when it holds.
   * @param asked fields of what it is about (a user, each user of a page) that were asked for; undefined: all
   */
  check(request: unknown, reply: unknown, asked?: readonly string[]): string | undefined;
  /** Answers with streams of this shape: its handler's body is a `StreamPlan`, and `check` is given the array of the items received. */
  readonly stream?: StreamShape;
}

/** What every stream of an operation is like, known beforehand. */
export interface StreamShape {
  /** How many items. */
  readonly items: number;
  /** From one item to the next. */
  readonly everyMs: number;
}

/** What the implementation of a streaming operation says: these items, so far apart. */
export interface StreamPlan {
  readonly items: readonly unknown[];
  /** From one item to the next; the first one goes out at once. */
  readonly everyMs: number;
}

/** What is said, whatever the wire: definition only. `implement` gives the running thing. */
export interface Contract {
  readonly name: string;
  readonly operations: Readonly<Record<string, Operation>>;
  /** A fresh implementation with its own state: one per service process. */
  implement(): Implementation;
}

/** Does the work of one message at once; holds, queues and logs are the service's, not the contract's. */
export type Implementation = (operation: string, body: unknown, envelope: Envelope) => Handled;
