/** Where a search for a crossover goes on: by halving on a logarithmic axis, the ends first. */
export interface Place {
  readonly at: number;
  /** `first`, `second` or `alike`; null: inconclusive, or not measured. */
  readonly side: string | null;
  readonly isUnmeasured: boolean;
}

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly within: number;
}

type Stretch = readonly [low: number, high: number];

const MOST_PLACES = 12;
const WIDE = 10;
const STEPS_DOWN = 8;

/** Undefined: the search is over. */
export function nextPlace(axis: Axis, places: readonly Place[]): number | undefined {
  if (places.length >= MOST_PLACES) return undefined;
  const top = topOf(axis, places);
  const ends = [axis.from, top];
  const open = ends.find((end) => places.every(({ at }) => at !== end));
  const isEndLost = (end: number) => places.some(({ at, isUnmeasured }) => at === end && isUnmeasured);
  if (open === top && isEndLost(axis.from)) return undefined;
  if (open !== undefined) return open;
  if (ends.some(isEndLost)) return undefined;
  const ats = places.map(({ at }) => at).toSorted((a, b) => a - b);
  const inside = crossings(places).flatMap((crossing) => {
    const between = ats.filter((at) => at > crossing[0] && at < crossing[1]);
    const stretches: Stretch[] =
      between.length === 0
        ? [crossing]
        : [
            [crossing[0], between[0]!],
            [between.at(-1)!, crossing[1]],
          ];
    return middleOf(widest(stretches), axis.within) ?? [];
  });
  const below = ats.filter((at) => at <= top);
  const all = below.slice(1).map((at, i): Stretch => [below[i]!, at]);
  return inside[0] ?? (all.length === 0 ? undefined : middleOf(widest(all), WIDE));
}

/** Lowered step by step while it cannot be measured. */
function topOf({ from, to }: Axis, places: readonly Place[]): number {
  let top = to;
  while (top > from && places.some(({ at, isUnmeasured }) => at === top && isUnmeasured))
    top = Math.max(from, threeDigits(top / (to / from) ** (1 / STEPS_DOWN)));
  return top;
}

/** Neighbours that are decided for different sides. */
function crossings(places: readonly Place[]): Stretch[] {
  const decided = places.filter(({ side }) => side !== null).toSorted((a, b) => a.at - b.at);
  return decided.slice(1).flatMap((place, i) => {
    const before = decided[i]!;
    return before.side === place.side ? [] : [[before.at, place.at] as const];
  });
}

function widest(stretches: readonly Stretch[]): Stretch {
  return stretches.reduce((best, one) => (one[1] / one[0] > best[1] / best[0] ? one : best));
}

function middleOf([low, high]: Stretch, wide: number): number | undefined {
  const middle = threeDigits(Math.sqrt(low * high));
  return high / low > wide * 1.001 && middle > low && middle < high ? middle : undefined;
}

function threeDigits(value: number): number {
  return Number(value.toPrecision(3));
}
