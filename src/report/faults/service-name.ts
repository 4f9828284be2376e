import type { LedgerSeen } from '../../analysis/faults/ledgers-seen.ts';

/** What tables and sentences call the service of a ledger. */
export function serviceName({ service, subscriber }: Pick<LedgerSeen, 'service' | 'subscriber'>): string {
  return service ?? (subscriber === null ? 'callee' : `subscriber ${subscriber}`);
}
