import type { Failure, Reply, SendResult } from '../kernel/transport.ts';

/** Receiver of a call's replies: one per request for more, then the end, once. */
export interface Sink {
  readonly item: (reply: Reply) => void;
  /** Without a failure the call ended well. */
  readonly end: (failure: Failure | undefined) => void;
}

/** The sender's side of a stream. */
interface Source {
  /** The reader has taken an item and waits for the next one. */
  next?(): void;
  /** The reader wants no more items. */
  cancel(): void;
}

/** The items of one stream between its sender and its reader. */
export interface Items extends Sink {
  /** Yields the items; the next one is requested when one was taken: a sender that waits for it has one buffered at most. */
  read(source: Source | undefined): AsyncGenerator<SendResult, void>;
}

export function createItems(): Items {
  /** The item that waits, with room for the failure that ends it. */
  const waiting: SendResult[] = [];
  let isOver = false;
  let wake = Promise.withResolvers<void>();

  return {
    item(reply) {
      waiting.push(reply);
      wake.resolve();
    },
    end(failure: Failure | undefined) {
      isOver = true;
      if (failure) waiting.push(failure);
      wake.resolve();
    },
    async *read(source) {
      try {
        for (;;) {
          const next = waiting.shift();
          if (next) {
            yield next;
            if (!isOver) source?.next?.();
          } else if (isOver) return;
          else {
            await wake.promise;
            wake = Promise.withResolvers<void>();
          }
        }
      } finally {
        // A reader that leaves early wants no more items.
        source?.cancel();
      }
    },
  };
}
