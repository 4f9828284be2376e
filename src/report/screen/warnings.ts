import type { Warning } from '../view.ts';
import type { ScreenWarning } from './screen.ts';

/** What a screen tells elsewhere: in the line on validity, or below a figure. */
const SHOWN_ELSEWHERE = new Set(['disturbed', 'generator-bound', 'incomplete', 'reply-path', 'not-valid']);

/** What makes figures wrong comes before what makes them vague. */
const FIRST = [
  'interrupted',
  'not-run',
  'trial-failed',
  'trial-skipped',
  'not-ours',
  'fault-missed',
  'no-control',
  'control-unhealthy',
  'lost',
  'dead-letters',
  'duplicates',
  'calls-failed',
  'saturated',
];
const LAST = 'spread-unknown';

interface Short {
  /** Of all warnings of the code; absent: the first one's first sentence. */
  readonly text?: (all: readonly Warning[]) => string;
  readonly hint?: string;
}

/** Said shorter, or otherwise, than in the whole report. */
const SHORT: Readonly<Record<string, Short>> = {
  'calls-failed': { hint: 'Look into the failed calls: percentiles are of the others only.' },
  duplicates: { hint: 'Make handlers idempotent (an idempotency key).' },
  'control-unhealthy': {
    text: (all) => `${subjectsOf(all)}: the control was not healthy either`,
    hint: 'Use a quieter machine or less load (--rate).',
  },
  'fault-missed': { hint: 'Run again with a longer fault or more load.' },
  'objective-rough': {
    text: () => 'No objectiveMs set, and too few calls for a baseline p99',
    hint: 'Set one: --set objectiveMs=...',
  },
  'recovery-unseen': {
    text: (all) => `${subjectsOf(all)}: not watched long enough to see a recovery`,
    hint: 'Run longer (--set durationMs=...), or with more load.',
  },
  'spread-unknown': { text: () => 'One round: spread unknown', hint: 'Run with --rounds 5.' },
};

/** One line for each kind of warning, the most important first. */
export function screenWarnings(warnings: readonly Warning[]): ScreenWarning[] {
  const byCode = Map.groupBy(
    warnings.filter(({ code }) => !SHOWN_ELSEWHERE.has(code)),
    ({ code }) => code,
  );
  return [...byCode]
    .toSorted(([a], [b]) => placeOf(a) - placeOf(b))
    .map(([code, all]) => ({
      text: SHORT[code]?.text?.(all) ?? firstOf(all),
      hint: SHORT[code]?.hint ?? all[0]!.hint,
    }));
}

function placeOf(code: string): number {
  if (code === LAST) return FIRST.length + 1;
  return FIRST.includes(code) ? FIRST.indexOf(code) : FIRST.length;
}

function firstOf([first, ...more]: readonly Warning[]): string {
  const others = more.length > 0 ? ` (and ${more.length} more like it)` : '';
  return firstSentence(first!.text) + others;
}

function firstSentence(text: string): string {
  return text.split(/(?<=[^\d])\. /u)[0]!.replace(/\.$/, '');
}

/** What stands before the colon of each. */
function subjectsOf(all: readonly Warning[]): string {
  return [...new Set(all.map(({ text }) => text.split(': ')[0]!))].join('; ');
}
