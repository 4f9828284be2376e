/**
 * Outcome of one attempt (DESIGN 3.5). The order is the code in the arrivals file: append, never reorder. `unsent`
 * means that the generator never dispatched the arrival.
 */
export const OUTCOMES = [
  'unsent',
  'ok',
  'error',
  'contract-broken',
  'refused',
  'rejected',
  'timeout',
  'connection-lost',
  'unfinished',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The ledger's first axis (DESIGN 3.7): what the caller may believe about the effect. */
export type Acceptance = 'accepted' | 'refused' | 'unknown';

/**
 * The caller's knowledge of an attempt's effect. An error counts as refused only where its contract promises that
 * nothing happened.
 */
export function acceptanceOf(outcome: Outcome, noEffect: boolean): Acceptance {
  switch (outcome) {
    case 'ok':
      return 'accepted';
    case 'refused':
    case 'rejected':
    case 'unsent':
      return 'refused';
    case 'error':
      return noEffect ? 'refused' : 'unknown';
    case 'contract-broken':
    case 'timeout':
    case 'connection-lost':
    case 'unfinished':
      return 'unknown';
  }
}

/** `error 503`: how a failure is counted. */
export function failureName(outcome: Outcome, status: number): string {
  return status === 0 ? outcome : `${outcome} ${status}`;
}
