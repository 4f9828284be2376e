import type { Failure, SendResult } from '../../kernel/transport.ts';
import type { GrpcExchange, Sink } from './exchange.ts';

/** The items of one stream between the channel and its reader. */
export interface Items extends Sink {
  /** Yields the items; the next one is requested when one was taken, so that no more than one is buffered. */
  read(exchange: GrpcExchange | undefined): AsyncGenerator<SendResult, void>;
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
    async *read(exchange) {
      try {
        for (;;) {
          const next = waiting.shift();
          if (next) {
            yield next;
            if (!isOver) exchange?.next();
          } else if (isOver) return;
          else {
            await wake.promise;
            wake = Promise.withResolvers<void>();
          }
        }
      } finally {
        // A reader that leaves early wants no more items.
        exchange?.cancel();
      }
    },
  };
}
