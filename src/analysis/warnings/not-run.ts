import type { ResultRow } from '../patterns/row.ts';

export interface NotRun {
  readonly code: 'not-run';
  readonly title: string;
  readonly reason: string | null;
  readonly hint: string | null;
}

export function notRunPattern({ pattern }: ResultRow): NotRun[] {
  if (pattern.state === 'run') return [];
  const { title, reason, cure } = pattern;
  return [{ code: 'not-run', title, reason, hint: cure }];
}
