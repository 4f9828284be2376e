import { CommbenchError } from '../../kernel/errors.ts';
import type { Address } from '../../kernel/transport.ts';

/** Of a work queue: the broker's URL and the queue's name. */
export interface QueueAddress extends Address {
  readonly queue: string;
}

export function queueOf(address: Address | undefined): string {
  const queue = address?.['queue'];
  if (queue !== undefined) return queue;
  throw new CommbenchError('defect', 'Expected an address with a queue, as provisioning makes it');
}
