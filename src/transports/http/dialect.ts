import type { Dispatcher } from 'undici';
import type { Message, SendResult } from '../../kernel/transport.ts';
import { type Answer, answerText, type IncomingHeaders } from './answer.ts';
import { decodedBody } from './decoded.ts';
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
  readonly read?: (
    message: Message,
    status: number,
    body: unknown,
    waitedNs: number,
    headers: IncomingHeaders,
  ) => SendResult;
  /** Replaces `read` for such an endpoint with a success rule. */
  readonly verdict?: (message: Message) => SuccessVerdict;
  /**
   * Reads an event of a stream: its item; undefined where it is none. Absent: answers are no streams. The end of a
   * stream is read like the end of any other answer.
   */
  readonly itemOf?: (message: Message, event: StreamEvent, answer: Answer) => SendResult | undefined;
}

/** An event of text/event-stream (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface StreamEvent {
  /** Absent: it has no name, and is a `message`. */
  readonly event?: string | undefined;
  readonly data: string;
}

/** Otherwise the body is discarded as it arrives. */
export function needsBody({ read, verdict }: Dialect, message: Message): boolean {
  return read !== undefined || verdict?.(message).needsBody === true;
}

/** The meaning of an answer to a message. */
export function httpAnswerOf({ read, verdict }: Dialect, message: Message, answer: Answer): SendResult {
  const { status, headers, chunks, waitedNs } = answer;
  const failure = (outcome: 'error' | 'contract-broken', detail: string): SendResult => {
    return { kind: 'failure', outcome, noEffect: false, status, detail, waitedNs };
  };
  const body = decodedBody(whole(chunks), headers, MAX_REPLY_BYTES);
  if (typeof body === 'string') return failure('contract-broken', body);
  if (read) return read(message, status, parse(body), waitedNs, headers);
  if (verdict) return verdict(message).of(answer, body);
  if (isDone(status)) return { kind: 'reply', body: undefined, waitedNs };
  return failure('error', answerText(status, headers['location']));
}

export function isDone(status: number): boolean {
  return status >= 200 && status < 300;
}

const NO_BODY = Buffer.alloc(0);

/** Nearly every reply comes in one piece. */
function whole(chunks: readonly Buffer[]): Buffer {
  if (chunks.length === 0) return NO_BODY;
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    return NOT_JSON;
  }
}
