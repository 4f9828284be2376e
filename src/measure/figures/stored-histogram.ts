import { inflateSync } from 'node:zlib';
import { Float64Histogram } from 'hdr-histogram-js';

/**
 * Reads HDR histograms from a file that anybody may have written. The library's own reader believes every length: a
 * crafted text makes it skip or allocate without end. Here each is bounded before it is used.
 *
 * The format is V2, compressed, base64 (HdrHistogram, `V2CompressedEncodingCookieBase`): a cookie and a length before a zlib
 * stream; in it a header of 40 bytes, then the counts as ZigZag LEB128 words of at most nine bytes, where a negative
 * word is so many empty buckets.
 */
export const HIGHEST_US = 600_000_000;
export const SIGNIFICANT_DIGITS = 3;
export const SUB_BUCKETS = 2048;

const COMPRESSED = 0x1c849314;
const PLAIN = 0x1c849313;
const COOKIE_BYTES = 8;
const HEADER_BYTES = 40;
const WORD_BYTES = 9;
/** Two halves up to 2,048 us, and one for each of the 19 doublings to 10 min. */
const MOST_BUCKETS = 21 * (SUB_BUCKETS / 2);
const MOST_BYTES = HEADER_BYTES + MOST_BUCKETS * WORD_BYTES;
/** The sums of many such histograms are still exact. */
const MOST_SAMPLES = 1e12;

/** An empty histogram of ours. Its counts are exact up to 2^53, as rounds are added. */
export function emptyHistogram(): Float64Histogram {
  return new Float64Histogram(1, HIGHEST_US, SIGNIFICANT_DIGITS);
}

/** @throws Error where it is not one of ours */
export function readHistogram(base64: string): Float64Histogram {
  expectAtMost(base64.length, 2 * MOST_BYTES);
  const outer = Buffer.from(base64, 'base64');
  expectEqual(outer.readUInt32BE(0), COMPRESSED);
  const inner = inflateSync(outer.subarray(COOKIE_BYTES, COOKIE_BYTES + outer.readUInt32BE(4)), {
    maxOutputLength: MOST_BYTES,
  });
  checkHeader(inner);
  const histogram = emptyHistogram();
  const filled = fill(histogram, inner.subarray(HEADER_BYTES, HEADER_BYTES + inner.readUInt32BE(4)));
  histogram.establishInternalTackingValues(filled);
  expectAtMost(histogram.totalCount, MOST_SAMPLES);
  return histogram;
}

function checkHeader(inner: Buffer): void {
  expectEqual(inner.readUInt32BE(0), PLAIN);
  expectEqual(HEADER_BYTES + inner.readUInt32BE(4), inner.length);
  expectEqual(inner.readUInt32BE(12), SIGNIFICANT_DIGITS);
  expectEqual(Number(inner.readBigInt64BE(16)), 1);
  expectEqual(Number(inner.readBigInt64BE(24)), HIGHEST_US);
}

/** @returns the number of buckets up to the last filled one */
function fill(histogram: Float64Histogram, counts: Buffer): number {
  let bucket = 0;
  for (let at = 0; at < counts.length;) {
    const { word, bytes } = wordAt(counts, at);
    at += bytes;
    if (word > 0) histogram.setCountAtIndex(bucket, word);
    bucket += word < 0 ? -word : 1;
    expectAtMost(bucket, MOST_BUCKETS);
  }
  return bucket;
}

/** The ninth byte has eight bits of value, and no mark of a next one. */
function wordAt(counts: Buffer, from: number): { word: number; bytes: number } {
  let raw = 0;
  for (let i = 0; ; i++) {
    const byte = counts.readUInt8(from + i);
    const isLast = i === WORD_BYTES - 1 || byte < 0x80;
    raw += (i === WORD_BYTES - 1 ? byte : byte & 0x7f) * 2 ** (7 * i);
    if (isLast) return { word: raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2, bytes: i + 1 };
  }
}

function expectEqual(found: number, wanted: number): void {
  if (found !== wanted) throw new RangeError(`Expected ${wanted}, found ${found}`);
}

function expectAtMost(found: number, most: number): void {
  if (!(found <= most)) throw new RangeError(`Expected at most ${most}, found ${found}`);
}
