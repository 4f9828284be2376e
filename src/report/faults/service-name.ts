import type { ServiceLedger } from '../../analysis/faults/service-ledgers.ts';

/** What tables and sentences call the service of a ledger. */
export function serviceName({ service, subscriber }: Pick<ServiceLedger, 'service' | 'subscriber'>): string {
  return service ?? (subscriber === null ? 'service' : `subscriber ${subscriber}`);
}
