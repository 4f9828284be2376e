import type { PatternResult } from '../patterns/pattern-result.ts';

/** Some callers wait for the reply, others only for the broker's confirm. */
export interface UnlikeWaits {
  readonly code: 'reply-path';
  readonly reply: readonly string[];
  readonly confirm: readonly string[];
  /** Figure that may be compared between them instead. */
  readonly comparable: 'first-item' | 'completion' | 'nothing';
}

export function unlikeWaits(patterns: readonly PatternResult[]): UnlikeWaits[] {
  const measured = patterns.filter((pattern) => pattern.trials.latency.length > 0);
  const titles = (waitsFor: PatternResult['waitsFor']) =>
    measured.filter((pattern) => pattern.waitsFor === waitsFor).map((pattern) => pattern.record.title);
  const [reply, confirm] = [titles('reply'), titles('confirm')];
  if (reply.length === 0 || confirm.length === 0) return [];
  const comparable = measured.every((pattern) => pattern.series.firstItem.merged)
    ? 'first-item'
    : measured.every((pattern) => pattern.series.completion.merged)
      ? 'completion'
      : 'nothing';
  return [{ code: 'reply-path', reply, confirm, comparable }];
}
