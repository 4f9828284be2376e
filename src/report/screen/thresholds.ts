import type { ThresholdResult } from '../../analysis/thresholds/evaluate.ts';
import { foundText, thresholdNoteText } from '../reasons/threshold-text.ts';

/** `Thresholds: 1 failed, 2 passed, 1 not evaluated.` */
export function thresholdSentence(rating: readonly ThresholdResult[]): string[] {
  if (rating.length === 0) return [];
  const count = (state: ThresholdResult['state']) => rating.filter((one) => one.state === state).length;
  const parts = [
    `${count('missed')} failed`,
    `${count('met')} passed`,
    ...(count('unknown') > 0 ? [`${count('unknown')} not evaluated`] : []),
  ];
  return [`Thresholds: ${parts.join(', ')}.`];
}

/** So many are shown, failed ones first. */
const MOST_SHOWN = 4;
const ORDER: readonly ThresholdResult['state'][] = ['missed', 'unknown', 'met'];
const MARKS = { missed: '✗', unknown: '?', met: '✓' } as const;

/** `✗ REST response p99 < 20ms: 31.2 ms`. */
export function thresholdNotes(rating: readonly ThresholdResult[]): string[] {
  const sorted = ORDER.flatMap((state) => rating.filter((one) => one.state === state));
  const rest = sorted.length - MOST_SHOWN;
  return [...sorted.slice(0, MOST_SHOWN).map(noteOf), ...(rest > 0 ? [`  and ${rest} more thresholds`] : [])];
}

function noteOf(rating: ThresholdResult): string {
  const { pattern, variant, case: of, threshold, state, found } = rating;
  const name = [pattern.title, variant, of].filter((part) => part !== null).join(', ');
  const note = thresholdNoteText(rating);
  const figure = found === null ? 'no figure' : foundText(found);
  return `${MARKS[state]} ${name}: ${threshold.text}: ${figure}${note === null ? '' : ` (${note})`}`;
}
