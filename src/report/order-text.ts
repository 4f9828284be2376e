import { ORDER_ROUNDS, type OrderChange } from '../analysis/patterns/order.ts';
import type { ResultRow } from '../analysis/patterns/row.ts';
import { oneOf, plural } from './format.ts';

/** Where fewer rounds can be compared. */
export const ORDER_TAKES = `an order takes ${plural(ORDER_ROUNDS, 'valid round')}`;

/** `REST, then gRPC or GraphQL, then Kafka`. */
export function orderText(groups: readonly (readonly ResultRow[])[]): string {
  return groups.map((group) => oneOf(group.map((row) => row.pattern.title))).join(', then ');
}

/** `gRPC now before REST`. */
export function changeText({ first, second }: OrderChange): string {
  return `${first.pattern.title} now before ${second.pattern.title}`;
}
