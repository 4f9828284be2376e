/** The value that half of the samples do not exceed; NaN of none. */
export function median(samples: readonly number[]): number {
  if (samples.length === 0) return NaN;
  return samples.toSorted((a, b) => a - b)[Math.ceil(samples.length / 2) - 1]!;
}
