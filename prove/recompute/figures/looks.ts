import { integral, inverse } from './student.ts';

/** Confidence of planned interim analyses: error spending of O'Brien–Fleming type (Lan & DeMets 1983). */

const LOOKS = [6, 10, 16, 24];
const ERROR = 0.05;
/** An interim analysis spends at least this much. */
const LEAST_SPENT = 1e-6;
const FAR = 8.5;

function density(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** Share of the normal distribution beyond x, x ≥ 0. */
function tail(x: number): number {
  return x >= FAR ? 0 : integral(density, x, FAR + 3);
}

/** Whole error spent at a share of the plan. */
function spentAt(share: number): number {
  const z = inverse((x) => 1 - tail(x), 1 - ERROR / 4, 0, FAR);
  return 4 * tail(z / Math.sqrt(share));
}

const STEPS = 200;
const known = new Map<string, number>();

/** The sums that go on, on a grid of equal steps, with their density. */
interface Walk {
  readonly pairs: number;
  readonly boundary: number;
  readonly densities: readonly number[];
}

/**
 * The confidence of the interval at this analysis, after all planned ones before it: that of the boundary beyond which
 * exactly the error that is due now is spent by walks that no earlier analysis ended.
 */
export function confidenceAt(pairs: number, mostPairs: number): number {
  const key = `${pairs} of ${mostPairs}`;
  const before = known.get(key) ?? confidenceOf(pairs, mostPairs);
  known.set(key, before);
  return before;
}

function confidenceOf(pairs: number, mostPairs: number): number {
  const looks = [...LOOKS.filter((look) => look < pairs), pairs];
  const plan = Math.max(pairs, mostPairs);
  let walk: Walk | undefined;
  let spent = 0;
  let boundary = 0;
  for (const look of looks) {
    const due = spentAt(look / plan);
    const now = Math.max(due - spent, LEAST_SPENT);
    spent = Math.max(due, spent);
    boundary = boundaryFor(walk, look, now);
    walk = onward(walk, look, boundary);
  }
  return 1 - 2 * tail(boundary / Math.sqrt(pairs));
}

/** The density of the sum after so many pairs, of walks that were not ended before. */
function sumDensity(walk: Walk | undefined, pairs: number): (x: number) => number {
  if (!walk) return (x) => density(x / Math.sqrt(pairs)) / Math.sqrt(pairs);
  const scale = Math.sqrt(pairs - walk.pairs);
  const width = (2 * walk.boundary) / STEPS;
  return (x) =>
    walk.densities.reduce((sum, own, i) => {
      const weight = i === 0 || i === STEPS ? 1 : i % 2 === 1 ? 4 : 2;
      const from = -walk.boundary + i * width;
      return sum + ((weight * width) / 3) * own * (density((x - from) / scale) / scale);
    }, 0);
}

function boundaryFor(walk: Walk | undefined, pairs: number, share: number): number {
  const most = FAR * Math.sqrt(pairs);
  const of = sumDensity(walk, pairs);
  const beyond = (boundary: number) => 2 * integral(of, boundary, most, STEPS);
  return inverse((boundary) => -beyond(boundary), -share, 0, most);
}

function onward(walk: Walk | undefined, pairs: number, boundary: number): Walk {
  const of = sumDensity(walk, pairs);
  const densities = Array.from({ length: STEPS + 1 }, (_, i) => of(-boundary + (2 * boundary * i) / STEPS));
  return { pairs, boundary, densities };
}
