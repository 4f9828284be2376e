import { isUsedFor } from '../plan/kinds/kinds.ts';
import { faultByName } from '../faults/faults.ts';
import { NS_PER_MS, NS_PER_S, nowNs } from '../kernel/clock.ts';
import type { Effect } from '../measure/logs/effect-log.ts';
import type { Collector } from './collector.ts';
import type { Drive } from './drive-parts.ts';
import type { PlannedFault } from '../plan/kinds/timeline/timeline.ts';
import type { TrialSpec } from '../plan/spec.ts';

const EVERY_MS = 500;
const WINDOW_NS = 2 * NS_PER_S;

/** Its signal aborts at the end of the trial: then the effect log is closed, while the drive may still be waiting. */
interface Watch extends Pick<Drive, 'testbed' | 'spec' | 'schedule' | 'signal'> {
  readonly startNs: number;
  readonly collector: Pick<Collector, 'effects' | 'refresh'>;
}

/**
 * Shows phase, fault, time left, and rate and median of *completed* work, from the effect log alone; the generator is
 * not asked. For display only.
 */
export function showLive(watch: Watch): Disposable {
  const timer = setInterval(() => show(watch), EVERY_MS);
  const end = () => clearInterval(timer);
  watch.signal.addEventListener('abort', end, { once: true });
  return { [Symbol.dispose]: end };
}

function show({ testbed, spec, schedule, startNs, collector }: Watch): void {
  const atMs = (nowNs() - startNs) / NS_PER_MS;
  const phase = spec.load.phases.find((p) => atMs < p.toMs);
  // A control's phases are named after faults that it does not have.
  const stage = phase && isUsedFor(spec.kind, 'control') ? 'no fault' : phase?.name;
  const fault = faultNow(spec, atMs);
  testbed.progress.phase({
    name: stage ?? 'draining',
    secondsLeft: Math.max(0, spec.load.durationMs - atMs) / 1000,
    ...(fault === undefined ? {} : { fault }),
  });
  collector.refresh();
  if (spec.system.pattern.target !== undefined) return;
  const all = lastOf(collector.effects, nowNs() - WINDOW_NS);
  // With a topology, the first service's effects count as arrivals.
  const recent = spec.system.topology ? all.filter(({ subscriber }) => subscriber === 0) : all;
  const took = recent
    .map((e) => e.completedNs - startNs - schedule.intendedNs(e.sequence))
    .toSorted((a, b) => a - b);
  testbed.progress.live({
    ratePerS:
      recent.length /
      spec.system.pattern.subscribers /
      (Math.min(WINDOW_NS, Math.max(NS_PER_S, nowNs() - startNs)) / NS_PER_S),
    p50Ms: took.length === 0 ? null : took[Math.ceil(0.5 * took.length) - 1]! / NS_PER_MS,
  });
}

function lastOf(effects: readonly Effect[], sinceNs: number): Effect[] {
  const out: Effect[] = [];
  for (let i = effects.length - 1; i >= 0; i--) {
    const effect = effects[i]!;
    if (effect.completedNs < sinceNs) break;
    if (effect.stage === 'measured') out.push(effect);
  }
  return out;
}

/**
 * Effect of the latest fault that still lasts: `service killed 1.2 s ago`. Taken from the plan, as it is for display
 * only.
 */
export function faultNow(
  { kind, faults }: Pick<TrialSpec, 'kind' | 'faults'>,
  atMs: number,
): string | undefined {
  if (isUsedFor(kind, 'control')) return undefined;
  const on = faults.filter((fault) => fault.atMs <= atMs && atMs < fault.atMs + fault.forMs);
  const last = on.toSorted((a, b) => a.atMs - b.atMs).at(-1);
  return last && `${whatOf(last)} ${((atMs - last.atMs) / 1000).toFixed(1)} s ago`;
}

function whatOf({ do: name, on, options }: PlannedFault): string {
  const { state, layer } = faultByName(name);
  return layer === 'load' ? `load ×${String(options['factor'])}` : `${on} ${state}`;
}
