import type { Result } from '../../record/record.ts';
import { changesOf, comparableRounds, ORDER_ROUNDS, type OrderChange, orderOf } from './order.ts';
import { type PatternResult, variantsOf } from './pattern-result.ts';

type Variant = Result['scenario']['variants'][number];

/** The patterns under one variant, in the order of their completion times. */
export interface VariantOrder {
  readonly variant: Variant;
  readonly lines: readonly PatternResult[];
  /** Empty: no median may be compared. */
  readonly groups: readonly (readonly PatternResult[])[];
  /** Changes against the variants before it. */
  readonly changes: readonly OrderChange[];
  /** Fewer comparable rounds than an order needs. */
  readonly isShort: boolean;
}

/** One per variant; empty where the scenario has none. */
export function variantOrdersOf(result: Result, lines: readonly PatternResult[]): VariantOrder[] {
  const variants = variantsOf(result);
  const byVariant = variants.map(({ title }) => lines.filter((line) => line.variant === title));
  return variants.map((variant, i) => {
    const here = byVariant[i]!;
    return {
      variant,
      lines: here,
      groups: orderOf(here, 'completion'),
      changes: changesOf(byVariant.slice(0, i), here, 'completion'),
      isShort: comparableRounds(here, 'completion') < ORDER_ROUNDS,
    };
  });
}
