import type { GuideClaim, UntestedClaim } from './claim.ts';
import { CASCADE_CLAIMS } from './rules/cascade.ts';
import { CONSUMER_CLAIMS } from './rules/consumers.ts';
import { CONTRACT_CLAIMS } from './rules/contract.ts';
import { COUPLING_CLAIMS } from './rules/coupling.ts';
import { LATENCY_CLAIMS } from './rules/latency.ts';
import { PROTECTION_CLAIMS } from './rules/protection.ts';
import { QUEUE_CLAIMS } from './rules/queue.ts';
import { RETRY_CLAIMS } from './rules/retry.ts';
import { TABLE_CLAIMS } from './rules/table.ts';

/** Claims that nothing here can test yet. */
const UNTESTED_CLAIMS: readonly UntestedClaim[] = [
  { id: '5', guides: ['A'], scenario: null },
  { id: '15', guides: ['D'], scenario: null },
  { id: '16', guides: ['C', 'A'], scenario: null },
  { id: '17', guides: ['A', 'C'], scenario: null },
  { id: '18', guides: ['A', 'B', 'C'], scenario: null },
  { id: '20', guides: ['A', 'C'], scenario: null },
  { id: '21', guides: ['B'], scenario: null },
  { id: '22', guides: ['B'], scenario: null },
];

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
