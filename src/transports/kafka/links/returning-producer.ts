import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure } from '../../../kernel/transport.ts';
import { AWAY, notSure } from '../failures.ts';
import type { Producer } from './link.ts';

/** A producer that is lost with its connection. */
export interface BoundProducer extends Producer {
  /** Resolves when its last connection is gone. */
  readonly gone: Promise<void>;
}

const LOST = notSure('connection-lost', 'The connection was lost before the answer');

/**
 * A producer that is opened anew after a loss of its connection. Meanwhile sends are refused, as by every other
 * transport, and what was under way is known to be lost with it: a library left to itself would send it again seconds
 * after its caller was told that it had failed.
 * @param open a fresh producer, closed again where it fails
 */
export async function openReturningProducer(
  open: () => Promise<BoundProducer>,
  { reconnectDelayMs }: { readonly reconnectDelayMs: number },
): Promise<Producer> {
  const ending = new AbortController();
  const underWay = new Set<(failure: Failure) => void>();
  const reactions: (() => void)[] = [];
  let current: BoundProducer | undefined;

  const take = (fresh: BoundProducer): void => {
    current = fresh;
    void fresh.gone.then(() => {
      if (ending.signal.aborted) return;
      current = undefined;
      for (const lose of underWay) lose(LOST);
      underWay.clear();
      for (const react of reactions) react();
      void fresh[Symbol.asyncDispose]();
      void comeBack();
    });
  };
  const comeBack = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await sleep(reconnectDelayMs, undefined, { signal: ending.signal }).catch(() => undefined);
      const fresh = ending.signal.aborted ? undefined : await open().catch(() => undefined);
      if (!fresh) continue;
      if (ending.signal.aborted) return fresh[Symbol.asyncDispose]();
      return take(fresh);
    }
  };
  take(await open());
  return {
    produce(records) {
      const producer = current;
      if (!producer) return Promise.resolve(AWAY);
      return new Promise<Failure | undefined>((resolve) => {
        underWay.add(resolve);
        void producer.produce(records).then((failure) => {
          underWay.delete(resolve);
          resolve(failure);
        });
      });
    },
    onLost: (react) => void reactions.push(react),
    async [Symbol.asyncDispose]() {
      ending.abort();
      await current?.[Symbol.asyncDispose]();
    },
  };
}
