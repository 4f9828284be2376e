import { closeSync, openSync, writeSync } from 'node:fs';
import { type Clock, monotonicClock } from '../../kernel/clock.ts';
import type { Envelope } from '../../kernel/envelope.ts';
import type { EffectWriter, InService } from '../../measure/logs/effect-log.ts';
import type { ServiceConfig } from '../../plan/service-config.ts';
import { createHold, type Hold } from './hold.ts';

/** One line of the plants' own log: what was really planted, for `selftest` to hold against the ledger. */
export interface PlantLine {
  readonly plant: 'lose' | 'double' | 'reorder';
  readonly trial: number;
  readonly sequence: number;
  readonly key: number;
  /** Of `reorder`: the later message of the same key that was done first. */
  readonly overtakenBy?: number;
  readonly atNs: number;
}

type Plants = NonNullable<ServiceConfig['plants']>;
interface HeldBack {
  readonly envelope: Envelope;
  readonly concurrent: number;
  readonly way: InService | undefined;
}

/**
 * Deliberate defects of the service, planted where its effects are recorded: what measures them knows
 * nothing of it. Each is planted once, in the measured stage only.
 */
export function plantDefects(
  effects: EffectWriter,
  plants: Pick<Plants, PlantLine['plant'] | 'logPath'>,
  clock: Clock = monotonicClock,
): EffectWriter {
  const fd = openSync(plants.logPath, 'a', 0o600);
  const lose = new Set(plants.lose);
  const double = new Set(plants.double);
  const reorder = new Set(plants.reorder);
  const heldBack = new Map<number, HeldBack>();

  const log = (plant: PlantLine['plant'], { trial, sequence, key }: Envelope, overtakenBy?: number) => {
    const line: PlantLine = {
      plant,
      trial,
      sequence,
      key,
      ...(overtakenBy === undefined ? {} : { overtakenBy }),
      atNs: clock.nowNs(),
    };
    writeSync(fd, `${JSON.stringify(line)}\n`);
  };

  const release = ({ envelope, concurrent, way }: HeldBack) =>
    effects.write(envelope, clock.nowNs(), concurrent, way);

  const write: EffectWriter['write'] = (envelope, completedNs, concurrent, way) => {
    const { sequence, key } = envelope;
    if (envelope.stage !== 'measured') return effects.write(envelope, completedNs, concurrent, way);
    if (lose.delete(sequence)) return log('lose', envelope);
    if (!heldBack.has(key) && reorder.delete(sequence)) {
      heldBack.set(key, { envelope, concurrent, way });
      return;
    }
    effects.write(envelope, completedNs, concurrent, way);
    if (double.delete(sequence)) {
      effects.write(envelope, clock.nowNs(), concurrent, way);
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
      // Nobody overtook these: done late, but in order, so nothing was planted.
      for (const waiting of heldBack.values()) release(waiting);
      heldBack.clear();
      closeSync(fd);
      effects[Symbol.dispose]();
    },
  };
}

/**
 * A hold for some messages only, so that those with and those without are of one process, equally warm.
 * @param whole the hold of every message, if there is one
 */
export function plantHold(
  whole: Hold | undefined,
  { from, to, ms }: NonNullable<Plants['hold']>,
  clock: Clock = monotonicClock,
): Hold {
  const planted = createHold(ms, clock)!;
  return (envelope) => {
    const { stage, sequence } = envelope;
    return stage === 'measured' && sequence >= from && sequence < to ? planted() : whole?.(envelope);
  };
}
