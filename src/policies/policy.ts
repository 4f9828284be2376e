import type { z } from 'zod';
import type { PolicyEvent } from '../kernel/policy-event.ts';
import type { Call } from '../kernel/transport.ts';

/** A policy's source of time, an argument so that its semantics can be tested under a virtual clock. */
export interface Scheduler {
  /** Monotonic, in ms; fractions allowed. */
  readonly nowMs: () => number;
  /** Calls back once, never before `ms` have passed; the returned function cancels it. */
  readonly after: (ms: number, callback: () => void) => () => void;
}

export interface PolicyContext {
  /** Name of the edge in draws, so that two edges do not draw alike. */
  readonly edge: string;
  readonly seed: number;
  readonly scheduler: Scheduler;
  readonly emit: (event: PolicyEvent) => void;
}

/**
 * A resilience policy: wraps a `Call` in a `Call`. Its memory over calls (a breaker's state, a budget) belongs to one
 * edge of one service process, and is made by `wrap`. A policy never rejects: its own refusal is a failure with
 * outcome `rejected`, its ended wait one with `timeout`. Ending a call aborts the signal passed on, so that resources
 * are freed at once. The message is passed on unchanged: its sender numbers the attempts.
 */
export interface PolicyDefinition<Options = unknown> {
  readonly name: string;
  /** One line for `commbench list policies`. */
  readonly title: string;
  /** It opens and closes: its changes of state are events. Absent: it has no state to be shown. */
  readonly isBreaker?: true;
  /** Options with units in names, defaults and descriptions: validation, help and list come from it. */
  readonly options: z.ZodObject;
  /** The most attempts at `inner` that one call of the wrapped may begin. */
  mostAttempts(options: Options): number;
  wrap(inner: Call, options: Options, context: PolicyContext): Call;
}
