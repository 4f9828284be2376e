/** Which part of a trial a message belongs to: only `measured` ones are in the figures. */
export type Stage = 'measured' | 'warm-up' | 'settle';

/**
 * What travels with every message, over every transport, as one short text
 * (header `x-commbench`, AMQP header of the same name): `trial.stage.sequence.attempt.key.deadline`.
 */
export interface Envelope {
  /** Number of the trial in its run. */
  readonly trial: number;
  readonly stage: Stage;
  /** Index of the arrival in its schedule, from 0. */
  readonly sequence: number;
  /** The sender's own count of tries for this arrival, from 1. */
  readonly attempt: number;
  /** Ordering key: messages of one key must take effect in sequence order. */
  readonly key: number;
  /** Instant on the monotonic clock after which nobody waits for this any more; 0 = none. */
  readonly deadlineNs: number;
}

export const ENVELOPE_HEADER = 'x-commbench';
const STAGES = ['measured', 'warm-up', 'settle'] as const;

export function stageCode(stage: Stage): number {
  return STAGES.indexOf(stage);
}

export function stageOf(code: number): Stage | undefined {
  return STAGES[code];
}

export function encodeEnvelope(e: Envelope): string {
  return `${e.trial}.${stageCode(e.stage)}.${e.sequence}.${e.attempt}.${e.key}.${e.deadlineNs}`;
}

/** Undefined where the text is not an envelope: a message that is not ours. */
export function decodeEnvelope(text: string): Envelope | undefined {
  const parts = text.split('.').map(Number);
  const [trial, code, sequence, attempt, key, deadlineNs] = parts;
  if (parts.length !== 6 || !parts.every((n) => Number.isSafeInteger(n) && n >= 0)) return undefined;
  const stage = stageOf(code!);
  if (!stage) return undefined;
  return { trial: trial!, stage, sequence: sequence!, attempt: attempt!, key: key!, deadlineNs: deadlineNs! };
}
