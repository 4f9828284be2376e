import type { FailureStatus } from '../../kernel/contract.ts';

/** Trailing metadata of our service's failures, what it promises: `none` or `unknown`. */
export const EFFECT_KEY = 'x-commbench-effect';

/** The service's failures by the numbers that a library has for them. */
export function failuresByCode(
  codes: Readonly<Record<FailureStatus, number>>,
): ReadonlyMap<number, FailureStatus> {
  return new Map(Object.entries(codes).map(([kind, code]) => [code, kind as FailureStatus]));
}
