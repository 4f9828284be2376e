/** The value that half of the samples do not exceed; NaN of none. */
export function median(samples: readonly number[]): number {
  if (samples.length === 0) return NaN;
  return samples.toSorted((a, b) => a - b)[Math.ceil(samples.length / 2) - 1]!;
}

/** Halfway between the two in the middle of an even number: negating all samples negates it. NaN of none. */
export function evenMedian(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2;
}
