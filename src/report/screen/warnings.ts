import type { Warning } from '../view.ts';

/** A screen shows them elsewhere: in the line on validity, or below a figure. */
const SHOWN_ELSEWHERE = new Set(['disturbed', 'generator-bound', 'incomplete', 'reply-path', 'not-valid']);

/** Figures that are wrong come before figures that are vague. */
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
  'drifting',
];
const LAST = 'spread-unknown';

interface ScreenWarning {
  readonly text: string;
  readonly hint: string;
}

/** One line for each kind of warning, the most important first. */
export function screenWarnings(warnings: readonly Warning[]): ScreenWarning[] {
  const byCode = Map.groupBy(
    warnings.filter(({ code }) => !SHOWN_ELSEWHERE.has(code)),
    ({ code }) => code,
  );
  return [...byCode]
    .toSorted(([a], [b]) => placeOf(a) - placeOf(b))
    .map(([, all]) => ({
      text: firstSentences(all),
      hint: all[0]!.hint,
    }));
}

function placeOf(code: string): number {
  if (code === LAST) return FIRST.length + 1;
  return FIRST.includes(code) ? FIRST.indexOf(code) : FIRST.length;
}

/** One for all that state the same of different subjects; else the first, and how many more there are. */
function firstSentences(all: readonly Warning[]): string {
  const texts = all.map(({ text }) => firstSentence(text));
  const [first, ...more] = texts.map((text) => text.split(': '));
  const stated = first!.slice(1).join(': ');
  if (more.length > 0 && more.every(([, ...own]) => own.join(': ') === stated)) {
    const subjects = [first!, ...more].map(([subject]) => subject);
    return [[...new Set(subjects)].join('; '), stated].filter((part) => part !== '').join(': ');
  }
  return texts[0]! + (more.length > 0 ? ` (and ${more.length} more like it)` : '');
}

function firstSentence(text: string): string {
  return text.split(/(?<=[^\d])\. /u)[0]!.replace(/\.$/, '');
}
