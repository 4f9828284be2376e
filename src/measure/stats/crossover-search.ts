import { MOST_POINTS, type ComparisonSide, type PointVerdict } from './crossover-point.ts';

/** An axis, and the required precision of the crossover point. */
export interface SearchRange {
  readonly from: number;
  readonly to: number;
  /** The crossover point's interval is narrow enough when its ends differ by at most this factor. */
  readonly within: number;
}

export interface MeasuredPoint {
  readonly at: number;
  readonly verdict: PointVerdict;
}

/** Interval between two neighbours that are decided for different sides. */
export interface CrossoverPoint {
  readonly below: ComparisonSide;
  readonly above: ComparisonSide;
  /** Last point decided for one side, first one decided for the other. */
  readonly low: number;
  readonly high: number;
}

export type SearchFinding =
  /** Ascending; more than one: the order changes more than once. */
  | { readonly kind: 'crossovers'; readonly crossovers: readonly CrossoverPoint[] }
  | { readonly kind: 'none'; readonly side: ComparisonSide }
  | { readonly kind: 'inconclusive' };

/**
 * A stretch without a crossover point that is wider than this factor is searched: the order may change there and back.
 */
const WIDEST_GAP = 10;
/** Number of steps from one end of the range to the other, when its upper end cannot be measured. */
const STEPS_DOWN = 8;

/**
 * The next point of the search, by bisection on a logarithmic axis. The ends come first; then the middle between
 * neighbours on different sides; then wide stretches without a point.
 * Inconclusive points stay inside the interval of the crossover point, which is then narrowed from both its ends.
 * Undefined: the search is over.
 */
export function nextPoint(range: SearchRange, points: readonly MeasuredPoint[]): number | undefined {
  if (points.length >= MOST_POINTS) return undefined;
  const top = topOf(range, points);
  for (const end of [range.from, top]) {
    const found = points.find(({ at }) => at === end);
    if (!found) return end;
    if (found.verdict.state === 'unmeasured') return undefined;
  }
  const inside = crossoversIn(points).flatMap(
    (crossoverPoint) => insideOf(crossoverPoint, range.within, points) ?? [],
  );
  return inside[0] ?? passedOver(points, top);
}

/** The upper end: lowered while it cannot be measured, as the rate is too high for the generator or the patterns. */
export function topOf({ from, to }: SearchRange, points: readonly MeasuredPoint[]): number {
  const step = (to / from) ** (1 / STEPS_DOWN);
  const isUnmeasured = (end: number) =>
    points.some(({ at, verdict }) => at === end && verdict.state === 'unmeasured');
  let top = to;
  while (isUnmeasured(top) && top > from) top = Math.max(from, rounded(top / step));
  return top;
}

/** The middle of the crossover point's interval, or of the wider stretch beside its inconclusive points. */
function insideOf(
  { low, high }: CrossoverPoint,
  within: number,
  points: readonly MeasuredPoint[],
): number | undefined {
  const unclear = points.map(({ at }) => at).filter((at) => at > low && at < high);
  const stretches =
    unclear.length === 0
      ? [{ from: low, to: high }]
      : [
          { from: low, to: Math.min(...unclear) },
          { from: Math.max(...unclear), to: high },
        ];
  return midpointOf(widest(stretches), within);
}

/** The middle of the widest stretch between two measured points. */
function passedOver(points: readonly MeasuredPoint[], top: number): number | undefined {
  const ats = points
    .map(({ at }) => at)
    .filter((at) => at <= top)
    .toSorted((a, b) => a - b);
  const stretches = ats.slice(1).map((to, i) => ({ from: ats[i]!, to }));
  return stretches.length === 0 ? undefined : midpointOf(widest(stretches), WIDEST_GAP);
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

function widest(stretches: readonly Stretch[]): Stretch {
  return stretches.reduce((a, b) => (b.to / b.from > a.to / a.from ? b : a));
}

/** Undefined where it is narrow enough, or its middle would be rounded to one of its ends. */
function midpointOf({ from, to }: Stretch, wide: number): number | undefined {
  // Values of the axis are rounded, and so are their quotients.
  if (to / from <= wide * 1.001) return undefined;
  const middle = rounded(Math.sqrt(from * to));
  return middle > from && middle < to ? middle : undefined;
}

/** Three digits: no crossover point is known more precisely, and they are readable. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** Neighbours among the decided points that are on different sides, ascending. */
function crossoversIn(points: readonly MeasuredPoint[]): CrossoverPoint[] {
  const decided = points
    .flatMap(({ at, verdict }) => (verdict.state === 'decided' ? [{ at, side: verdict.side }] : []))
    .toSorted((a, b) => a.at - b.at);
  return decided.slice(1).flatMap(({ at, side }, i) => {
    const last = decided[i]!;
    return last.side === side ? [] : [{ below: last.side, above: side, low: last.at, high: at }];
  });
}

/** Result of the search. `none` only where both ends, and all measured points between, are on one side. */
export function findingOf(range: SearchRange, points: readonly MeasuredPoint[]): SearchFinding {
  const crossovers = crossoversIn(points);
  if (crossovers.length > 0) return { kind: 'crossovers', crossovers };
  const top = topOf(range, points);
  const sides = points
    .filter(({ at }) => at <= top)
    .map(({ verdict }) => (verdict.state === 'decided' ? verdict.side : undefined));
  const [side] = sides;
  const hasEnds = [range.from, top].every((end) => points.some(({ at }) => at === end));
  const isWhole = hasEnds && top > range.from && passedOver(points, top) === undefined;
  return isWhole && side !== undefined && sides.every((one) => one === side)
    ? { kind: 'none', side }
    : { kind: 'inconclusive' };
}
