import { COMPLEXITY_LOW_TO, COMPLEXITY_MEDIUM_TO, COMPLEXITY_POINTS } from '../../kernel/complexity.ts';
import { LOOSE_FROM, TIGHT_BELOW } from '../../measure/figures/coupling.ts';
import { HIGH_ABOVE, LEAST_ROUNDS, LOW_BELOW } from '../../analysis/claims/words/latency.ts';
import type { Aspect, WordRating } from '../../analysis/claims/words/word.ts';
import { ASPECTS, type RatedPattern } from '../../analysis/claims/words/words.ts';
import { LATE_SHARE } from '../../analysis/patterns/countable.ts';
import { VARIABLE_ABOVE, VARIABLE_NEAR_END } from '../../analysis/patterns/variability.ts';
import { formatLimit } from '../format.ts';
import type { Explanation } from '../view.ts';
import { RATIO_SCATTER } from '../../analysis/claims/words/ratio-scatter.ts';
import { wordEvidenceText } from './word-evidence.ts';
import { reasonText, wordText } from './word-text.ts';

export const WORD_RULES: Readonly<Record<Aspect, string>> = {
  latency:
    `completion p50 as a ratio to the reference's in the same round, with a 95 % interval of its logarithm that holds the scatter of the rounds and that between whole runs ` +
    `(${formatLimit(RATIO_SCATTER.deviation)}; Student's t): low when all of it lies below ${LOW_BELOW}, medium from ${LOW_BELOW} to ${HIGH_ABOVE}, high above; across a ` +
    `boundary: inconclusive, unless the claimed level lies wholly outside. Variable: p50 when busy and when idle differ more than ${VARIABLE_ABOVE}×, the near end of the interval ` +
    `beyond ${VARIABLE_NEAR_END}×; it is shown beside the level, and a claim is supported by either. ` +
    `Only complete trials with an unmarked median that kept up with their load count, at least ${LEAST_ROUNDS} rounds; other programs ` +
    `are met by both sides of a ratio, and widen the interval`,
  complexity:
    `points of a list fixed before the first result (docs/complexity.md): ${COMPLEXITY_POINTS.process} for a process to operate, ` +
    `1 for a state, for a setting that may lose data, for an artefact of the contract. Low to ${COMPLEXITY_LOW_TO}, medium to ` +
    `${COMPLEXITY_MEDIUM_TO}, high above. Lines of our own adapter are shown, not counted`,
  coupling:
    `the service is killed; of the calls due meanwhile, those correct within their deadline were served. Tight below ` +
    `${formatLimit(TIGHT_BELOW)} served; loose from ${formatLimit(LOOSE_FROM)} served and ${formatLimit(LOOSE_FROM)} finally done; else partial. Broker killed is the same, with the broker in place of the service. For a pattern without replies, served means accepted by the broker. ` +
    `Where it is as claimed, the pattern's build makes it so (no replica, retry or fallback; a broker that stays up): it is given as built, and counts in no score. ` +
    `Only trials count in which the fault was observed and that are valid, or late at worst: every call of the outage sent, ` +
    `none later than ${formatLimit(LATE_SHARE)} of the deadline, for what is counted are calls, not their times`,
};

/** How each verdict was reached: the rule once, then each pattern's figures and what follows. */
export function wordExplanations(all: readonly RatedPattern[]): Explanation[] {
  if (all.length === 0) return [];
  return ASPECTS.map((aspect) => ({
    title: aspect.charAt(0).toUpperCase() + aspect.slice(1),
    rule: `${WORD_RULES[aspect]}.`,
    rows: all.map(({ pattern, words }) => ({
      title: pattern.record.title,
      figures: words[aspect].evidence.map(wordEvidenceText),
      verdict: verdictText(words[aspect]),
    })),
  }));
}

function verdictText(rating: WordRating): string {
  const isConclusive = rating.verdict === 'inconclusive' && rating.reason !== null;
  return `claimed ${wordText(rating)}${isConclusive ? ` (${reasonText(rating.reason)})` : ''}`;
}
