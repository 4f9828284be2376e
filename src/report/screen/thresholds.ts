import type { Judged } from '../../analysis/thresholds/judge.ts';
import { foundText, noteText } from '../reasons/threshold-text.ts';

/** `Thresholds: 1 failed, 2 passed, 1 not evaluated.` */
export function thresholdSentence(judged: readonly Judged[]): string[] {
  if (judged.length === 0) return [];
  const count = (state: Judged['state']) => judged.filter((one) => one.state === state).length;
  const parts = [
    `${count('missed')} failed`,
    `${count('met')} passed`,
    ...(count('unknown') > 0 ? [`${count('unknown')} not evaluated`] : []),
  ];
  return [`Thresholds: ${parts.join(', ')}.`];
}

/** So many are shown, failed ones first. */
const MOST_SHOWN = 4;
const ORDER: readonly Judged['state'][] = ['missed', 'unknown', 'met'];
const MARKS = { missed: '✗', unknown: '?', met: '✓' } as const;

/** `✗ REST response p99 < 20ms: 31.2 ms`. */
export function thresholdNotes(judged: readonly Judged[]): string[] {
  const sorted = ORDER.flatMap((state) => judged.filter((one) => one.state === state));
  const rest = sorted.length - MOST_SHOWN;
  return [...sorted.slice(0, MOST_SHOWN).map(noteOf), ...(rest > 0 ? [`  and ${rest} more thresholds`] : [])];
}

function noteOf(judged: Judged): string {
  const { pattern, variant, case: of, threshold, state, found } = judged;
  const name = [pattern.title, variant, of].filter((part) => part !== null).join(', ');
  const note = noteText(judged);
  const figure = found === null ? 'no figure' : foundText(found);
  return `${MARKS[state]} ${name}: ${threshold.text}: ${figure}${note === null ? '' : ` (${note})`}`;
}
