import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { NO_CONTENT_DIGEST } from './content-digest.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { type Envelope, type Stage, stageCode, stageOf } from '../../kernel/envelope.ts';

/**
 * The effect log: one fixed-size record per effect, written synchronously *before* the service replies or acknowledges
 * (DESIGN 3.3). Completed work is then known even after a SIGKILL: the page cache survives the process.
 *
 * Record, little endian, 64 bytes: u32 trial, u8 stage, u8 reserved, u16 attempt, u32 sequence, u32 key, u16
 * subscriber, u16 concurrent (messages in the handler, this one included), u32 pid of the service, f64 instant (ns,
 * monotonic), f64 instant of its arrival, f64 instant of its admission, u32 digest of the stored content, reserved, u32
 * check (sum of the other words).
 *
 * 64 divides the page: a record never crosses one, so a SIGKILL cannot leave half a record (the kernel checks for
 * fatal signals between pages). A full disk can; then the next writer closes the gap, so that one torn record never
 * spoils later ones.
 */
export const EFFECT_RECORD_BYTES = 64;
const CHECK_AT = EFFECT_RECORD_BYTES - 4;
const CHECKED_BYTES = 52;

/** Stages of a message in the service before its effect; ns on the monotonic clock, NaN = unknown. */
export interface InService {
  /** The handler received it, read and decoded. */
  readonly arrivedNs: number;
  /** It was admitted. */
  readonly begunNs: number;
}

export const NOT_IN_SERVICE: InService = { arrivedNs: NaN, begunNs: NaN };

export interface Effect extends InService {
  readonly trial: number;
  readonly stage: Stage;
  readonly sequence: number;
  readonly attempt: number;
  readonly key: number;
  /** Index of the subscriber, from 0; 0 where there is only one. */
  readonly subscriber: number;
  /** Messages in the handler when it was done, this one included. */
  readonly concurrent: number;
  readonly pid: number;
  /** Nanoseconds on the monotonic clock. */
  readonly completedNs: number;
  /** Digest of the content that it stored; 0: none is recorded. */
  readonly storedDigest: number;
}

/** The service's side of the effect log. */
export interface EffectWriter extends Disposable {
  /** @param storedDigest of the content that it stored, where that is compared with what was sent */
  write(
    envelope: Envelope,
    completedNs: number,
    concurrent: number,
    inService?: InService,
    storedDigest?: number,
  ): void;
}

/** Opens the log for appending; several writers, one after another or at once, may share one. */
export function openEffectWriter(path: string, subscriber: number): EffectWriter {
  const fd = openSync(path, 'a', 0o600);
  closeGap(fd);
  const record = Buffer.alloc(EFFECT_RECORD_BYTES);
  record.writeUInt16LE(subscriber, 16);
  record.writeUInt32LE(process.pid, 20);
  return {
    write(e, completedNs, concurrent, inService = NOT_IN_SERVICE, storedDigest = NO_CONTENT_DIGEST) {
      record.writeUInt32LE(e.trial, 0);
      record.writeUInt8(stageCode(e.stage), 4);
      record.writeUInt16LE(Math.min(e.attempt, 0xffff), 6);
      record.writeUInt32LE(e.sequence, 8);
      record.writeUInt32LE(e.key, 12);
      record.writeUInt16LE(Math.min(concurrent, 0xffff), 18);
      record.writeDoubleLE(completedNs, 24);
      record.writeDoubleLE(inService.arrivedNs, 32);
      record.writeDoubleLE(inService.begunNs, 40);
      record.writeUInt32LE(storedDigest, 48);
      record.writeUInt32LE(checkOf(record, 0), CHECK_AT);
      const written = writeSync(fd, record);
      // Without its record the effect must not be acknowledged.
      if (written < EFFECT_RECORD_BYTES) {
        throw new CommbenchError(
          'disk-full',
          `Expected to write ${EFFECT_RECORD_BYTES} bytes to ${path}, wrote ${written}`,
        );
      }
    },
    [Symbol.dispose]: () => closeSync(fd),
  };
}

/** Pads a predecessor's partial record, which becomes one torn record. */
function closeGap(fd: number): void {
  const odd = fstatSync(fd).size % EFFECT_RECORD_BYTES;
  if (odd > 0) writeSync(fd, Buffer.alloc(EFFECT_RECORD_BYTES - odd));
}

/** Polynomial sum over the words in use (Java's String.hashCode has the same form). */
function checkOf(bytes: Buffer, at: number): number {
  let sum = 0x9e3779b9;
  for (let i = 0; i < CHECKED_BYTES; i += 4) sum = (Math.imul(sum, 31) + bytes.readUInt32LE(at + i)) >>> 0;
  return sum;
}

/** The collector's side: follows a growing log; `read` returns the effects since the last call. */
export interface EffectReader extends Disposable {
  read(): Effect[];
  /** Records whose check sum is wrong: counted, never used. */
  readonly torn: number;
  /** Bytes after the last whole record: 0 once every writer is quiet; otherwise evidence is missing. */
  readonly tailBytes: number;
}

export function openEffectReader(path: string): EffectReader {
  const fd = openSync(path, 'a+', 0o600);
  const buffer = Buffer.alloc(EFFECT_RECORD_BYTES * 4096);
  let position = 0;
  let torn = 0;
  return {
    get torn() {
      return torn;
    },
    get tailBytes() {
      return fstatSync(fd).size - position;
    },
    read() {
      const out: Effect[] = [];
      for (;;) {
        const bytes = readSync(fd, buffer, 0, buffer.length, position);
        const whole = bytes - (bytes % EFFECT_RECORD_BYTES);
        if (whole === 0) return out;
        position += whole;
        for (let at = 0; at < whole; at += EFFECT_RECORD_BYTES) {
          const effect = decode(buffer, at);
          if (effect) out.push(effect);
          else torn++;
        }
      }
    },
    [Symbol.dispose]: () => closeSync(fd),
  };
}

function decode(b: Buffer, at: number): Effect | undefined {
  const stage = stageOf(b.readUInt8(at + 4));
  if (!stage || b.readUInt32LE(at + CHECK_AT) !== checkOf(b, at)) return undefined;
  return {
    trial: b.readUInt32LE(at),
    stage,
    attempt: b.readUInt16LE(at + 6),
    sequence: b.readUInt32LE(at + 8),
    key: b.readUInt32LE(at + 12),
    subscriber: b.readUInt16LE(at + 16),
    concurrent: b.readUInt16LE(at + 18),
    pid: b.readUInt32LE(at + 20),
    completedNs: b.readDoubleLE(at + 24),
    arrivedNs: b.readDoubleLE(at + 32),
    begunNs: b.readDoubleLE(at + 40),
    storedDigest: b.readUInt32LE(at + 48),
  };
}
