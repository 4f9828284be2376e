import type { StreamOrder, StreamStatement } from '../../analysis/findings/statements/streams.ts';
import { caveatText } from '../caveat.ts';
import { formatLimit, formatUs } from '../format.ts';
import { ORDER_TAKES, orderText } from '../order-text.ts';
import type { Templates } from '../template.ts';

/** Streams in words. */
export const STREAM_TEXTS: Templates<StreamStatement> = {
  'first-items': ({ figures, order }) => {
    const each = figures.map(({ title, us, caveat }) => `${formatUs(us)} (${title}${caveatText(caveat)})`);
    return `First item, at the median: ${each.join(', ')} after it was due${orderedText(order, 'soonest')}.`;
  },
  'gaps-off-plan': ({ quantile, figures, order }) => {
    const each = figures.map(({ title, us }) => `${formatUs(us)} (${title})`);
    return `${formatLimit(quantile)} of the gaps between items are at most ${each.join(', ')} off their plan${orderedText(order, 'evenest at the median')}.`;
  },
};

function orderedText(order: StreamOrder | null, how: string): string {
  if (!order) return '';
  const { groups, isShort, isUnequal } = order;
  if (isShort) return `; ${ORDER_TAKES} to say`;
  const condition = isUnequal ? ', under unequal guarantees' : '';
  return groups.length === 1
    ? `; no order beyond the spread of the rounds${condition}`
    : `; ${how} ${orderText(groups)}${condition}`;
}
