import type { PolicyEvent } from '../../src/kernel/policy-event.ts';
import type { Call, Failure, Message, SendResult } from '../../src/kernel/transport.ts';
import type { PolicyContext, Scheduler } from '../../src/policies/policy.ts';

/** Time that stands still until a test moves it on. */
export interface VirtualTime {
  readonly scheduler: Scheduler;
  /** Callbacks that were asked for, and neither run nor taken back. */
  pending(): number;
  /**
   * Moves on by so many ms. What is due runs by its instant, then in the order in which it was asked for;
   * everything that needs no time and follows from a callback is over before the next one runs.
   */
  advance(ms: number): Promise<void>;
}

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

export function virtualTime(startMs = 1000): VirtualTime {
  let nowMs = startMs;
  const timers = new Set<Timer>();
  const nextUntil = (endMs: number): Timer | undefined =>
    [...timers].filter(({ atMs }) => atMs <= endMs).toSorted((a, b) => a.atMs - b.atMs)[0];
  return {
    scheduler: {
      nowMs: () => nowMs,
      after(ms, callback) {
        const timer = { atMs: nowMs + Math.max(0, ms), callback };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
    },
    pending: () => timers.size,
    async advance(ms) {
      const endMs = nowMs + ms;
      await settled();
      for (let timer = nextUntil(endMs); timer; timer = nextUntil(endMs)) {
        timers.delete(timer);
        nowMs = timer.atMs;
        timer.callback();
        await settled();
      }
      nowMs = endMs;
    },
  };
}

/** Everything that needs no time has happened: all promises that follow from one another run before the loop turns. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What `wrap` is given; the policy's events gather in `events`. */
export function contextOf(
  { scheduler }: VirtualTime,
  { edge = 'orders-payments', seed = 1 }: { readonly edge?: string; readonly seed?: number } = {},
): PolicyContext & { readonly events: PolicyEvent[] } {
  const events: PolicyEvent[] = [];
  return { edge, seed, scheduler, events, emit: (event) => void events.push(event) };
}

export function messageOf(sequence: number, deadlineNs = 0): Message {
  return {
    operation: 'createUser',
    body: { name: `user ${sequence}` },
    envelope: { trial: 1, stage: 'measured', sequence, attempt: 1, key: 0, deadlineNs },
  };
}

export function failureOf(outcome: Failure['outcome'], more: Partial<Failure> = {}): Failure {
  return { kind: 'failure', outcome, noEffect: false, status: 0, detail: outcome, ...more };
}

export const OK: SendResult = { kind: 'reply', body: 'done' };

/** What becomes of one attempt: this, after so long; null: never anything. */
export type Answer = { readonly ms: number; readonly result: SendResult } | null;

/** An attempt as the service saw it. */
interface Seen {
  readonly message: Message;
  readonly deadlineNs: number | undefined;
  readonly atMs: number;
  /** Its caller ended the wait for it. */
  aborted: boolean;
  /** The answer, or the end of the wait. */
  endedMs: number | undefined;
}

export interface SystemUnderTest {
  readonly send: Call;
  readonly seen: Seen[];
  /** Attempts that are neither answered nor ended by their caller. */
  open(): number;
  /** The most that ever were open at once. */
  most(): number;
}

/**
 * A service that answers its n-th attempt (from 0) as the plan says, and, as every transport does, ends an attempt at
 * once with `timeout` when its signal is aborted.
 */
export function systemOf(
  { scheduler }: VirtualTime,
  plan: (n: number, message: Message) => Answer,
): SystemUnderTest {
  const seen: Seen[] = [];
  let open = 0;
  let most = 0;
  const send: Call = (message, { signal, deadlineNs } = {}) =>
    new Promise((resolve) => {
      const answer = plan(seen.length, message);
      const attempt: Seen = {
        message,
        deadlineNs,
        atMs: scheduler.nowMs(),
        aborted: false,
        endedMs: undefined,
      };
      seen.push(attempt);
      most = Math.max(most, ++open);
      let takeBack = (): void => {};
      const end = (result: SendResult): void => {
        takeBack();
        signal?.removeEventListener('abort', abort);
        open--;
        attempt.endedMs = scheduler.nowMs();
        resolve(result);
      };
      const abort = (): void => {
        attempt.aborted = true;
        end(failureOf('timeout', { detail: 'the wait was ended' }));
      };
      signal?.addEventListener('abort', abort);
      if (signal?.aborted) return abort();
      if (answer) takeBack = scheduler.after(answer.ms, () => end(answer.result));
    });
  return { send, seen, open: () => open, most: () => most };
}
