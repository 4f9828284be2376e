import type { Comparison, ComparedSide, UnmeasuredPattern } from './comparison.ts';
import { comparedTrials, type MatchedPattern, type PatternSide } from './matched-patterns.ts';

/** What keeps a pattern from being compared, on each side. A gate that passed in its place would pass a dead service. */
export function unmeasuredIn({ baseline, candidate }: MatchedPattern): UnmeasuredPattern[] {
  if (baseline.length === 0) return [{ code: 'only-in', side: 'candidate' }];
  if (candidate.length === 0) return [{ code: 'only-in', side: 'baseline' }];
  return [...unmeasuredOn('baseline', baseline), ...unmeasuredOn('candidate', candidate)];
}

function unmeasuredOn(side: ComparedSide, lines: readonly PatternSide[]): UnmeasuredPattern[] {
  const notRun = lines.find(({ pattern }) => pattern.record.state === 'not-run')?.pattern.record;
  if (notRun) return [{ code: 'pattern-not-run', side, reason: notRun.reason }];
  const trials = lines.flatMap(comparedTrials);
  if (trials.length === 0) return [{ code: 'no-trial', side }];
  const failed = trials.filter(({ state }) => state === 'failed');
  if (failed.length === 0) return [];
  return [
    { code: 'trials-failed', side, failed: failed.length, of: trials.length, reason: failed[0]!.failure },
  ];
}

/** Names of the patterns that failed, were not run or are missing on a side, where nobody declared that. */
export function unmeasuredNames({ notes }: Pick<Comparison, 'notes'>): string[] {
  const names = notes.flatMap((note) => ('isDeclared' in note && !note.isDeclared ? note.name : []));
  return [...new Set(names)];
}
