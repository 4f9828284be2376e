import type { UntestedClaim } from './claim.ts';

/** Claims that nothing here can test yet. */
export const UNTESTED_CLAIMS: readonly UntestedClaim[] = [
  { id: '5', guides: ['A'], scenario: null },
  { id: '15', guides: ['D'], scenario: null },
  { id: '16', guides: ['C', 'A'], scenario: null },
  { id: '17', guides: ['A', 'C'], scenario: null },
  { id: '18', guides: ['A', 'B', 'C'], scenario: null },
  { id: '20', guides: ['A', 'C'], scenario: null },
  { id: '21', guides: ['B'], scenario: null },
  { id: '22', guides: ['B'], scenario: null },
];
