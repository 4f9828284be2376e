import type { ResultRow } from '../patterns/row.ts';

/** Some callers wait for the answer, others only for the broker's confirm. */
export interface UnlikeWaits {
  readonly code: 'reply-path';
  readonly reply: readonly string[];
  readonly confirm: readonly string[];
  /** What may be compared between them in its place. */
  readonly comparable: 'first-item' | 'completion' | 'nothing';
}

export function unlikeWaits(rows: readonly ResultRow[]): UnlikeWaits[] {
  const measured = rows.filter((row) => row.latency.length > 0);
  const titles = (waitsFor: ResultRow['waitsFor']) =>
    measured.filter((row) => row.waitsFor === waitsFor).map((row) => row.pattern.title);
  const [reply, confirm] = [titles('reply'), titles('confirm')];
  if (reply.length === 0 || confirm.length === 0) return [];
  const comparable = measured.every((row) => row.firstItem.merged)
    ? 'first-item'
    : measured.every((row) => row.completion.merged)
      ? 'completion'
      : 'nothing';
  return [{ code: 'reply-path', reply, confirm, comparable }];
}
