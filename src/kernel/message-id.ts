import { type Envelope, stageCode, stageOf } from './envelope.ts';

/** The part of an envelope that a target's message carries through a service unaware of commbench. */
export type Identity = Pick<Envelope, 'trial' | 'stage' | 'sequence' | 'attempt' | 'key'>;

/**
 * The id of one message to a target: a UUID of version 8 (RFC 9562, 5.8: its bits are the sender's own). A service
 * treats it like any other id; a reader at the other end recovers the arrival from it.
 *
 *     mmmmmmmm-mmmm-8ttt-vttt-kkkkssssssss
 *
 * 48 bits of the run's mark. 16 of the trial, around the version and variant, with the stage (2 bits), the attempt (4;
 * 15 means 15 or more) and the key's upper 4. Then the key's lower 16, and 32 of the sequence.
 * @param mark of the run: 12 hexadecimal digits
 */
export function messageId(mark: string, { trial, stage, sequence, attempt, key }: Identity): string {
  const third = 0x8000 | (trial & 0xfff);
  const fourth =
    0x8000 |
    (stageCode(stage) << 12) |
    (((trial >> 12) & 0xf) << 8) |
    (Math.min(attempt, 15) << 4) |
    ((key >> 16) & 0xf);
  const fifth = hex(key & 0xffff, 4) + hex(sequence, 8);
  return `${mark.slice(0, 8)}-${mark.slice(8)}-${hex(third, 4)}-${hex(fourth, 4)}-${fifth}`;
}

const FORM = /^([0-9a-f]{8})-([0-9a-f]{4})-8([0-9a-f]{3})-([89ab][0-9a-f]{3})-([0-9a-f]{4})([0-9a-f]{8})$/i;

/** Undefined where the text is not an id of this run. */
export function readMessageId(mark: string, text: string): Identity | undefined {
  const parts = FORM.exec(text.trim());
  if (!parts || `${parts[1]}${parts[2]}`.toLowerCase() !== mark) return undefined;
  const [third, fourth, keyLow, sequence] = parts.slice(3).map((part) => Number.parseInt(part, 16));
  const stage = stageOf((fourth! >> 12) & 0x3);
  if (!stage) return undefined;
  return {
    trial: third! | (((fourth! >> 8) & 0xf) << 12),
    stage,
    sequence: sequence!,
    attempt: (fourth! >> 4) & 0xf,
    key: keyLow! | ((fourth! & 0xf) << 16),
  };
}

function hex(n: number, digits: number): string {
  return n.toString(16).padStart(digits, '0');
}
