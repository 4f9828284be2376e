import type { ServiceLedger } from '../../analysis/faults/service-ledgers.ts';

/** Name of a ledger's service in tables and sentences. */
export function serviceName({ service, subscriber }: Pick<ServiceLedger, 'service' | 'subscriber'>): string {
  return service ?? (subscriber === null ? 'service' : `subscriber ${subscriber}`);
}
