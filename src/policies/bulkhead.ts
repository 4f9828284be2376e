import { onAbort } from '../kernel/wait.ts';
import { z } from 'zod';
import type { EndSignal } from '../kernel/transport.ts';
import type { PolicyDefinition } from './policy.ts';
import { rejected, timedOut } from './failures.ts';

const options = z.strictObject({
  maxOpen: z.number().int().min(1).max(10_000).default(10).describe('maximum number of open calls'),
  queue: z.number().int().min(0).max(100_000).default(0).describe('further calls that may wait'),
});
type Options = z.infer<typeof options>;

/**
 * Bounds the open calls of the edge, so that a slow service cannot take all of its caller's concurrency (M. Nygard,
 * Release It!, 2007). Further calls wait first come, first served; beyond the queue they are rejected.
 * A waiting call that ends leaves the queue: `timeout`, with the promise that nothing happened. A call is open until
 * our wait for it ends, whatever the service still does.
 */
export const definition: PolicyDefinition<Options> = {
  name: 'bulkhead',
  title: 'limits the number of open calls',
  options,
  mostAttempts: () => 1,
  wrap(inner, { maxOpen, queue }, { emit }) {
    const places = createPlaces(maxOpen, queue);
    return async (message, given = {}) => {
      const place = await places.take(given.signal);
      if (place === 'ended') return timedOut('The wait ended in the queue of the bulkhead', true);
      if (place === 'full') {
        const cause = `${maxOpen} calls open, ${queue} waiting`;
        emit({ policy: 'bulkhead', what: 'rejected', cause, sequence: message.envelope.sequence });
        return rejected(`bulkhead full: ${cause}`);
      }
      try {
        return await inner(message, given);
      } finally {
        places.leave();
      }
    };
  },
};

type Taken = 'taken' | 'full' | 'ended';

/** Permits for open calls, granted in the order of requests. */
function createPlaces(most: number, queue: number) {
  const waiting = new Set<() => void>();
  let open = 0;
  return {
    take(signal: EndSignal | undefined): Taken | Promise<Taken> {
      if (signal?.aborted) return 'ended';
      if (open < most) {
        open++;
        return 'taken';
      }
      if (waiting.size >= queue) return 'full';
      return new Promise((resolve) => {
        const steadyState = (taken: Taken): void => {
          waiting.delete(enter);
          listener[Symbol.dispose]();
          resolve(taken);
        };
        const enter = (): void => steadyState('taken');
        const leave = (): void => steadyState('ended');
        waiting.add(enter);
        const listener = onAbort(signal, leave);
      });
    },
    /** Hands the permit to the longest waiter without freeing it in between. */
    leave(): void {
      const [next] = waiting;
      if (next) next();
      else open--;
    },
  };
}
