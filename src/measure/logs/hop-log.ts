import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Envelope, Stage } from '../../kernel/envelope.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { lineSplitter } from '../../platform/ipc/ndjson.ts';
import type { Outcome } from '../../kernel/outcome.ts';
import type { PolicyEvent } from '../../kernel/policy-event.ts';

/**
 * The hop log: the events of a topology's service, one JSON object a line, written synchronously as they happen. Like
 * the effect log, it survives a SIGKILL of the service (DESIGN 3.3). Instants in ns on the monotonic clock. Services
 * and edges are indices of the topology.
 */
export type HopEvent =
  | Execution
  | Attempt
  | AttemptEnd
  | HopCall
  | ({ readonly type: 'policy'; readonly edge: number; readonly atNs: number } & PolicyEvent)
  | Injected;

/** The message of an event, and its arrival. */
export interface HopMessage {
  readonly stage: Stage;
  readonly sequence: number;
  readonly operation: string;
}

/** A service's handler begins with an admitted message: work is spent from here on, whatever its outcome. */
export interface Execution extends HopMessage {
  readonly type: 'execution';
  readonly service: number;
  /** The attempt that caused it; 0: the generator's. */
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
  /** The attempt that reached the caller itself; 0: the generator's. */
  readonly parent: number;
  readonly attempt: number;
  readonly atNs: number;
}

/** The end of an attempt, from its caller's side. */
export interface AttemptEnd {
  readonly type: 'ended';
  readonly call: number;
  readonly outcome: Outcome;
  readonly status: number;
  /** Id of the fault that the service named as its cause; absent: none. */
  readonly fault?: string;
  readonly atNs: number;
}

/** The outcome of a call after all policies of its edge. */
export interface HopCall extends HopMessage {
  readonly type: 'call';
  readonly edge: number;
  readonly parent: number;
  readonly beganNs: number;
  readonly endedNs: number;
  readonly outcome: Outcome;
  /** Attempts that it took; 0: the policies let none through. */
  readonly attempts: number;
  /** The reply came from the edge's fallback. */
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

/** @throws (write) CommbenchError disk-full: an event that is not logged must not continue */
export function openHopWriter(path: string): HopWriter {
  const fd = openSync(path, 'a', 0o600);
  return {
    write(event) {
      const line = Buffer.from(`${JSON.stringify(event)}\n`);
      const written = writeSync(fd, line);
      // A full disk accepts part of a line without an error.
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
 * Reads in chunks, as the log of a long trial exceeds the longest string.
 * @returns the events in order of writing, and the number of torn lines (after a full disk)
 */
export function readHopLog(path: string): { readonly events: HopEvent[]; readonly torn: number } {
  using reader = openHopReader(path);
  const events = reader.read();
  // A final line without its end is torn too.
  return { events: [...events, ...reader.end()], torn: reader.torn };
}

/** Follows a growing log: `read` returns the events since the last call. */
export interface HopReader extends Disposable {
  read(): HopEvent[];
  /** Takes what follows the last whole line as a line. */
  end(): HopEvent[];
  /** Torn lines so far. */
  readonly torn: number;
}

export function openHopReader(path: string): HopReader {
  let events: HopEvent[] = [];
  let torn = 0;
  const take = lineSplitter((line) => {
    try {
      events.push(JSON.parse(line) as HopEvent);
    } catch {
      torn++;
    }
  });
  const fd = openSync(path, 'r');
  const [piece, decoder] = [Buffer.alloc(PIECE_BYTES), new StringDecoder()];
  const taken = (): HopEvent[] => {
    const all = events;
    events = [];
    return all;
  };
  return {
    get torn() {
      return torn;
    },
    read() {
      for (let bytes = readSync(fd, piece); bytes > 0; bytes = readSync(fd, piece)) {
        take(decoder.write(piece.subarray(0, bytes)));
      }
      return taken();
    },
    end() {
      take('\n');
      return taken();
    },
    [Symbol.dispose]: () => closeSync(fd),
  };
}

/** The message's identity, from its envelope and operation. */
export function hopMessage({ stage, sequence }: Envelope, operation: string): HopMessage {
  return { stage, sequence, operation };
}
