/** One point of latency against load. */
export interface LoadPoint {
  readonly ratePerS: number;
  /** Correct work per second of intended time: less than the rate under overload. */
  readonly throughputPerS: number;
  readonly delayUs: number;
}

export type Knee =
  /** The true knee lies between the neighbours of the best point: `low` to `high`. */
  | { readonly state: 'known'; readonly atPerS: number; readonly lowPerS: number; readonly highPerS: number }
  /** The last point is the best: the knee lies there or above. */
  | { readonly state: 'above'; readonly perS: number }
  /** The first point is the best: the knee lies there or below. */
  | { readonly state: 'below'; readonly perS: number }
  | { readonly state: 'unknown' };

/** Fewer points show no trend. */
const FEWEST = 3;

/**
 * The knee: the load of the greatest *power*, throughput / delay (L. Kleinrock, "Power and deterministic rules of
 * thumb for probabilistic problems in computer communications", ICC 1979), beyond which latency grows faster than
 * load. There a line from the origin touches the curve of delay against load. For M/M/1 it is half the capacity; for a
 * delay that is constant up to the capacity, it is the capacity. It depends on no scale and not on the range measured
 * past the knee, unlike rules that first stretch the curve to a unit square (Kneedle, Satopää et al. 2011). Of two
 * neighbouring load steps the higher one is better as long as delay grows by a smaller factor than load. Noise below
 * the factor between steps moves the knee no further than to a neighbour.
 * @param points in any order; only valid ones
 */
export function kneeOf(points: readonly LoadPoint[]): Knee {
  const ordered = points.toSorted((a, b) => a.ratePerS - b.ratePerS);
  if (ordered.length < FEWEST) return { state: 'unknown' };
  const power = ordered.map(({ throughputPerS, delayUs }) => throughputPerS / Math.max(1, delayUs));
  const best = power.indexOf(Math.max(...power));
  const atPerS = ordered[best]!.ratePerS;
  if (best === ordered.length - 1) return { state: 'above', perS: atPerS };
  if (best === 0) return { state: 'below', perS: atPerS };
  const [before, after] = [ordered[best - 1]!, ordered[best + 1]!];
  return { state: 'known', atPerS, lowPerS: before.ratePerS, highPerS: after.ratePerS };
}
