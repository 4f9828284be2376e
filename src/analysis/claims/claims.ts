import type { GuideClaim } from './claim.ts';
import { CASCADE_CLAIMS } from './rules/cascade.ts';
import { CONSUMER_CLAIMS } from './rules/consumers.ts';
import { CONTRACT_CLAIMS } from './rules/contract.ts';
import { COUPLING_CLAIMS } from './rules/coupling.ts';
import { LATENCY_CLAIMS } from './rules/latency.ts';
import { PROTECTION_CLAIMS } from './rules/protection.ts';
import { QUEUE_CLAIMS } from './rules/queue.ts';
import { RETRY_CLAIMS } from './rules/retry.ts';
import { TABLE_CLAIMS } from './rules/table.ts';
import { UNTESTED_CLAIMS } from './untested.ts';

/** The guides' claims in the order of their numbers, then the presets they recommend. */
export const CLAIMS: readonly GuideClaim[] = [
  ...TABLE_CLAIMS,
  ...CASCADE_CLAIMS,
  ...COUPLING_CLAIMS,
  ...LATENCY_CLAIMS,
  ...CONSUMER_CLAIMS,
  ...PROTECTION_CLAIMS,
  ...RETRY_CLAIMS,
  ...QUEUE_CLAIMS,
  ...CONTRACT_CLAIMS,
  ...UNTESTED_CLAIMS,
].toSorted((a, b) => numberOf(a) - numberOf(b) || (a.id < b.id ? -1 : 1));

/** Presets have no number and come last. */
function numberOf({ id }: GuideClaim): number {
  return /^\d/.test(id) ? Number.parseInt(id, 10) : Infinity;
}
