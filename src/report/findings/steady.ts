import type {
  MedianSeen,
  SteadyMedians,
  SteadyStatement,
} from '../../analysis/findings/statements/steady.ts';
import { ROUNDS_TO_CLAIM } from '../../analysis/patterns/soonest-completion.ts';
import { caveatText } from '../caveat.ts';
import { formatRate, formatUs } from '../format.ts';
import { changeText, ORDER_TAKES, orderText } from '../order-text.ts';
import { sampleCoverageText } from '../sample-coverage.ts';
import type { Templates } from '../template.ts';

/** Latencies without a fault, in words. */
export const STEADY_TEXTS: Templates<SteadyStatement> = {
  'steady-medians': mediansText,
  'order-changes': ({ changes, isShort }) => {
    const each = changes.map(({ title, changes: own }) => `at ${title} ${own.map(changeText).join(', ')}`);
    return each.length > 0
      ? `The order of the patterns changes: ${each.join('; ')}.`
      : `No change of the order of the patterns is shown${isShort ? `: ${ORDER_TAKES}` : ''}.`;
  },
  'order-ends': ({ ends }) => {
    const each = ends.map(
      ({ variant, groups }) =>
        `at ${variant.title} ${groups.length === 0 ? 'inconclusive' : orderText(groups)}`,
    );
    return `The work is done soonest ${each.join('; ')} ("or": no order between them is shown).`;
  },
};

/** `Without a fault, at 200/s: the caller waits 0.85 ms (REST) and 1.20 ms (...) at the median; ...` */
function mediansText({ perS, response, completion, order }: SteadyMedians): string {
  const parts = [
    `median response time ${response.map(responseText).join(', ')}`,
    ...(completion.length > 0 ? [`the work is done after ${completion.map(completionText).join(', ')}`] : []),
    ...(order ? [orderPart(order)] : []),
  ];
  return `Without a fault, at ${formatRate(perS)}: ${parts.join('; ')}.`;
}

function responseText({ pattern, us, seen, planned, caveat }: MedianSeen): string {
  const until = pattern.waitsFor === 'confirm' ? ", until the broker's confirm" : '';
  const coverageNotes = sampleCoverageText(seen, planned, pattern.waitsFor);
  return `${formatUs(us)} (${pattern.record.title}${until}${ofText(coverageNotes)}${caveatText(caveat)})`;
}

function completionText({ pattern, us, seen, planned }: MedianSeen): string {
  return `${formatUs(us)} (${pattern.record.title}${ofText(sampleCoverageText(seen, planned, 'done'))})`;
}

function ofText(coverageNotes: string | undefined): string {
  return coverageNotes === undefined ? '' : `, ${coverageNotes}`;
}

function orderPart({ groups, verdict, of, isUnequal }: NonNullable<SteadyMedians['order']>): string {
  const condition = isUnequal ? ', under unequal guarantees' : '';
  const isTwo = of === 2;
  if (verdict === 'too-few-rounds')
    return isTwo ? `which is sooner takes ${ROUNDS_TO_CLAIM} rounds to say` : `${ORDER_TAKES} to say`;
  if (verdict !== 'ordered')
    return `no ${isTwo ? 'difference' : 'order'} beyond the spread of the rounds${condition}`;
  return isTwo
    ? `sooner with ${groups[0]![0]!.record.title} in every round${condition}`
    : `soonest ${orderText(groups)}${condition}`;
}
