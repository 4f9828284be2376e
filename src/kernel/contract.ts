import type { Envelope } from './envelope.ts';

/** A handler's answer to a message. `noEffect` is a promise that nothing was changed. */
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

/** The status with this name, if there is one. */
export function failureStatusOf(value: unknown): FailureStatus | undefined {
  return FAILURE_STATUSES.find((status) => status === value);
}

/** One operation of a contract, as both sides see it. Bodies are plain JSON values. */
export interface Operation {
  readonly effect: 'read' | 'write';
  /** The request's body of arrival `index`; the same for the same seed, over every transport. */
  request(seed: number, index: number): unknown;
  /**
   * The reason why the reply breaks the contract, or undefined when it holds.
   * @param asked requested fields of the user, or of each user of a page; undefined: all
   */
  check(request: unknown, reply: unknown, asked?: readonly string[]): string | undefined;
  /**
   * Content that a write is to store for this request, by field, in the words of the contract's first version. Absent:
   * it stores nothing, or nothing that is compared.
   */
  content?(request: unknown): Content;
  /** Answers with streams of this shape: its handler's body is a `StreamPlan`, and `check` is given the array of the items received. */
  readonly stream?: StreamShape;
}

/** The shape shared by every stream of an operation, known beforehand. */
export interface StreamShape {
  /** Number of items. */
  readonly items: number;
  /** Interval between two items; null: unknown, and no jitter is measured. */
  readonly everyMs: number | null;
  /** The caller leaves after so many items; otherwise the service ends the stream. */
  readonly isLeft?: boolean;
}

/** A streaming operation's answer: its items and the interval between them. */
export interface StreamPlan {
  readonly items: readonly unknown[];
  /** Interval between two items; the first goes out at once. */
  readonly everyMs: number;
}

/** Fields and values of what a write stores; undefined values count as absent. */
export type Content = Readonly<Record<string, string | number | boolean | undefined>>;

/** Operations independent of the wire: definition only. `implement` gives the running thing. */
export interface Contract {
  readonly name: string;
  readonly operations: Readonly<Record<string, Operation>>;
  /** Any operation that it does not name: what a target of the user's own can be asked for. Absent: there is none. */
  readonly any?: Operation;
  /** Versions that a service may serve while its caller has the first; absent: there are none. */
  readonly versions?: readonly ContractVersion[];
  /** A fresh implementation with its own state: one per service process. */
  implement(): Implementation;
}

/** A version of a contract, served to callers that have the first one. */
export interface ContractVersion {
  readonly name: string;
  /** What it changes, in one line; null: nothing, which makes it the control of the others. */
  readonly change: string | null;
  /** As that of the contract. Its writes report what they stored. */
  implement(): Implementation;
}

/** Does the work of one message at once; delays, queues and logs belong to the service, not to the contract. */
export type Implementation = (operation: string, body: unknown, envelope: Envelope) => Performed;

/** A handler's answer. `stored` is recorded with the effect and never sent. */
export type Performed = Handled & { readonly stored?: Content };
