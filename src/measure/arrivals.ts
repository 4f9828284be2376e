import { readFileSync, writeFileSync } from 'node:fs';
import { OUTCOMES, type Outcome } from '../kernel/outcome.ts';

/**
 * The generator's raw instants, one place per arrival of its shard, in columns. Everything printed
 * is computed from these and the effect log afterwards: the generator itself only stamps.
 * All instants are nanoseconds on the monotonic clock; NaN = did not happen (yet).
 */
export interface Arrivals {
  readonly count: number;
  /** Instant of arrival 0's schedule; intended(i) = startNs + schedule.intendedNs(i). */
  startNs: number;
  /** Handed to the client library. */
  readonly dispatchedNs: Float64Array;
  /** A pooled connection took it; NaN where the transport can't see that. */
  readonly sentNs: Float64Array;
  /** Reply or confirm arrived, or the attempt's failure was known. */
  readonly acknowledgedNs: Float64Array;
  /** Index into OUTCOMES. */
  readonly outcome: Uint8Array;
  /** 1 where a failure promises that nothing happened. */
  readonly noEffect: Uint8Array;
  /** HTTP status or reply code of a failure, else 0. */
  readonly status: Uint16Array;
}

const MAGIC = 'commbench-arrivals-1\n';
const HEADER_BYTES = 64;

export function createArrivals(count: number): Arrivals {
  return {
    count,
    startNs: 0,
    dispatchedNs: new Float64Array(count).fill(NaN),
    sentNs: new Float64Array(count).fill(NaN),
    acknowledgedNs: new Float64Array(count).fill(NaN),
    outcome: new Uint8Array(count),
    noEffect: new Uint8Array(count),
    status: new Uint16Array(count),
  };
}

const CODE = new Map<Outcome, number>(OUTCOMES.map((o, i) => [o, i]));

export function outcomeCode(outcome: Outcome): number {
  return CODE.get(outcome)!;
}

export function outcomeAt(arrivals: Arrivals, index: number): Outcome {
  return OUTCOMES[arrivals.outcome[index]!]!;
}

/** Writes the whole file at once; a reader never sees a part (it is announced after the write). */
export function writeArrivals(path: string, a: Arrivals): void {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC);
  header.writeUInt32LE(a.count, 32);
  header.writeDoubleLE(a.startNs, 40);
  const columns = [a.dispatchedNs, a.sentNs, a.acknowledgedNs, a.status, a.outcome, a.noEffect];
  writeFileSync(
    path,
    Buffer.concat([header, ...columns.map((c) => Buffer.from(c.buffer, c.byteOffset, c.byteLength))]),
    {
      mode: 0o600,
    },
  );
}

/** @throws Error where the file is not a whole arrivals file */
export function readArrivals(path: string): Arrivals {
  const file = readFileSync(path);
  const count = file.length >= HEADER_BYTES ? file.readUInt32LE(32) : 0;
  if (
    !file.subarray(0, MAGIC.length).equals(Buffer.from(MAGIC)) ||
    file.length !== HEADER_BYTES + count * 28
  ) {
    throw new Error(`Expected ${path} to be a whole arrivals file, found ${file.length} bytes`);
  }
  // Copied, so that every column starts at an aligned address.
  const data = new Uint8Array(file.subarray(HEADER_BYTES)).buffer;
  return {
    count,
    startNs: file.readDoubleLE(40),
    dispatchedNs: new Float64Array(data, 0, count),
    sentNs: new Float64Array(data, count * 8, count),
    acknowledgedNs: new Float64Array(data, count * 16, count),
    status: new Uint16Array(data, count * 24, count),
    outcome: new Uint8Array(data, count * 26, count),
    noEffect: new Uint8Array(data, count * 27, count),
  };
}

/**
 * The whole of a schedule from its shards: shard i of n holds arrivals i, i + n, i + 2n, ... (DESIGN 9).
 * @param shards in the order of their indices, all of them
 * @throws RangeError where their lengths or start instants can't be those of one schedule
 */
export function mergeShards(shards: readonly Arrivals[]): Arrivals {
  const n = shards.length;
  const whole = createArrivals(shards.reduce((sum, shard) => sum + shard.count, 0));
  shards.forEach((shard, i) => {
    const expected = Math.ceil((whole.count - i) / n);
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

function copyPlace(from: Arrivals, k: number, to: Arrivals, i: number): void {
  to.dispatchedNs[i] = from.dispatchedNs[k]!;
  to.sentNs[i] = from.sentNs[k]!;
  to.acknowledgedNs[i] = from.acknowledgedNs[k]!;
  to.outcome[i] = from.outcome[k]!;
  to.noEffect[i] = from.noEffect[k]!;
  to.status[i] = from.status[k]!;
}
