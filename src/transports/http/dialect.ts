import type { Dispatcher } from 'undici';
import type { Message, SendResult } from '../../kernel/transport.ts';
import type { SuccessVerdict } from './success.ts';

/** A contract's reply is far smaller; a larger one is no reply of ours. */
export const MAX_REPLY_BYTES = 2 * 1024 * 1024;
export const TOO_LARGE_REPLY = `Expected a reply of at most ${MAX_REPLY_BYTES} bytes`;

/** Represents a body that is not JSON. */
export const NOT_JSON = Symbol('not JSON');

/** A transport's HTTP requests, and its reading of the answers; the same for every client library. */
export interface Dialect {
  requestOf(message: Message): Dispatcher.DispatchOptions;
  /**
   * Reads an answer, received to its end; `body` is parsed JSON, NOT_JSON, or undefined where there was none. Absent
   * for an endpoint of the user's own: its answer may have any form and size, and is not read.
   */
  readonly read?: (message: Message, status: number, body: unknown, waitedNs: number) => SendResult;
  /** Replaces `read` for such an endpoint with a success rule. */
  readonly verdict?: SuccessVerdict;
}

/** Otherwise the body is discarded as it arrives. */
export function needsBody({ read, verdict }: Dialect): boolean {
  return read !== undefined || verdict?.needsBody === true;
}

/** An answer as it was received, to its end. */
interface Answer {
  readonly status: number;
  readonly chunks: readonly Buffer[];
  readonly waitedNs: number;
}

/** The meaning of an answer to a message. */
export function httpAnswerOf(
  { read, verdict }: Dialect,
  message: Message,
  { status, chunks, waitedNs }: Answer,
): SendResult {
  if (read) return read(message, status, parse(chunks), waitedNs);
  if (verdict) return verdict.of(status, whole(chunks), waitedNs);
  if (isDone(status)) return { kind: 'reply', body: undefined, waitedNs };
  return { kind: 'failure', outcome: 'error', noEffect: false, status, detail: `HTTP ${status}`, waitedNs };
}

export function isDone(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Nearly every reply comes in one piece. */
function whole(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function parse(chunks: readonly Buffer[]): unknown {
  if (chunks.length === 0) return undefined;
  try {
    return JSON.parse(whole(chunks).toString());
  } catch {
    return NOT_JSON;
  }
}
