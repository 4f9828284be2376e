import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { NS_PER_MS, nowNs } from '../kernel/clock.ts';
import type { EventLoopHealth } from '../plan/generator-plan.ts';

export interface HealthReport {
  readonly loop: EventLoopHealth;
  readonly cpuUs: number;
  /** Time in which that was used. */
  readonly spanNs: number;
  readonly maxRssBytes: number;
}

/** perf_hooks reports the time between two samples of the loop: an idle one has this, not 0. */
const LOOP_INTERVAL_MS = 10;

function beyondInterval(ns: number): number {
  return Math.max(0, ns - LOOP_INTERVAL_MS * NS_PER_MS);
}

/** Watches this process from now until `report`, which may be called once. */
export function watchHealth(): { report(): HealthReport } {
  const delay = monitorEventLoopDelay({ resolution: LOOP_INTERVAL_MS });
  const gc = { count: 0, totalNs: 0, maxNs: 0 };
  const note = (durationMs: number): void => {
    gc.count++;
    gc.totalNs += durationMs * NS_PER_MS;
    gc.maxNs = Math.max(gc.maxNs, durationMs * NS_PER_MS);
  };
  const observer = new PerformanceObserver((list) => list.getEntries().forEach((e) => note(e.duration)));
  const before = process.cpuUsage();
  const fromNs = nowNs();
  delay.enable();
  observer.observe({ entryTypes: ['gc'] });
  return {
    report() {
      const cpu = process.cpuUsage(before);
      delay.disable();
      observer.takeRecords().forEach((entry) => note(entry.duration));
      observer.disconnect();
      return {
        loop: {
          loopDelayP99Ns: beyondInterval(delay.percentile(99)),
          loopDelayMaxNs: beyondInterval(delay.max),
          gcCount: gc.count,
          gcTotalNs: Math.round(gc.totalNs),
          gcMaxNs: Math.round(gc.maxNs),
        },
        cpuUs: cpu.user + cpu.system,
        spanNs: nowNs() - fromNs,
        maxRssBytes: process.resourceUsage().maxRSS * 1024,
      };
    },
  };
}

/**
 * Limits the growth of the old generation over the live heap (some 13 MB). Objects that survive two young collections
 * by chance wait there, and V8 may postpone its collection until it has grown fourfold.
 * At 1,500/s it held 60 MB of these after two minutes. With this limit, a collection of a few ms runs about every half
 * minute at 5,000/s, and memory stays level.
 */
const OLD_GENERATION_GROWS_PERCENT = 60;

/** Collects earlier garbage before the measured part; from then on the heap stays small. */
export function collectGarbage(): void {
  setFlagsFromString(`--heap-growing-percent=${OLD_GENERATION_GROWS_PERCENT}`);
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
