import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from '../kernel/envelope.ts';
import { type Effect, type EffectReader, openEffectReader } from '../measure/logs/effect-log.ts';

const POLL_MS = 20;
/** Time between two looks that counts at most: what stopped us may have stopped those who are waited for. */
const MOST_STEP_MS = 250;

type Drained = 'done' | 'stalled' | 'capped';

/**
 * Follows the effect log of one trial while it grows. It reads the file alone, so that the measured processes are not
 * disturbed.
 */
export interface Collector extends Disposable {
  readonly effects: readonly Effect[];
  readonly torn: number;
  /** Reads the effects since the last call. */
  refresh(): void;
  countOf(stage: Stage): number;
  /**
   * Waits until `isDone(effects)`, at most `boundMs`.
   * @returns whether it was reached
   */
  until(isDone: () => boolean, boundMs: number, signal: AbortSignal): Promise<boolean>;
  /**
   * Waits until `isDone()` while effects keep coming: `stalled` after `stallMs` without one, `capped` after `capMs` in
   * all.
   */
  drain(
    isDone: () => boolean,
    bounds: { stallMs: number; capMs: number },
    signal: AbortSignal,
  ): Promise<Drained>;
  /** Waits until for `quietMs` there was no effect and no change of `more`, at most `boundMs`. */
  quiet(quietMs: number, boundMs: number, signal: AbortSignal, more?: () => number): Promise<void>;
}

export function openCollector(path: string): Collector {
  const reader: EffectReader = openEffectReader(path);
  const effects: Effect[] = [];
  const counts = new Map<Stage, number>();
  const refresh = () => {
    for (const effect of reader.read()) {
      effects.push(effect);
      counts.set(effect.stage, (counts.get(effect.stage) ?? 0) + 1);
    }
  };
  const until: Collector['until'] = async (isDone, boundMs, signal) => {
    const end = performance.now() + boundMs;
    for (;;) {
      refresh();
      if (isDone()) return true;
      if (performance.now() >= end) return false;
      await sleep(POLL_MS, undefined, { signal });
    }
  };
  /** Whether no effect came for this long; counted from now on, call by call. */
  const quietFor = (quietMs: number, more = () => 0) => {
    const total = () => effects.length + more();
    let last = total();
    let lookedMs = performance.now();
    let quiet = 0;
    return () => {
      const now = total();
      const atMs = performance.now();
      quiet = now === last ? quiet + Math.min(atMs - lookedMs, MOST_STEP_MS) : 0;
      last = now;
      lookedMs = atMs;
      return quiet >= quietMs;
    };
  };
  return {
    effects,
    get torn() {
      // At quiescence there is no writer left: a tail is a record that was never finished.
      return reader.torn + (reader.tailBytes > 0 ? 1 : 0);
    },
    refresh,
    countOf: (stage) => counts.get(stage) ?? 0,
    until,
    async drain(isDone, { stallMs, capMs }, signal) {
      const isQuiet = quietFor(stallMs);
      let isAllDone = false;
      const isOver = () => (isAllDone = isDone()) || isQuiet();
      const ended = await until(isOver, capMs, signal);
      if (isAllDone) return 'done';
      return ended ? 'stalled' : 'capped';
    },
    async quiet(quietMs, boundMs, signal, more) {
      await until(quietFor(quietMs, more), boundMs, signal);
    },
    [Symbol.dispose]: () => reader[Symbol.dispose](),
  };
}
