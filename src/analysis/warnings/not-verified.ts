import type { PatternResult } from '../patterns/pattern-result.ts';

/** A target whose certificates were not verified: anybody may have answered in its place. */
export interface NotVerified {
  readonly code: 'not-verified';
  readonly title: string;
}

export function unverifiedTarget({ record }: PatternResult): NotVerified[] {
  return record.certificates === 'not-verified' ? [{ code: 'not-verified', title: record.title }] : [];
}
