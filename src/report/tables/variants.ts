import type { Footnotes } from '../footnotes.ts';
import {
  changesOf,
  comparableRounds,
  ORDER_ROUNDS,
  ORDER_TAKES,
  orderConfidence,
  orderOf,
  orderText,
} from '../../analysis/patterns/order.ts';
import { formatLimit } from '../format.ts';
import type { Result } from '../../record/record.ts';
import { type PatternResult, variantsOf } from '../../analysis/patterns/pattern-result.ts';
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
  const patterns = [...new Set(lines.map((line) => line.record))];
  return {
    id: 'variants',
    title: 'Completion p50, by variant',
    columns: variants.map(({ id, title }) => ({ id, title, align: 'right' })),
    rows: patterns.map((pattern) => ({
      pattern: pattern.id,
      title: pattern.title,
      part: null,
      cells: lines.filter((line) => line.record === pattern).map((line) => doneCell(line, 0.5, notes)),
    })),
  };
}

/** Per variant the patterns in their order, as far as it can be told; undefined where there is nothing to order. */
export function orderSection(result: Result, lines: readonly PatternResult[]): Section | undefined {
  const variants = variantsOf(result);
  if (variants.length === 0 || new Set(lines.map((line) => line.record)).size < 2) return undefined;
  const byVariant = variants.map(({ title }) => lines.filter((line) => line.variant === title));
  const confidence = formatLimit(orderConfidence(Math.max(...byVariant.map((here) => here.length))));
  return {
    id: 'order',
    title: `Order of the patterns by variant, the soonest first: completion p50, claimed where the ${confidence} interval of each pair carries it`,
    head: 'Variant',
    columns: [
      { id: 'order', title: 'Order', align: 'left' },
      { id: 'changes', title: 'Changes', align: 'left' },
    ],
    rows: byVariant.map((here, i) => ({
      pattern: null,
      title: variants[i]!.title,
      part: null,
      cells: [orderCell(here), i === 0 ? EMPTY_CELL : changesCell(byVariant.slice(0, i), here)],
    })),
  };
}

function orderCell(lines: readonly PatternResult[]): Cell {
  const groups = orderOf(lines, 'completion');
  if (groups.length === 0) return textCell('inconclusive', { tone: 'weak', below: 'no median that counts' });
  const isShort = comparableRounds(lines, 'completion') < ORDER_ROUNDS;
  return textCell(orderText(groups), {
    below: isShort ? ORDER_TAKES : null,
  });
}

function changesCell(earlier: readonly (readonly PatternResult[])[], here: readonly PatternResult[]): Cell {
  const changes = changesOf(earlier, here, 'completion');
  return changes.length === 0 ? textCell('none shown', { tone: 'weak' }) : textCell(changes.join('; '));
}
