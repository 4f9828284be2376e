import { createHash } from 'node:crypto';
import type { Envelope } from '../envelope.ts';
import { draw } from '../random.ts';

/**
 * Trace contexts of sampled requests (https://www.w3.org/TR/trace-context/). All ids follow from the run's number and
 * the request, so that every process of a run has the same ones, and none has to pass on more than the envelope.
 */
export interface TraceSampling {
  /** Random, so that no two runs have a trace in common; below 2^47. */
  readonly run: number;
  /** Of all requests; above 0, at most 1. */
  readonly share: number;
}

export function isTraced({ run, share }: TraceSampling, trial: number, sequence: number): boolean {
  return draw(run, 'trace', sequence, trial) < share;
}

/** 16 bytes in hexadecimal. */
export function traceIdOf(run: number, trial: number, sequence: number): string {
  return digest(`${run} ${trial} ${sequence}`).slice(0, 32);
}

/** 8 bytes in hexadecimal. @param what its name within the trace: `call 1` */
export function spanIdOf(traceId: string, what: string): string {
  return digest(`${traceId} ${what}`).slice(0, 16);
}

/** Span of the generator's own call. */
export const ROOT_CALL = 'call';

/** Span of an attempt on an edge, by its number. */
export function attemptName(call: number): string {
  return `attempt ${call}`;
}

/** The envelope as it is sent: with a trace context, if it is of a sampled request of the measured load. */
export function withTrace(envelope: Envelope, sampling: TraceSampling | undefined, span: string): Envelope {
  const { stage, trial, sequence } = envelope;
  if (!sampling || stage !== 'measured' || !isTraced(sampling, trial, sequence)) return envelope;
  const traceId = traceIdOf(sampling.run, trial, sequence);
  return { ...envelope, traceparent: `00-${traceId}-${spanIdOf(traceId, span)}-01` };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
