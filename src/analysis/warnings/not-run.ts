import type { PatternResult } from '../patterns/pattern-result.ts';

export interface PatternNotRun {
  readonly code: 'not-run';
  readonly title: string;
  readonly reason: string | null;
  readonly hint: string | null;
}

export function notRunPattern({ record }: PatternResult): PatternNotRun[] {
  if (record.state === 'run') return [];
  const { title, reason, hint } = record;
  return [{ code: 'not-run', title, reason, hint }];
}
