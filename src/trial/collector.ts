import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from '../kernel/envelope.ts';
import { type Effect, type EffectReader, openEffectReader } from '../measure/logs/effect-log.ts';

const POLL_MS = 20;

export type Drained = 'done' | 'stalled' | 'capped';

/**
 * Follows the effect log of one trial while it grows. Nothing is asked of the processes under
 * measurement: the log is a file, and this reads it.
 */
export interface Collector extends Disposable {
  readonly effects: readonly Effect[];
  readonly torn: number;
  /** Reads what came since the last time. */
  refresh(): void;
  countOf(stage: Stage): number;
  /** Until `isDone(effects)` holds, or `boundMs` is over. @returns whether it held */
  until(isDone: () => boolean, boundMs: number, signal: AbortSignal): Promise<boolean>;
  /**
   * Until `isDone()`, as long as effects keep coming: `stalled` when none came for `stallMs`, `capped`
   * when they still came after `capMs`.
   */
  drain(
    isDone: () => boolean,
    bounds: { stallMs: number; capMs: number },
    signal: AbortSignal,
  ): Promise<Drained>;
  /** Until no effect came for `quietMs`, nor `more` changed, or `boundMs` is over. */
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
  /** Whether nothing came for so long, looked at again and again from now on. */
  const quietFor = (quietMs: number, more = () => 0) => {
    const look = () => effects.length + more();
    let seen = look();
    let since = performance.now();
    return () => {
      const now = look();
      if (now !== seen) {
        seen = now;
        since = performance.now();
      }
      return performance.now() - since >= quietMs;
    };
  };
  return {
    effects,
    get torn() {
      // At quiescence nobody writes any more: a tail is a record that was never finished.
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
