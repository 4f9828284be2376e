import type {
  BrokerAway,
  ChoiceStatement,
  PatternCosts,
  GuidesScore,
  LoosePrice,
  LoosePattern,
  LoosePatterns,
  RankedRow,
  SoonestAnswer,
  WithoutAnswer,
} from '../../analysis/findings/statements/choice.ts';
import { foundTexts } from '../claims/word-text.ts';
import { caveatText } from '../caveat.ts';
import { downText } from '../down-text.ts';
import { formatCpuUs, formatRatio, formatShare, formatUs, oneOf, plural } from '../format.ts';
import { latenessText } from '../lateness-text.ts';
import { ORDER_TAKES } from '../order-text.ts';
import { couplingText, sharesText } from '../reasons/coupling-text.ts';
import { MEDIAN_TEXTS } from '../reasons/median-text.ts';
import { type Templates, worded } from '../template.ts';

/** Which pattern to take, in words. */
export const CHOICE_TEXTS: Templates<ChoiceStatement> = {
  'soonest-answer': answerText,
  'loose-rows': looseText,
  'loose-price': priceText,
  'guides-score': scoreText,
};

/** `If the caller needs a response: REST (0.80 ms at the median; gRPC 1.31×, GraphQL 1.52×).` */
function answerText({ first, later, isUnequal, isShort, inconclusive }: SoonestAnswer): string {
  const unknown = inconclusive.map((one) => withReason(one, whyText)).join(', ');
  if (first.length === 0) return `If the caller needs a response: inconclusive: ${unknown}.`;
  const medians = first.map((row) => `${timeText(row.medianUs)}${caveatText(row.caveat)}`).join(', ');
  const others = later.map(timesText).join(', ');
  const rest = later.length > 0 ? `; ${others}${isUnequal ? '; their guarantees differ' : ''}` : '';
  const unclear = isShort ? ORDER_TAKES : 'no order between them is shown';
  const names = oneOf(first.map(({ title }) => title));
  return `If the caller needs a response: ${names} (median response time ${medians}${first.length > 1 ? `, ${unclear}` : ''}${rest}).${inconclusive.length > 0 ? ` Inconclusive for ${unknown}.` : ''}`;
}

function timesText({ title, times }: RankedRow): string {
  return `${title} ${times === null ? '–' : formatRatio(times)}`;
}

const whyText = worded<SoonestAnswer['inconclusive'][number]['reason']>({
  ...MEDIAN_TEXTS,
  'pattern-not-run': () => 'it was not run',
  'no-trial': () => 'no trial of it was finished',
});

/** `gRPC (its measurement is disturbed)` */
function withReason<Reason>(
  { title, reason }: WithoutAnswer<Reason>,
  text: (reason: Reason) => string,
): string {
  return `${title} (${text(reason)})`;
}

function timeText(us: number | null): string {
  return us === null ? '–' : formatUs(us);
}

/** `Tolerates downtime of the service: Message queue (...).` */
function looseText({ loose, inconclusive }: LoosePatterns): string {
  const unknown = inconclusive.map((one) => withReason(one, couplingText)).join(', ');
  const rest = inconclusive.length > 0 ? ` Inconclusive for ${unknown}.` : '';
  if (loose.length === 0)
    return `Tolerates downtime of the service: none of the measured patterns is loosely coupled.${rest}`;
  return `Tolerates downtime of the service: ${oneOf(loose.map((row) => `${row.title} (${sustainedText(row)})`))}.${rest}`;
}

/** `all accepted and done, 95 % within 4.33 s` */
function sustainedText({
  counts: { intended, served, finallyDone },
  served: word,
  seen,
}: LoosePattern): string {
  const outcome =
    served === intended && finallyDone === intended
      ? `all ${word} and done`
      : `${formatShare(served / intended)} ${word}, ${formatShare(finallyDone / intended)} done`;
  return outcome + latenessText(seen);
}

function priceText({ best, loose }: LoosePrice): string {
  const against = best ? ` against ${best.title} (${costTexts(best).join(', ')})` : '';
  const prices = loose.map((cost) => `${cost.title} ${costTexts(cost).join(', ')}`);
  return `The price${against}: ${prices.join('; ')}.`;
}

/** `completion p50 0.68 ms`, `279 µs of CPU`, `a broker to run (while that was killed: 0.0 % accepted)` */
function costTexts({ times, completionUs, caveat, cpuUs, broker }: PatternCosts): string[] {
  const done =
    times === null
      ? `completion p50 ${timeText(completionUs)}${caveatText(caveat)}`
      : `${formatRatio(times)} as long`;
  return [
    done,
    ...(cpuUs === null ? [] : [`${formatCpuUs(cpuUs)} of CPU`]),
    ...(broker === null ? [] : [brokerText(broker)]),
  ];
}

function brokerText({ away }: BrokerAway): string {
  return away
    ? `a broker to run (while that was ${downText(away.how)}: ${sharesText(away.shares)})`
    : 'a broker to run';
}

/** `The guides: 9 of 14 words hold. Not so: gRPC latency low → medium; ... Inconclusive: ...` */
function scoreText({ words }: GuidesScore): string {
  const held = words.filter(({ rating }) => rating.verdict === 'supported').length;
  const not = words
    .filter(({ rating }) => rating.verdict === 'contradicted')
    .map(
      ({ title, aspect, rating }) =>
        `${title} ${aspect} ${rating.claimed} → ${foundTexts(rating).join(', ')}`,
    );
  const unsettled = words
    .filter(({ rating }) => rating.verdict === 'inconclusive')
    .map(({ title, aspect }) => `${title} ${aspect}`);
  return [
    `The guides: ${held} of ${plural(words.length, 'rating')} are supported by the measurements.`,
    ...(not.length > 0 ? [`Contradicted: ${not.join('; ')}.`] : []),
    ...(unsettled.length > 0 ? [`Inconclusive: ${unsettled.join(', ')}.`] : []),
  ].join(' ');
}
