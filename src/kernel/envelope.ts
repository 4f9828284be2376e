/** The part of a trial that a message belongs to; figures use only `measured` ones. */
export type Stage = 'measured' | 'warm-up' | 'steady-state';

/**
 * Metadata of every message, over every transport, as one short text (header `x-commbench`, AMQP header of the same
 * name): `trial.stage.sequence.attempt.key.deadline`. Between services `.call` follows.
 */
export interface Envelope {
  /** Number of the trial in its run. */
  readonly trial: number;
  readonly stage: Stage;
  /** Index of the arrival in its schedule, from 0. */
  readonly sequence: number;
  /**
   * The sender's attempt number for this arrival, from 1. Between services it continues from the attempt that reached
   * the sender, so attempt numbers are unique along one path.
   */
  readonly attempt: number;
  /** Ordering key: messages of one key must take effect in sequence order. */
  readonly key: number;
  /** Instant on the monotonic clock after which no caller waits for the message; 0 = none. */
  readonly deadlineNs: number;
  /** Identity of this attempt in its trial, given by the service that makes it; absent: the generator makes it. */
  readonly call?: number;
  /** Values from earlier answers of its flow, for the templates of a target (text-template.ts); never on the wire. */
  readonly taken?: Readonly<Record<string, unknown>>;
  /** W3C trace context of a sampled request, in a header of its own; absent: it is not traced. */
  readonly traceparent?: string;
}

export const ENVELOPE_HEADER = 'x-commbench';
export const TRACE_HEADER = 'traceparent';

/** Headers of a message as names and values in turn, with its trace context if it is traced and they name none. */
export function traced(headers: string[], { traceparent }: Envelope): string[] {
  if (traceparent === undefined || headers.includes(TRACE_HEADER)) return headers;
  return [...headers, TRACE_HEADER, traceparent];
}

/** The same for headers by name. */
export function tracedByName<Headers extends Readonly<Record<string, unknown>>>(
  headers: Headers,
  { traceparent }: Envelope,
): Headers {
  return traceparent === undefined ? headers : { [TRACE_HEADER]: traceparent, ...headers };
}
const STAGES = ['measured', 'warm-up', 'steady-state'] as const;

export function stageCode(stage: Stage): number {
  return STAGES.indexOf(stage);
}

export function stageOf(code: number): Stage | undefined {
  return STAGES[code];
}

export function encodeEnvelope(e: Envelope): string {
  const text = `${e.trial}.${stageCode(e.stage)}.${e.sequence}.${e.attempt}.${e.key}.${e.deadlineNs}`;
  return e.call === undefined ? text : `${text}.${e.call}`;
}

/** Undefined where the text is not an envelope: a message that is not ours. */
export function decodeEnvelope(text: string): Envelope | undefined {
  const parts = text.split('.').map(Number);
  const [trial, code, sequence, attempt, key, deadlineNs, call] = parts;
  if (parts.length < 6 || parts.length > 7) return undefined;
  if (!parts.every((n) => Number.isSafeInteger(n) && n >= 0)) return undefined;
  const stage = stageOf(code!);
  if (!stage) return undefined;
  const own = call === undefined ? {} : { call };
  return {
    trial: trial!,
    stage,
    sequence: sequence!,
    attempt: attempt!,
    key: key!,
    deadlineNs: deadlineNs!,
    ...own,
  };
}
