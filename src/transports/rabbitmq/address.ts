import { CommbenchError } from '../../kernel/errors.ts';
import type { Address } from '../../kernel/transport.ts';

/** The queue's name, which provisioning put into the address. */
export function queueOf(address: Address | undefined): string {
  const queue = address?.['queue'];
  if (queue !== undefined) return queue;
  throw new CommbenchError('defect', 'Expected an address with a queue, as provisioning makes it');
}
