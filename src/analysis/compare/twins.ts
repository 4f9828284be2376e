import type { Comparison, NamedResult } from './comparison.ts';

/** Two results of one interleaved series: rounds with the same number are pairs. */
interface Twin {
  readonly baseline: NamedResult;
  readonly candidate: NamedResult;
}

export interface Interleaved {
  readonly how: Comparison['how'];
  /** Empty where the sides were not interleaved. */
  readonly twins: readonly Twin[];
}

/** Paired only if every result of either side has its twin on the other, all made in one mode. */
export function interleavedOf(
  baseline: readonly NamedResult[],
  candidate: readonly NamedResult[],
): Interleaved {
  const twins = baseline.flatMap((one): Twin[] => {
    const other = candidate.find(({ result }) => isTwin(one, result.interleave));
    return other ? [{ baseline: one, candidate: other }] : [];
  });
  const modes = new Set(twins.map((twin) => twin.baseline.result.interleave!.mode));
  // A copy of a result is no second series: its pairs would count twice.
  const isWhole =
    baseline.length === candidate.length &&
    twins.length === baseline.length &&
    new Set(twins.map((twin) => twin.candidate)).size === candidate.length;
  if (!isWhole || modes.size !== 1) return { how: 'unpaired', twins: [] };
  return { how: modes.has('switchback') ? 'switchback' : 'paired', twins };
}

function isTwin({ result }: NamedResult, other: NamedResult['result']['interleave']): boolean {
  const own = result.interleave;
  if (!own || !other) return false;
  return own.id === other.id && own.arm !== other.arm && own.mode === other.mode;
}
