import type { z } from 'zod';
import type { PolicyEvent } from '../kernel/policy-event.ts';
import type { Call } from '../kernel/transport.ts';

/** What a policy needs of time, an argument so that its semantics can be tested under a virtual clock. */
export interface Scheduler {
  /** Monotonic, in ms; fractions allowed. */
  readonly nowMs: () => number;
  /** Calls back once, not before so many ms; the returned function takes it back. */
  readonly after: (ms: number, callback: () => void) => () => void;
}

export interface PolicyContext {
  /** Names the edge in draws, so that two edges don't draw alike. */
  readonly edge: string;
  readonly seed: number;
  readonly scheduler: Scheduler;
  readonly emit: (event: PolicyEvent) => void;
}

/**
 * A resilience policy: wraps a `Call` in a `Call`. What it remembers over calls (a breaker's state, a budget)
 * belongs to one edge of one service process, and is made by `wrap`.
 * A policy never rejects: its own refusal is a failure with outcome `rejected`, its ended wait one with `timeout`.
 * Whoever ends a call aborts the signal that it passed on, so that resources are freed at once. The message is
 * passed on as it is: whoever sends it numbers the attempts.
 */
export interface PolicyDefinition<Options = unknown> {
  readonly name: string;
  /** One line for `commbench list policies`. */
  readonly title: string;
  /** With units in names, defaults and descriptions: validation, help and list come from it. */
  readonly options: z.ZodObject;
  /** The most attempts at `inner` that one call of the wrapped may begin. */
  mostAttempts(options: Options): number;
  wrap(inner: Call, options: Options, context: PolicyContext): Call;
}
