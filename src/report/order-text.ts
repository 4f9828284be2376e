import { ORDER_ROUNDS, type OrderChange } from '../analysis/patterns/order.ts';
import type { PatternResult } from '../analysis/patterns/pattern-result.ts';
import { oneOf, plural } from './format.ts';

/** Shown if fewer rounds can be compared. */
export const ORDER_TAKES = `an order takes ${plural(ORDER_ROUNDS, 'valid round')}`;

/** `REST, then gRPC or GraphQL, then Kafka`. */
export function orderText(groups: readonly (readonly PatternResult[])[]): string {
  return groups.map((group) => oneOf(group.map((pattern) => pattern.record.title))).join(', then ');
}

/** `gRPC now before REST`. */
export function changeText({ first, second }: OrderChange): string {
  return `${first.record.title} now before ${second.record.title}`;
}
