import type { Failure } from '../../kernel/transport.ts';
import type { OutRecord, Producer } from './links/link.ts';
import type { KafkaOptions } from './options.ts';

/** Sends one record; undefined when the broker has taken it. */
export type Produce = (record: OutRecord) => Promise<Failure | undefined>;

interface Waiting {
  readonly record: OutRecord;
  readonly steadyState: (failure: Failure | undefined) => void;
}

/**
 * Sends each record as a request of its own, or in batches as the options demand; the clients do not linger by
 * themselves.
 */
export function createProduce(producer: Producer, options: KafkaOptions): Produce {
  const { lingerMs, maxBatchRecords } = options;
  if (lingerMs === 0) return (record) => producer.produce([record]);
  let gathered: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const batch = gathered;
    gathered = [];
    void producer.produce(batch.map(({ record }) => record)).then((failure) => {
      for (const { steadyState } of batch) steadyState(failure);
    });
  };
  return (record) =>
    new Promise((steadyState) => {
      gathered.push({ record, steadyState });
      if (gathered.length >= maxBatchRecords) flush();
      else timer ??= setTimeout(flush, lingerMs);
    });
}
