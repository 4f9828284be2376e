import { closeSync, openSync, writeSync } from 'node:fs';
import { type Clock, monotonicClock } from '../../kernel/clock.ts';
import type { Envelope } from '../../kernel/envelope.ts';
import type { EffectWriter, InService } from '../../measure/logs/effect-log.ts';
import type { ServiceConfig } from '../../plan/service-config.ts';
import { createProcessing, type Processing } from './processing.ts';

/** One line of the seeded defects' own log, which `selftest` compares with the ledger. */
export interface SeededDefectRecord {
  readonly defect: 'lose' | 'double' | 'reorder';
  readonly trial: number;
  readonly sequence: number;
  readonly key: number;
  /** For `reorder`: the later message of the same key that was done first. */
  readonly overtakenBy?: number;
  readonly atNs: number;
}

type SeededDefects = NonNullable<ServiceConfig['seededDefects']>;
interface HeldBack {
  readonly envelope: Envelope;
  readonly concurrent: number;
  readonly inService: InService | undefined;
}

/**
 * Deliberate defects of the service, seeded where its effects are recorded, unknown to the measuring code. Each is
 * seeded once, in the measured stage only.
 */
export function seedDefects(
  effects: EffectWriter,
  seededDefects: Pick<SeededDefects, SeededDefectRecord['defect'] | 'logPath'>,
  clock: Clock = monotonicClock,
): EffectWriter {
  const fd = openSync(seededDefects.logPath, 'a', 0o600);
  const lose = new Set(seededDefects.lose);
  const double = new Set(seededDefects.double);
  const reorder = new Set(seededDefects.reorder);
  const heldBack = new Map<number, HeldBack>();

  const log = (
    defect: SeededDefectRecord['defect'],
    { trial, sequence, key }: Envelope,
    overtakenBy?: number,
  ) => {
    const line: SeededDefectRecord = {
      defect,
      trial,
      sequence,
      key,
      ...(overtakenBy === undefined ? {} : { overtakenBy }),
      atNs: clock.nowNs(),
    };
    writeSync(fd, `${JSON.stringify(line)}\n`);
  };

  const release = ({ envelope, concurrent, inService }: HeldBack) =>
    effects.write(envelope, clock.nowNs(), concurrent, inService);

  const write: EffectWriter['write'] = (envelope, completedNs, concurrent, inService) => {
    const { sequence, key } = envelope;
    if (envelope.stage !== 'measured') return effects.write(envelope, completedNs, concurrent, inService);
    if (lose.delete(sequence)) return log('lose', envelope);
    if (!heldBack.has(key) && reorder.delete(sequence)) {
      heldBack.set(key, { envelope, concurrent, inService });
      return;
    }
    effects.write(envelope, completedNs, concurrent, inService);
    if (double.delete(sequence)) {
      effects.write(envelope, clock.nowNs(), concurrent, inService);
      log('double', envelope);
    }
    const overtaken = heldBack.get(key);
    if (overtaken && sequence > overtaken.envelope.sequence) {
      heldBack.delete(key);
      release(overtaken);
      log('reorder', overtaken.envelope, sequence);
    }
  };

  return {
    write,
    [Symbol.dispose]() {
      // These were not overtaken: late, but in order, so no defect was seeded.
      for (const waiting of heldBack.values()) release(waiting);
      heldBack.clear();
      closeSync(fd);
      effects[Symbol.dispose]();
    },
  };
}

/**
 * A processing time for some messages only, so that those with and without it share one equally warm process.
 * @param whole the processing time of every message, if there is one
 */
export function seedDelay(
  whole: Processing | undefined,
  { from, to, ms }: NonNullable<SeededDefects['hold']>,
  clock: Clock = monotonicClock,
): Processing {
  const seeded = createProcessing(ms, clock)!;
  return (envelope) => {
    const { stage, sequence } = envelope;
    return stage === 'measured' && sequence >= from && sequence < to ? seeded() : whole?.(envelope);
  };
}
