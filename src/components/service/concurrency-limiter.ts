/** The worker pool that an event loop hides: a limit on concurrent messages, with a bounded queue before it. */
export interface ConcurrencyLimiter {
  /**
   * Admits at once (`true`), later (a promise), or never because the queue is full (`false`). A broker's message is
   * always admitted: its prefetch is the limit.
   */
  take(isBrokers?: boolean): true | false | Promise<void>;
  /** Admits the message that waits longest. */
  leave(): void;
  /** Messages admitted now. */
  readonly taken: number;
}

/** A linked list: the queue may be 100,000 long, and `shift()` would move them all. */
interface Waiting {
  readonly enter: () => void;
  next: Waiting | undefined;
}

export function createConcurrencyLimiter(size: number, queueLimit: number): ConcurrencyLimiter {
  let taken = 0;
  let queued = 0;
  let first: Waiting | undefined;
  let last: Waiting | undefined;

  const enqueue = (enter: () => void) => {
    const entry: Waiting = { enter, next: undefined };
    if (last) last.next = entry;
    else first = entry;
    last = entry;
    queued++;
  };

  return {
    take(isBrokers = false) {
      if (taken < size) {
        taken++;
        return true;
      }
      return isBrokers || queued < queueLimit ? new Promise(enqueue) : false;
    },
    leave() {
      if (!first) {
        taken--;
        return;
      }
      const { enter } = first;
      first = first.next;
      if (!first) last = undefined;
      queued--;
      // Handed over directly: `taken` stays, so that no other message can come between.
      enter();
    },
    get taken() {
      return taken;
    },
  };
}
