import { NS_PER_MS, NS_PER_S, type Nanoseconds } from '../kernel/clock.ts';
import { CommbenchError } from '../kernel/errors.ts';
import { type Block, type LoadShape, MAX_ARRIVALS, type Step } from '../kernel/load-shape.ts';
import { draw } from '../kernel/random.ts';

/**
 * Every arrival of a trial, fixed before it begins (DESIGN 3.1). Pure: an instant is computed from
 * its index alone, never by adding up rounded intervals.
 */
export interface Schedule {
  readonly count: number;
  /** Nanoseconds from the start of the load to arrival `index`, a whole number; never falls. */
  intendedNs(index: number): Nanoseconds;
}

/** Part `index` of `count` generators that share one schedule. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** The whole schedule, for a single generator. */
export const WHOLE: Shard = { index: 0, count: 1 };

/** @throws CommbenchError where the load would have more than `MAX_ARRIVALS` arrivals */
export function createSchedule(load: LoadShape, durationMs: number, seed: number): Schedule {
  const seconds = durationMs / 1000;
  switch (load.shape) {
    case 'constant':
      return fromInverse(load.ratePerS * seconds, (arrivals) => arrivals / load.ratePerS);
    case 'ramp':
      return ramp(load.fromPerS, load.toPerS, seconds);
    case 'spike':
      return steps(stepsOf(load), seconds);
    case 'steps':
      return steps(load.steps, seconds);
    case 'blocks':
      return blocks(load.blocks, load.ratePerS, durationMs);
    case 'poisson':
      return poisson(load.ratePerS, durationMs * NS_PER_MS, seed);
  }
}

/** Shard i of n takes arrivals i, i + n, i + 2n, ... (DESIGN 9): together they are exactly the schedule. */
export function shardOf(schedule: Schedule, shard: Shard): Schedule {
  return {
    count: Math.max(0, Math.ceil((schedule.count - shard.index) / shard.count)),
    intendedNs: (index) => schedule.intendedNs(sequenceOf(shard, index)),
  };
}

/** Sequence of a shard's arrival in the whole schedule. */
export function sequenceOf(shard: Shard, index: number): number {
  return shard.index + index * shard.count;
}

/**
 * @param arrivals number within the whole duration, fractions included
 * @param secondsAt the inverse of the cumulated rate: the time of an arrival
 */
function fromInverse(arrivals: number, secondsAt: (arrivals: number) => number): Schedule {
  // 1.1/s for 50 s is 55.00000000000001 arrivals: a rounding error must not add one.
  const count = bounded(Math.max(0, Math.ceil(arrivals - 1e-9 * Math.max(1, arrivals))));
  return { count, intendedNs: (index) => Math.round(secondsAt(index) * NS_PER_S) };
}

function bounded(count: number): number {
  if (count <= MAX_ARRIVALS) return count;
  throw new CommbenchError(
    'bad-scenario',
    `Expected at most ${MAX_ARRIVALS} arrivals in a trial, found ${Math.ceil(count)}`,
    { hint: 'Lower the rate or the duration' },
  );
}

/**
 * The rate grows linearly from a to b over T, so that N(t) = a·t + (b − a)·t² / 2T arrivals have come at t. Solved for
 * t in the form that does not cancel where a ≈ b.
 */
function ramp(fromPerS: number, toPerS: number, seconds: number): Schedule {
  const slope = (toPerS - fromPerS) / seconds;
  return fromInverse(
    ((fromPerS + toPerS) / 2) * seconds,
    (n) => (2 * n) / (fromPerS + Math.sqrt(fromPerS * fromPerS + 2 * slope * n)),
  );
}

/** One rate, but another between `atMs` and `atMs + forMs`. */
function stepsOf({ ratePerS, peakPerS, atMs, forMs }: Extract<LoadShape, { shape: 'spike' }>): Step[] {
  return [
    { ratePerS, forMs: atMs },
    { ratePerS: peakPerS, forMs },
    { ratePerS, forMs: 0 },
  ];
}

/**
 * One rate after another, the last one until the end; the count continues over every step. Arrival n comes in the last
 * step that begins (after `fromS`, with `before` arrivals) at or below n.
 */
function steps(list: readonly Step[], seconds: number): Schedule {
  const begun: { readonly fromS: number; readonly before: number; readonly ratePerS: number }[] = [];
  let [fromS, before] = [0, 0];
  for (const [i, { ratePerS, forMs }] of list.entries()) {
    begun.push({ fromS, before, ratePerS });
    const leftS = Math.max(0, seconds - fromS);
    const lengthS = i === list.length - 1 ? leftS : Math.min(forMs / 1000, leftS);
    fromS += lengthS;
    before += ratePerS * lengthS;
  }
  return fromInverse(before, (n) => {
    const at = begun.findLast((step) => step.before <= n)!;
    return at.fromS + (n - at.before) / at.ratePerS;
  });
}

/**
 * One rate on a clock that stops between the blocks and after the last: arrival n comes when that clock is at n / rate.
 * Rounded to nanoseconds before the block is looked up: a value that rounds up to a block's end is in the next.
 */
function blocks(list: readonly Block[], ratePerS: number, durationMs: number): Schedule {
  const begun: { readonly fromNs: Nanoseconds; readonly beforeNs: Nanoseconds }[] = [];
  let [atMs, loadedMs] = [0, 0];
  for (const { silentMs, forMs } of list) {
    const fromMs = Math.min(durationMs, atMs + silentMs);
    begun.push({ fromNs: fromMs * NS_PER_MS, beforeNs: loadedMs * NS_PER_MS });
    atMs = Math.min(durationMs, fromMs + forMs);
    loadedMs += atMs - fromMs;
  }
  const { count } = fromInverse((ratePerS * loadedMs) / 1000, (arrivals) => arrivals / ratePerS);
  return {
    count,
    intendedNs(index) {
      const loadedNs = Math.round((index / ratePerS) * NS_PER_S);
      const block = begun.findLast(({ beforeNs }) => beforeNs <= loadedNs)!;
      return block.fromNs + loadedNs - block.beforeNs;
    },
  };
}

/** Expected arrivals of a Poisson block, which is drawn anew to find one of them. */
const POISSON_BLOCK = 64;

/**
 * A Poisson process, cut into blocks of time that are drawn independently of each other (it has no
 * memory, so each may start afresh). Within a block the gaps are exponential: −ln(1 − u) / λ.
 */
function poisson(ratePerS: number, durationNs: number, seed: number): Schedule {
  bounded((ratePerS * durationNs) / NS_PER_S);
  const blockNs = (POISSON_BLOCK / ratePerS) * NS_PER_S;
  /** firsts[b]: index of block b's first arrival; one more at the end. */
  const firsts = [0];
  for (let b = 0; b * blockNs < durationNs; b++) firsts.push(firsts[b]! + block(b).length);
  let cached = { block: 0, instants: block(0) };

  function block(b: number): number[] {
    const endNs = Math.min((b + 1) * blockNs, durationNs);
    const instants: number[] = [];
    let atNs = b * blockNs;
    for (let gap = 0; ; gap++) {
      atNs += (-Math.log(1 - draw(seed, 'poisson', b, gap)) / ratePerS) * NS_PER_S;
      if (atNs >= endNs) return instants;
      instants.push(Math.floor(atNs));
    }
  }

  return {
    count: bounded(firsts.at(-1)!),
    intendedNs(index) {
      const b = lastNotAbove(firsts, index, cached.block);
      if (b !== cached.block) cached = { block: b, instants: block(b) };
      return cached.instants[index - firsts[b]!]!;
    },
  };
}

/** The last index whose value is not above `value`; tries `guess` and its successor first. */
function lastNotAbove(sorted: readonly number[], value: number, guess: number): number {
  for (const place of [guess, guess + 1]) {
    if (sorted[place]! <= value && value < (sorted[place + 1] ?? Infinity)) return place;
  }
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sorted[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
