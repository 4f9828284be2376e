import { describe, expect, test } from 'vitest';
import { draw } from '../../../src/kernel/random.ts';
import {
  decidePoint,
  lookConfidence,
  MOST_POINTS,
  pairsNeeded,
  type PointRule,
  type Sample,
  type ComparisonSide,
  type PointVerdict,
} from '../../../src/measure/stats/crossover-point.ts';
import {
  type SearchFinding,
  findingOf,
  type MeasuredPoint,
  nextPoint,
  type SearchRange,
} from '../../../src/measure/stats/crossover-search.ts';

const RULE: PointRule = { looks: [4, 6, 8], margin: 0, leastDeviation: 0 };
const RANGE: SearchRange = { from: 100, to: 1_000_000, within: 1.5 };

const values = (...of: number[]): Sample[] => of.map((value) => ({ kind: 'value', value }));
const discarded = (count: number): Sample[] =>
  Array.from({ length: count }, () => ({ kind: 'discarded', why: 'because' }));

describe('one point', () => {
  test('is assessed at the planned looks only', () => {
    const clear = values(0.5, 0.51, 0.49, 0.5, 0.5, 0.51, 0.49, 0.5);
    expect(decidePoint(clear.slice(0, 3), RULE)).toBeUndefined();
    expect(decidePoint(clear.slice(0, 4), RULE)).toEqual({ state: 'decided', side: 'second' });
    expect(decidePoint(clear.slice(0, 5), RULE)).toBeUndefined();
  });
  test('is on the side of the pattern that was better, whichever that is', () => {
    expect(decidePoint(values(-0.5, -0.51, -0.49, -0.5), RULE)).toEqual({ state: 'decided', side: 'first' });
  });
  test('is unclear when the pairs are spent', () => {
    const mixed = values(0.5, -0.5, 0.4, -0.4, 0.5, -0.5, 0.4, -0.4);
    expect(decidePoint(mixed.slice(0, 6), RULE)).toBeUndefined();
    expect(decidePoint(mixed, RULE)).toEqual({ state: 'unclear' });
  });
  test('is alike where a margin says what that is, and not without', () => {
    const small = values(0.001, -0.001, 0.002, 0);
    const withMargin = { ...RULE, margin: 0.05, leastDeviation: 0.01 };
    expect(decidePoint(small, withMargin)).toEqual({ state: 'decided', side: 'alike' });
    expect(decidePoint(small, RULE)).toBeUndefined();
  });
  test('a few like pairs do not prove that there is no spread', () => {
    const rule = { looks: [3, 4, 6], margin: 0.05, leastDeviation: 0.01 };
    expect(decidePoint(values(0, 0, 0), rule)).toBeUndefined();
    expect(decidePoint(values(1, 1, 1), rule)).toEqual({ state: 'decided', side: 'second' });
  });
  test('is given up when four pairs did not count and none did, or six and no more did', () => {
    expect(decidePoint([...values(1), ...discarded(5)], RULE)).toBeUndefined();
    expect(decidePoint(discarded(4), RULE)).toEqual({ state: 'unmeasured' });
    expect(decidePoint([...values(1), ...discarded(6)], RULE)).toEqual({ state: 'unmeasured' });
    expect(decidePoint([...values(0.5, 1, -1, 0.2, 0.1, 0.3, -0.2), ...discarded(6)], RULE)).toBeUndefined();
  });
  test('its confidence: 5 % over two tails of 3 looks at 12 points', () => {
    expect(lookConfidence(RULE)).toBeCloseTo(1 - (2 * 0.05) / (12 * 3), 12);
  });
  test('more pairs are needed the smaller the difference is beside the spread', () => {
    const close = pairsNeeded(values(0.1, -0.05, 0.1, -0.05, 0.1, -0.05, 0.1, -0.05), RULE)!;
    const closer = pairsNeeded(values(0.1, -0.08, 0.1, -0.08, 0.1, -0.08, 0.1, -0.08), RULE)!;
    expect(close).toBeGreaterThan(8);
    expect(closer).toBeGreaterThan(4 * close);
    expect(pairsNeeded(values(0.1), RULE)).toBeUndefined();
    expect(pairsNeeded(values(0.1, -0.1), RULE)).toBeUndefined();
  });
});

const decided = (side: ComparisonSide): PointVerdict => ({ state: 'decided', side });
const UNCLEAR: PointVerdict = { state: 'unclear' };

function searchCrossover(range: SearchRange, look: (at: number) => PointVerdict): MeasuredPoint[] {
  const points: MeasuredPoint[] = [];
  for (let at = nextPoint(range, points); at !== undefined; at = nextPoint(range, points)) {
    const verdict = look(at);
    points.push({ at, verdict });
    if (verdict.state === 'stopped') break;
  }
  return points;
}

function search(oracle: (at: number) => PointVerdict, range = RANGE) {
  const points = searchCrossover(range, oracle);
  return { points, ats: points.map(({ at }) => at), finding: findingOf(range, points) };
}

const only = (finding: SearchFinding) => {
  if (finding.kind !== 'crossovers' || finding.crossovers.length !== 1)
    throw new Error(JSON.stringify(finding));
  return finding.crossovers[0]!;
};

describe('a search', () => {
  test.each([150, 900, 18_000, 250_000, 990_000])(
    'finds a crossover point at %d, within a factor of 1.5',
    (at) => {
      const { finding, ats } = search((x) => decided(x < at ? 'first' : 'second'));
      const { low, high, below, above } = only(finding);
      expect([below, above]).toEqual(['first', 'second']);
      expect(low).toBeLessThanOrEqual(at);
      expect(high).toBeGreaterThanOrEqual(at);
      expect(high / low).toBeLessThanOrEqual(1.502);
      expect(ats.length).toBeLessThanOrEqual(MOST_POINTS);
    },
  );
  test('looks at the ends first, then halves on a logarithmic axis', () => {
    const { ats } = search((x) => decided(x < 5000 ? 'first' : 'second'));
    expect(ats.slice(0, 5)).toEqual([100, 1_000_000, 10_000, 1000, 3160]);
  });
  test('keeps points that cannot be told inside of the interval, and narrows it from both sides', () => {
    const { finding } = search((x) =>
      x < 6000 ? decided('first') : x > 17_000 ? decided('second') : UNCLEAR,
    );
    const { low, high } = only(finding);
    expect(low).toBeLessThan(6000);
    expect(high).toBeGreaterThan(17_000);
    expect(low).toBeGreaterThan(6000 / 1.8);
    expect(high).toBeLessThan(17_000 * 1.8);
  });
  test('says that there is none only after it looked between the ends', () => {
    const { ats, finding } = search(() => decided('first'));
    expect(finding).toEqual({ kind: 'none', side: 'first' });
    expect(ats.toSorted((a, b) => a - b)).toEqual([100, 1000, 10_000, 100_000, 1_000_000]);
  });
  test('finds an order that changes there and back', () => {
    const { finding } = search((x) => decided(x > 3000 && x < 40_000 ? 'second' : 'first'));
    expect(finding).toMatchObject({
      kind: 'crossovers',
      crossovers: [
        { below: 'first', above: 'second' },
        { below: 'second', above: 'first' },
      ],
    });
  });
  test('looks into what bisection passed over: a second change is found beyond the first', () => {
    const side = (x: number): ComparisonSide =>
      x < 300 ? 'first' : x < 50_000 || x > 600_000 ? 'second' : 'first';
    const { finding } = search((x) => decided(side(x)));
    expect(finding.kind === 'crossovers' && finding.crossovers.length).toBe(3);
  });
  test.each<[string, (x: number) => PointVerdict]>([
    ['an end', (x) => (x === 100 ? UNCLEAR : decided('first'))],
    ['the middle', (x) => (x === 10_000 ? UNCLEAR : decided('first'))],
    ['everything', () => UNCLEAR],
  ])('inconclusive where %s is inconclusive', (_what, oracle) => {
    expect(search(oracle).finding).toEqual({ kind: 'inconclusive' });
  });
  test('goes no further where the lower end could not be measured', () => {
    const { ats, finding } = search(() => ({ state: 'unmeasured' }));
    expect([ats, finding]).toEqual([[100], { kind: 'inconclusive' }]);
  });
  test('a range that is too much is made shorter from above, and answers below', () => {
    const { points, finding } = search((x) =>
      x > 200_000 ? { state: 'unmeasured' } : decided(x < 5000 ? 'first' : 'second'),
    );
    expect(points.slice(0, 4).map(({ at }) => at)).toEqual([100, 1_000_000, 316_000, 99_900]);
    expect(only(finding).high / only(finding).low).toBeLessThanOrEqual(1.502);
  });
  test('where everything is too much it ends', () => {
    const { finding } = search((x) => (x > 100 ? { state: 'unmeasured' } : decided('first')));
    expect(finding).toEqual({ kind: 'inconclusive' });
  });
  test('asks nothing more when the time is over, and says what is known', () => {
    let asked = 0;
    const { points, finding } = search((x) =>
      ++asked === 4 ? { state: 'stopped' } : decided(x < 5000 ? 'first' : 'second'),
    );
    expect(points.length).toBe(4);
    expect(only(finding)).toMatchObject({ low: 100, high: 10_000 });
  });
  test('time that is over after both ends is no proof that nothing changes between them', () => {
    const { finding } = search((x) => (x > 100 && x < 1e6 ? { state: 'stopped' } : decided('first')));
    expect(finding).toEqual({ kind: 'inconclusive' });
  });
});

/** A pair's value: its true log-ratio, what drifts through the run, and noise of its own. */
interface World {
  readonly truth: (at: number) => number;
  readonly deviation: number;
  /** One pair in ten is spread four times as far. */
  readonly outliers?: boolean;
}

function normal(seed: number, i: number): number {
  return Math.sqrt(-2 * Math.log(1 - draw(seed, 'a', i))) * Math.cos(2 * Math.PI * draw(seed, 'b', i));
}

function simulate(world: World, seed: number) {
  let pair = 0;
  const points: MeasuredPoint[] = searchCrossover(RANGE, (at) => {
    const samples: Sample[] = [];
    for (;;) {
      const verdict = decidePoint(samples, RULE);
      if (verdict) return verdict;
      const i = pair++;
      const wide = world.outliers && draw(seed, 'wide', i) < 0.1 ? 4 : 1;
      const noise = world.deviation * wide * normal(seed, i);
      samples.push({ kind: 'value', value: world.truth(at) + noise });
    }
  });
  return { finding: findingOf(RANGE, points), points, pairs: pair };
}

const SEEDS = 400;

describe('under simulated noise', () => {
  const TRUE_POINT = 18_000;
  const slope = (perDecade: number) => (at: number) => perDecade * Math.log10(at / TRUE_POINT);
  test.each<[string, World]>([
    ['little noise', { truth: slope(0.3), deviation: 0.05 }],
    ['much noise', { truth: slope(0.3), deviation: 0.15 }],
    ['a steep change', { truth: slope(1), deviation: 0.1 }],
    ['a flat one', { truth: slope(0.1), deviation: 0.1 }],
    ['outliers', { truth: slope(0.3), deviation: 0.1, outliers: true }],
  ])('%s: at most one interval in twenty misses the crossover point', (_name, world) => {
    let wrong = 0;
    let found = 0;
    for (let seed = 0; seed < SEEDS; seed++) {
      const { finding, points } = simulate(world, seed);
      expect(points.length).toBeLessThanOrEqual(MOST_POINTS);
      if (finding.kind === 'none') wrong++;
      if (finding.kind !== 'crossovers') continue;
      found++;
      const [crossoverPoint, ...more] = finding.crossovers;
      const holds =
        more.length === 0 && crossoverPoint!.low <= TRUE_POINT && crossoverPoint!.high >= TRUE_POINT;
      if (!holds || crossoverPoint!.below !== 'first') wrong++;
    }
    expect(wrong).toBeLessThanOrEqual(SEEDS / 20);
    if (world.deviation < 0.1) expect(found).toBe(SEEDS);
  });
  test('two patterns that are the same in truth: hardly ever an order, whatever is looked at', () => {
    let claimed = 0;
    for (let seed = 0; seed < SEEDS; seed++) {
      const { finding } = simulate({ truth: () => 0, deviation: 0.1 }, seed);
      if (finding.kind !== 'inconclusive') claimed++;
    }
    expect(claimed).toBeLessThanOrEqual(SEEDS / 20);
  });
  test('one pattern that is sooner throughout: no crossing, never a crossover point', () => {
    let none = 0;
    for (let seed = 0; seed < SEEDS; seed++) {
      const { finding } = simulate({ truth: () => 0.3, deviation: 0.08 }, seed);
      expect(finding.kind).not.toBe('crossovers');
      if (finding.kind === 'none') none++;
    }
    expect(none).toBeGreaterThan(0.9 * SEEDS);
  });
  test('three seeds of one world agree within their intervals', () => {
    const world = { truth: slope(0.5), deviation: 0.08 };
    const crossovers = [1, 2, 3].map((seed) => only(simulate(world, seed).finding));
    const low = Math.max(...crossovers.map((crossoverPoint) => crossoverPoint.low));
    const high = Math.min(...crossovers.map((crossoverPoint) => crossoverPoint.high));
    expect(low).toBeLessThanOrEqual(high);
  });
});
