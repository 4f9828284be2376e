import type { WordCaveat, WordFigure, WordRating, WordReason } from '../../analysis/claims/words/word.ts';
import { formatInterval, plural } from '../format.ts';
import { COUPLING_TEXTS, sharesText } from '../reasons/coupling-text.ts';
import { excludedText } from '../reasons/median-text.ts';
import { VARIABILITY_TEXTS } from '../reasons/variability-text.ts';
import { worded } from '../template.ts';

/** `medium → low: contradicted`, `low: supported`: an arrow only where claimed and measured differ. */
export function wordText(rating: WordRating): string {
  return `${claimedText(rating)}: ${basisText(rating)}`;
}

function basisText({ basis, verdict }: WordRating): string {
  if (basis === 'construction') return 'as built';
  return basis === 'hand-count' ? 'our count' : (verdict ?? 'reference');
}

export function claimedText(rating: WordRating): string {
  const found = foundTexts(rating);
  const isSame = found.every((word) => word === rating.claimed);
  return isSame ? rating.claimed : `${rating.claimed} → ${found.join(', ')}`;
}

/** `medium or high`, `variable`. */
function foundTexts({ measured }: WordRating): string[] {
  return measured.map((alternatives) => alternatives.join(' or '));
}

export const figureText = worded<WordFigure>({
  ratio: ({ interval }) => formatInterval(interval),
  points: ({ points }) => plural(points, 'point'),
  shares: ({ shares }) => sharesText(shares),
});

export const reasonText = worded<WordReason>({
  ...VARIABILITY_TEXTS,
  ...COUPLING_TEXTS,
  'no-reference': () => 'the reference pattern is missing',
  'too-few-rounds': ({ atLeast, rounds, excluded }) =>
    `needs at least ${atLeast} comparable rounds, has ${rounds}${excluded ? ` (${excludedText(excluded)})` : ''}`,
  'across-levels': ({ interval, boundaries }) =>
    `the interval ${formatInterval(interval)} reaches across ${boundaries.map((boundary) => `${boundary}×`).join(' and ')}`,
  'not-counted': () => 'it was not counted then',
  'target-not-counted': () => 'a target of your own is not known',
});

export const wordCaveatText = worded<WordCaveat>({
  'accepted-is-served': () =>
    'Accepted by the broker, which counts as served: while the service is down the work is not done.',
  'other-reply-path': ({ reference, referenceWaitsFor }) =>
    referenceWaitsFor === 'reply'
      ? `Completion times are compared: ${reference} has a reply path, this pattern has none.`
      : `Completion times are compared: this pattern has a reply path, ${reference} has none.`,
});
