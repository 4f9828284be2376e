import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { CommbenchError } from '../../kernel/errors.ts';
import { MAX_ARRIVALS } from '../../kernel/load-shape.ts';
import { OUTCOMES, type Outcome } from '../../kernel/outcome.ts';

/**
 * The generator's raw instants, one index per arrival of its shard, in columns. All figures are computed from these and
 * the effect log afterwards: the generator itself only stamps. All instants are nanoseconds on the monotonic clock; NaN
 * = did not happen (yet).
 */
export interface Arrivals {
  readonly count: number;
  /** Instant of arrival 0's schedule; intended(i) = startNs + schedule.intendedNs(i). */
  startNs: number;
  /** Handed to the client library. */
  readonly dispatchedNs: Float64Array;
  /** A connection was free for it, at once unless all were busy; NaN where the transport cannot observe that. */
  readonly sentNs: Float64Array;
  /** Reply or confirm arrived, or the attempt's failure was known. */
  readonly acknowledgedNs: Float64Array;
  /** Index into OUTCOMES. */
  readonly outcome: Uint8Array;
  /** 1 where a failure promises that nothing happened. */
  readonly noEffect: Uint8Array;
  /** HTTP status or reply code; 0 where there is none. */
  readonly status: Uint16Array;
  /** Streams and flows only; absent for other loads. */
  readonly items?: ItemInstants;
}

/** Instants of the items of each arrival's stream, or of the ends of the steps of its flow. */
export interface ItemInstants {
  /** Number of items that a stream should have, or of steps at most. */
  readonly perArrival: number;
  /** Item j of arrival i at `i * perArrival + j`. */
  readonly ns: Float64Array;
}

const FORMAT = 'commbench-arrivals-';
const VERSION = 2;
const MAGIC = `${FORMAT}${VERSION}\n`;
const HEADER_BYTES = 64;

/** Every element is written to at once: a load has all the memory for its instants before it begins. */
export function createArrivals(count: number): Arrivals {
  return {
    count,
    startNs: 0,
    dispatchedNs: new Float64Array(count).fill(NaN),
    sentNs: new Float64Array(count).fill(NaN),
    acknowledgedNs: new Float64Array(count).fill(NaN),
    outcome: new Uint8Array(count).fill(0),
    noEffect: new Uint8Array(count).fill(0),
    status: new Uint16Array(count).fill(0),
  };
}

/** The first `count` arrivals, without their items; a view of the same memory. */
export function firstArrivals({ startNs, ...all }: Arrivals, count: number): Arrivals {
  return {
    count,
    startNs,
    dispatchedNs: all.dispatchedNs.subarray(0, count),
    sentNs: all.sentNs.subarray(0, count),
    acknowledgedNs: all.acknowledgedNs.subarray(0, count),
    outcome: all.outcome.subarray(0, count),
    noEffect: all.noEffect.subarray(0, count),
    status: all.status.subarray(0, count),
  };
}

/** @throws CommbenchError bad-scenario where a trial would have more than `MAX_ARRIVALS` items */
export function createItemInstants(count: number, perArrival: number): ItemInstants {
  if (count * perArrival > MAX_ARRIVALS) {
    throw new CommbenchError(
      'bad-scenario',
      `Expected at most ${MAX_ARRIVALS} items in a trial, found ${count} streams of ${perArrival}`,
      { hint: 'Lower the rate or the duration' },
    );
  }
  return { perArrival, ns: new Float64Array(count * perArrival).fill(NaN) };
}

const CODE = new Map<Outcome, number>(OUTCOMES.map((o, i) => [o, i]));

export function outcomeCode(outcome: Outcome): number {
  return CODE.get(outcome)!;
}

export function outcomeAt(arrivals: Arrivals, index: number): Outcome {
  return OUTCOMES[arrivals.outcome[index]!]!;
}

/**
 * Written column by column, without a copy of as much memory again. The file is announced afterwards, so that a reader
 * never sees a part.
 */
export function writeArrivals(path: string, a: Arrivals): void {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC);
  header.writeUInt32LE(a.count, 32);
  header.writeDoubleLE(a.startNs, 40);
  header.writeUInt32LE(a.items?.perArrival ?? 0, 48);
  const items = a.items ? [a.items.ns] : [];
  const columns = [a.dispatchedNs, a.sentNs, a.acknowledgedNs, ...items, a.status, a.outcome, a.noEffect];
  const fd = openSync(path, 'w', 0o600);
  try {
    for (const part of [header, ...columns]) writeFileSync(fd, part);
  } finally {
    closeSync(fd);
  }
}

/** @throws Error where the file is not a whole arrivals file of this version */
export function readArrivals(path: string): Arrivals {
  const file = readFileSync(path);
  const { count, perArrival } = readCounts(path, file);
  // Copied, so that every column starts at an aligned address.
  const data = new Uint8Array(file.subarray(HEADER_BYTES)).buffer;
  const restAt = count * (24 + 8 * perArrival);
  return {
    count,
    startNs: file.readDoubleLE(40),
    dispatchedNs: new Float64Array(data, 0, count),
    sentNs: new Float64Array(data, count * 8, count),
    acknowledgedNs: new Float64Array(data, count * 16, count),
    ...(perArrival > 0
      ? { items: { perArrival, ns: new Float64Array(data, count * 24, count * perArrival) } }
      : {}),
    status: new Uint16Array(data, restAt, count),
    outcome: new Uint8Array(data, restAt + count * 2, count),
    noEffect: new Uint8Array(data, restAt + count * 3, count),
  };
}

function readCounts(path: string, file: Buffer): { count: number; perArrival: number } {
  const found = new RegExp(`^${FORMAT}(\\d+)\n`).exec(file.toString('latin1', 0, 32))?.[1];
  if (found !== undefined && found !== String(VERSION)) {
    throw new Error(`Expected ${path} to be an arrivals file of version ${VERSION}, found version ${found}`);
  }
  if (found !== undefined && file.length >= HEADER_BYTES) {
    const [count, perArrival] = [file.readUInt32LE(32), file.readUInt32LE(48)];
    if (file.length === HEADER_BYTES + count * (28 + 8 * perArrival)) return { count, perArrival };
  }
  throw new Error(`Expected ${path} to be a whole arrivals file, found ${file.length} bytes`);
}

/**
 * Merges a schedule from its shards: shard i of n holds arrivals i, i + n, i + 2n, ... (DESIGN 9).
 * @param shards all of them, in the order of their indices
 * @throws RangeError where lengths or start instants do not belong to one schedule
 */
export function mergeShards(shards: readonly Arrivals[]): Arrivals {
  const n = shards.length;
  if (n === 1) return shards[0]!;
  const whole = emptyWhole(shards);
  shards.forEach((shard, i) => {
    const expected = Math.ceil((whole.count - i) / n);
    if (shard.items?.perArrival !== shards[0]!.items?.perArrival)
      throw new RangeError('Expected every shard to have streams of as many items');
    if (shard.count !== expected || shard.startNs !== shards[0]!.startNs) {
      throw new RangeError(
        `Expected shard ${i} of ${n} to hold ${expected} of ${whole.count} arrivals from ${shards[0]!.startNs}, ` +
          `found ${shard.count} from ${shard.startNs}`,
      );
    }
    for (let k = 0; k < shard.count; k++) copyPlace(shard, k, whole, i + k * n);
  });
  whole.startNs = shards[0]?.startNs ?? 0;
  return whole;
}

/** Some arrivals alone, in this order, without items of streams that have none. */
export function selectArrivals(from: Arrivals, indices: readonly number[]): Arrivals {
  const part = createArrivals(indices.length);
  const own = from.items ? { ...part, items: createItemInstants(part.count, from.items.perArrival) } : part;
  for (const [k, i] of indices.entries()) copyPlace(from, i, own, k);
  own.startNs = from.startNs;
  return own;
}

function emptyWhole(shards: readonly Arrivals[]): Arrivals {
  const whole = createArrivals(shards.reduce((sum, shard) => sum + shard.count, 0));
  const perArrival = shards[0]?.items?.perArrival;
  if (perArrival === undefined) return whole;
  return { ...whole, items: createItemInstants(whole.count, perArrival) };
}

function copyPlace(from: Arrivals, k: number, to: Arrivals, i: number): void {
  to.dispatchedNs[i] = from.dispatchedNs[k]!;
  to.sentNs[i] = from.sentNs[k]!;
  to.acknowledgedNs[i] = from.acknowledgedNs[k]!;
  to.outcome[i] = from.outcome[k]!;
  to.noEffect[i] = from.noEffect[k]!;
  to.status[i] = from.status[k]!;
  if (!to.items || !from.items) return;
  const { perArrival } = to.items;
  to.items.ns.set(from.items.ns.subarray(k * perArrival, (k + 1) * perArrival), i * perArrival);
}
