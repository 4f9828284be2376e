import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Envelope, Stage } from '../../kernel/envelope.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { lineSplitter } from '../../platform/ipc/ndjson.ts';
import type { Outcome } from '../../kernel/outcome.ts';
import type { PolicyEvent } from '../../kernel/policy-event.ts';

/**
 * The hop log: what a service of a topology did, one JSON object a line, written synchronously as it happens,
 * so that it survives a SIGKILL of the service as the effect log does (DESIGN 3.3). Instants in ns on the
 * monotonic clock. Places are indices of the topology's services and edges.
 */
export type HopEvent =
  | Execution
  | Attempt
  | AttemptEnd
  | HopCall
  | ({ readonly type: 'policy'; readonly edge: number; readonly atNs: number } & PolicyEvent)
  | Injected;

/** Which message of which arrival it is about. */
export interface HopMessage {
  readonly stage: Stage;
  readonly sequence: number;
  readonly operation: string;
}

/** The handler of a service has a slot and begins: work is spent from here on, whatever comes of it. */
export interface Execution extends HopMessage {
  readonly type: 'execution';
  readonly service: number;
  /** The attempt that asked for it; 0: the generator's. */
  readonly call: number;
  readonly attempt: number;
  readonly atNs: number;
}

/** An attempt was started on an edge, by its caller. */
export interface Attempt extends HopMessage {
  readonly type: 'attempt';
  readonly edge: number;
  /** Unique in the trial. */
  readonly call: number;
  /** The attempt by which the caller itself was asked; 0: the generator's. */
  readonly parent: number;
  readonly attempt: number;
  readonly atNs: number;
}

/** The same attempt is over, as its caller saw it. */
export interface AttemptEnd {
  readonly type: 'ended';
  readonly call: number;
  readonly outcome: Outcome;
  readonly status: number;
  /** Id of the fault that the service said it was; absent: none said so. */
  readonly fault?: string;
  readonly atNs: number;
}

/** What came of a call after all policies of its edge. */
export interface HopCall extends HopMessage {
  readonly type: 'call';
  readonly edge: number;
  readonly parent: number;
  readonly beganNs: number;
  readonly endedNs: number;
  readonly outcome: Outcome;
  /** Attempts that it took; 0: none was let through. */
  readonly attempts: number;
  /** Answered by the edge's fallback. */
  readonly fallback: boolean;
}

/** A fault of the application layer struck this message here. */
export interface Injected extends HopMessage {
  readonly type: 'injected';
  readonly fault: string;
  readonly service: number;
  readonly attempt: number;
  readonly atNs: number;
}

export interface HopWriter extends Disposable {
  write(event: HopEvent): void;
}

/** @throws (write) CommbenchError disk-full: what nobody would know of must not go on */
export function openHopWriter(path: string): HopWriter {
  const fd = openSync(path, 'a', 0o600);
  return {
    write(event) {
      const line = Buffer.from(`${JSON.stringify(event)}\n`);
      const written = writeSync(fd, line);
      // A full disk takes a part of a line without an error.
      if (written < line.length) {
        const found = `Expected to write ${line.length} bytes to ${path}, wrote ${written}`;
        throw new CommbenchError('disk-full', found);
      }
    },
    [Symbol.dispose]: () => closeSync(fd),
  };
}

const PIECE_BYTES = 1024 * 1024;

/**
 * Piece by piece: the log of a long trial is longer than a string may be.
 * @returns the events in the order in which they were written, and lines that are none (a full disk's)
 */
export function readHopLog(path: string): { readonly events: HopEvent[]; readonly torn: number } {
  const events: HopEvent[] = [];
  let torn = 0;
  const take = lineSplitter((line) => {
    try {
      events.push(JSON.parse(line) as HopEvent);
    } catch {
      torn++;
    }
  });
  const fd = openSync(path, 'r');
  try {
    const [piece, decoder] = [Buffer.alloc(PIECE_BYTES), new StringDecoder()];
    for (let bytes = readSync(fd, piece); bytes > 0; bytes = readSync(fd, piece)) {
      take(decoder.write(piece.subarray(0, bytes)));
    }
  } finally {
    closeSync(fd);
  }
  // What was cut off in the midst of a line is torn too.
  take('\n');
  return { events, torn };
}

/** What of an envelope and an operation says which message it is. */
export function hopMessage({ stage, sequence }: Envelope, operation: string): HopMessage {
  return { stage, sequence, operation };
}
