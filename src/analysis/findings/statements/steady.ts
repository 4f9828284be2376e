import { peakPerS } from '../../../kernel/load-shape.ts';
import { quantileCell } from '../../../measure/figures/percentile.ts';
import type { Analysis } from '../../analysis.ts';
import {
  type SoonestCompletion,
  soonestCompletion,
  rankableRows,
} from '../../patterns/soonest-completion.ts';
import { type CaveatCount, caveatOf } from '../../patterns/caveat.ts';
import { type PatternResult, sameGuarantee } from '../../patterns/pattern-result.ts';
import type { OrderChange } from '../../patterns/order.ts';
import type { VariantOrder } from '../../patterns/variant-order.ts';

/** Statements on latencies without a fault. */
export type SteadyStatement =
  | SteadyMedians
  | { readonly code: 'order-changes'; readonly changes: readonly VariantChanges[]; readonly isShort: boolean }
  /** The order under the first and the last variant. */
  | { readonly code: 'order-ends'; readonly ends: readonly VariantOrder[] };

export interface SteadyMedians {
  readonly code: 'steady-medians';
  /** Maximum arrival rate. */
  readonly perS: number;
  readonly response: readonly MedianSeen[];
  readonly completion: readonly MedianSeen[];
  /** Null: no two patterns can be compared. */
  readonly order: (SoonestCompletion & { readonly of: number; readonly isUnequal: boolean }) | null;
}

/** Median of a pattern, with its sample coverage. */
export interface MedianSeen {
  readonly pattern: PatternResult;
  readonly us: number;
  readonly seen: number;
  readonly planned: number;
  readonly caveat: CaveatCount | null;
}

export interface VariantChanges {
  readonly title: string;
  readonly changes: readonly OrderChange[];
}

/** Each variant has its own statement: their latencies are never mixed. */
export function steadyStatements({ result, patterns, orders }: Analysis): SteadyStatement[] {
  if (orders.length === 0) return steadyMedians(patterns, peakPerS(result.scenario.load));
  if (patterns.length < 2 || orders.every(({ groups }) => groups.length === 0)) return [];
  const changed = orders.filter(({ changes }) => changes.length > 0);
  const changes = changed.map((order) => ({ title: order.variant.title, changes: order.changes }));
  return [
    { code: 'order-changes', changes, isShort: orders.some(({ isShort }) => isShort) },
    { code: 'order-ends', ends: [orders[0]!, orders.at(-1)!] },
  ];
}

function steadyMedians(patterns: readonly PatternResult[], perS: number): SteadyMedians[] {
  const response = patterns.flatMap((pattern) => medianSeen(pattern, 'response'));
  if (response.length === 0) return [];
  const completion = patterns.flatMap((pattern) => medianSeen(pattern, 'completion'));
  return [{ code: 'steady-medians', perS, response, completion, order: orderIn(patterns) }];
}

function medianSeen(pattern: PatternResult, kind: 'response' | 'completion'): MedianSeen[] {
  const { merged, planned } = pattern.series[kind];
  const cell = merged && quantileCell(merged, 0.5);
  if (!merged || cell?.state !== 'known') return [];
  return [
    { pattern, us: cell.valueUs, seen: merged.count, planned, caveat: caveatOf(pattern.trials.latency) },
  ];
}

function orderIn(patterns: readonly PatternResult[]): SteadyMedians['order'] {
  const fit = rankableRows(patterns);
  if (fit.length < 2) return null;
  const order = soonestCompletion(fit);
  return order.verdict === 'no-median' ? null : { ...order, of: fit.length, isUnequal: !sameGuarantee(fit) };
}
