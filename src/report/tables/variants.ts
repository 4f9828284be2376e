import type { Footnotes } from '../footnotes.ts';
import { ORDER_ROUNDS, type OrderChange, orderConfidence } from '../../analysis/patterns/order.ts';
import type { VariantOrder } from '../../analysis/patterns/variant-order.ts';
import { formatLimit, oneOf, plural } from '../format.ts';
import type { PatternRecord, Result } from '../../record/record.ts';
import { type PatternResult, variantsOf } from '../../analysis/patterns/pattern-result.ts';
import { figureColumn, tableOf, textColumn } from '../table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { doneCell } from './latency.ts';

/** One figure of each pattern under each variant, to be read along a row. */
export function variantsSection(
  result: Result,
  lines: readonly PatternResult[],
  notes: Footnotes,
): Section | undefined {
  const variants = variantsOf(result);
  if (variants.length === 0) return undefined;
  const patterns = [...new Set(lines.map(({ record }) => record))];
  const resultOf = (record: PatternRecord, variant: string) =>
    lines.find((line) => line.record === record && line.variant === variant);
  return tableOf<PatternRecord>(
    {
      id: 'variants',
      title: 'Completion p50, by variant',
      nameOf: ({ id, title }) => ({ pattern: id, title }),
      columns: variants.map(({ id, title }) =>
        figureColumn(id, title, (record) => {
          const line = resultOf(record, title);
          return line ? doneCell(line, 0.5, notes) : EMPTY_CELL;
        }),
      ),
    },
    patterns,
  );
}

/** Order of the patterns under each variant, as far as it is known; undefined without two patterns. */
export function orderSection(orders: readonly VariantOrder[]): Section | undefined {
  const most = Math.max(0, ...orders.map(({ lines }) => lines.length));
  if (most < 2) return undefined;
  const confidence = formatLimit(orderConfidence(most));
  return tableOf<VariantOrder>(
    {
      id: 'order',
      title: `Order of the patterns by variant, fastest first: completion p50, stated where the ${confidence} interval of each pair carries it`,
      head: 'Variant',
      nameOf: ({ variant: { title } }) => ({ pattern: null, title }),
      columns: [
        textColumn('order', 'Order', orderCell),
        textColumn('changes', 'Changes', (order) => (order === orders[0] ? EMPTY_CELL : changesCell(order))),
      ],
    },
    orders,
  );
}

function orderCell({ groups, isShort }: VariantOrder): Cell {
  if (groups.length === 0) return textCell('inconclusive', { tone: 'weak', below: 'no valid median' });
  return textCell(orderText(groups), {
    below: isShort ? ORDER_TAKES : null,
  });
}

function changesCell({ changes }: VariantOrder): Cell {
  return changes.length === 0
    ? textCell('none shown', { tone: 'weak' })
    : textCell(changes.map(changeText).join('; '));
}

/** Shown if fewer rounds can be compared. */
const ORDER_TAKES = `an order takes ${plural(ORDER_ROUNDS, 'comparable round')}`;

/** `REST, then gRPC or GraphQL, then Kafka`. */
export function orderText(groups: readonly (readonly PatternResult[])[]): string {
  return groups.map((group) => oneOf(group.map((pattern) => pattern.record.title))).join(', then ');
}

/** `gRPC now before REST`. */
function changeText({ first, second }: OrderChange): string {
  return `${first.record.title} now before ${second.record.title}`;
}
