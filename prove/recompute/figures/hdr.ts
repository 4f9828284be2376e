import { inflateSync } from 'node:zlib';

/**
 * A decoder of HDR histograms, version 2, written from the published format (HdrHistogram, `V2EncodingCookieBase`): in
 * base64 a cookie and a length before a zlib stream; in it a header of 40 bytes and the counts as ZigZag LEB128 words of
 * at most nine bytes, where a negative word is so many empty buckets.
 */
export interface Bucket {
  /** Least and greatest whole value that it holds. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

const COMPRESSED = 0x1c849314;
const PLAIN = 0x1c849313;
const HEADER_BYTES = 40;
const MOST_BYTES = 9;

/** @returns the filled buckets, ascending; @throws RangeError where it is no such histogram */
export function decodeHdr(base64: string): Bucket[] {
  const outer = Buffer.from(base64, 'base64');
  expect(outer.readUInt32BE(0), COMPRESSED);
  const inner = inflateSync(outer.subarray(8, 8 + outer.readUInt32BE(4)));
  expect(inner.readUInt32BE(0), PLAIN);
  const halfOf = halfSubBuckets(inner.readUInt32BE(12));
  const unit = 2 ** Math.trunc(Math.log2(Number(inner.readBigInt64BE(16))));
  const counts = inner.subarray(HEADER_BYTES, HEADER_BYTES + inner.readUInt32BE(4));
  const buckets: Bucket[] = [];
  let index = 0;
  for (const word of words(counts)) {
    if (word > 0) buckets.push({ ...boundsOf(index, halfOf, unit), count: word });
    index += word < 0 ? -word : 1;
  }
  return buckets;
}

function expect(found: number, wanted: number): void {
  if (found !== wanted) throw new RangeError(`Expected the cookie ${wanted}, found ${found}`);
}

/** Half of the sub-buckets that so many significant digits take: the least power of two from 10 ** digits on. */
function halfSubBuckets(digits: number): number {
  let half = 1;
  while (half < 10 ** digits) half *= 2;
  return half;
}

/** The first two halves have a bucket for each unit; from there on each further half doubles their width. */
function boundsOf(index: number, half: number, unit: number): Pick<Bucket, 'low' | 'high'> {
  const doublings = Math.max(0, Math.trunc(index / half) - 1);
  const width = unit * 2 ** doublings;
  const low = (index - doublings * half) * width;
  return { low, high: low + width - 1 };
}

function* words(bytes: Buffer): Generator<number> {
  let at = 0;
  while (at < bytes.length) {
    let raw = 0n;
    for (let i = 0; i < MOST_BYTES; i++) {
      const byte = bytes[at++] ?? 0;
      // The ninth byte has eight bits of value, and no mark of a next one.
      const isLast = i === MOST_BYTES - 1 || byte < 0x80;
      raw |= BigInt(i === MOST_BYTES - 1 ? byte : byte & 0x7f) << BigInt(7 * i);
      if (isLast) break;
    }
    yield Number(raw & 1n ? -((raw + 1n) >> 1n) : raw >> 1n);
  }
}
