/** A change of level in a series, by ranks. */
export interface ChangePoint {
  /** The first value after the change. */
  readonly at: number;
  /** Probability of a split at least as sharp, where nothing changed. */
  readonly chance: number;
}

/**
 * The sharpest change of level in a series: A. N. Pettitt, "A non-parametric approach to the change-point problem",
 * Applied Statistics 28(2), 1979 (https://doi.org/10.2307/2346729). U(t) counts, over all pairs of a value up to t and
 * one after it, which of both is greater; K = max |U(t)|, and chance = 2 exp(-6 K² / (n³ + n²)), his approximation, good
 * below 0.5. Nothing is assumed of the values but their order.
 * @returns undefined where chance alone would show one so sharp in more than `error` of all series
 */
export function changePointOf(values: readonly number[], error: number): ChangePoint | undefined {
  const sums = values.slice(1).map((_, t) => splitScore(values, t + 1));
  const most = Math.max(0, ...sums.map(Math.abs));
  const chance = chanceOf(most, values.length);
  return most === 0 || chance > error
    ? undefined
    : { at: sums.findIndex((sum) => Math.abs(sum) === most) + 1, chance };
}

/**
 * Every change of level: the sharpest one, then those in the parts before and after it. The errors of the parts add up
 * to no more than `error`, as each half has half of it.
 */
export function changePointsOf(values: readonly number[], error: number): ChangePoint[] {
  const found = changePointOf(values, error / 2);
  if (!found) return [];
  const after = changePointsOf(values.slice(found.at), error / 4);
  return [
    ...changePointsOf(values.slice(0, found.at), error / 4),
    found,
    ...after.map((one) => ({ ...one, at: one.at + found.at })),
  ];
}

/** Fewest values in which a change can be seen at this error: half of them on either side, all of them apart. */
export function fewestForChange(error: number): number {
  let count = 2;
  while (chanceOf(Math.floor(count ** 2 / 4), count) > error / 2) count++;
  return count;
}

function splitScore(values: readonly number[], at: number): number {
  const after = values.slice(at);
  return values
    .slice(0, at)
    .reduce((sum, early) => sum + after.reduce((n, late) => n + Math.sign(late - early), 0), 0);
}

function chanceOf(most: number, count: number): number {
  return Math.min(1, 2 * Math.exp((-6 * most ** 2) / (count ** 3 + count ** 2)));
}
