import { NS_PER_MS, nowNs } from '../kernel/clock.ts';
import { CommbenchError } from '../kernel/errors.ts';
import type { FaultTarget } from '../kernel/fault-target.ts';
import type { Provisioned } from '../kernel/transport.ts';
import { type Arrivals, outcomeAt, readArrivals } from '../measure/arrivals.ts';
import { createSchedule } from '../measure/schedule.ts';
import { firstRate } from '../kernel/load-shape.ts';
import type { Collector } from './collector.ts';
import { runFault } from './fault-timeline.ts';
import type { RunningGenerator } from './generator-run.ts';
import { showLive } from './live.ts';
import type { RawTrial } from './raw-trial.ts';
import type { Rig } from './rig.ts';
import type { RunningService } from './service-run.ts';
import type { PlannedFault, TrialSpec } from './spec.ts';
import { peaksOf, sampleUsage } from './usage.ts';

/** Time between the order and arrival 0: the pacer must be waiting before it is due. */
const LEAD_MS = 150;
/** A generator's step may take so much longer than planned before it counts as hung. */
const SLACK_MS = 15_000;
const WARM_UP_BOUND_MS = 60_000;
/** Work that still goes on so long after the drain's own length is not waited for. */
const DRAIN_CAP_MS = 60_000;
/** No effect for so long, with everything accepted done: quiescence. */
const QUIET_MS = 300;

/** All that one drive needs. */
export interface Drive {
  readonly rig: Rig;
  readonly spec: TrialSpec;
  readonly collector: Collector;
  readonly generator: RunningGenerator;
  readonly service: RunningService | undefined;
  readonly provisioned: Provisioned | undefined;
  readonly signal: AbortSignal;
}

/** Warms up, starts the load at a named instant, runs the faults beside it, and waits for quiescence. */
export async function drive(d: Drive): Promise<RawTrial> {
  const { rig, spec, generator, service, signal } = d;
  const prepared = await prepare(d);
  const watched = {
    caller: generator.program.pid,
    service: service?.pids[0],
    broker: rig.brokers.get(spec.row.definition.broker?.name ?? '')?.pids ?? [],
  };
  const schedule = createSchedule(spec.load, spec.durationMs, spec.seed);
  const before = sampleUsage(watched);
  const startNs = nowNs() + LEAD_MS * NS_PER_MS;
  generator.order({ type: 'go', startNs });
  const faults = Promise.all(spec.faults.map((f) => runFault(f, targetOf(f.on, d), startNs, signal)));
  faults.catch(() => undefined);
  using _live = showLive({ rig, spec, schedule, startNs, collector: d.collector });
  await generator.next('sent', spec.durationMs + spec.drainMs + SLACK_MS);
  const done = await generator.next('done', spec.drainMs + SLACK_MS);
  const records = await faults;
  const arrivals = readArrivals(done.arrivalsPath);
  const missing = await quiesce(d, arrivals);
  const after = sampleUsage(watched);
  const deadLettered = await readDeadLetters(d);
  const effects = d.collector.effects;
  const torn = d.collector.torn;
  return {
    schedule,
    arrivals,
    effects,
    torn,
    deadLettered,
    missing,
    ...prepared,
    done,
    faults: records,
    before,
    after,
    peaks: peaksOf(watched),
  };
}

async function readDeadLetters({ provisioned, spec }: Drive): Promise<readonly (readonly number[])[]> {
  if (!provisioned?.deadLettered) return [];
  const subscribers = Array.from({ length: spec.row.subscribers }, (_, i) => i);
  return Promise.all(subscribers.map((i) => provisioned.deadLettered!(i)));
}

/** Warm-up with its ceiling, its work drained, then settling: the generator stands ready after it. */
async function prepare(d: Drive) {
  const { generator, spec } = d;
  const paced = await generator.next('paced', SLACK_MS);
  const warmed = spec.warmUp ? await warmUp(d) : undefined;
  generator.order({ type: 'settle' });
  const settled = spec.settle ? await settle(d, spec.settle) : undefined;
  await generator.next('ready', SLACK_MS);
  return { warmed, settled, paced };
}

async function warmUp({ rig, spec, collector, generator, service, signal }: Drive) {
  rig.progress.phase('warm-up', null);
  const warmed = await generator.next('warmed', WARM_UP_BOUND_MS);
  const accepted = warmed.calls - warmed.failed;
  if (accepted === 0) {
    const why = warmed.failure ?? 'it was not said why';
    throw new CommbenchError('child-failed', `none of ${warmed.calls} warm-up calls succeeded: ${why}`);
  }
  if (!service) return warmed;
  const isDrained = () => collector.countOf('warm-up') >= accepted;
  const bounds = { stallMs: spec.drainMs, capMs: spec.drainMs + DRAIN_CAP_MS };
  if ((await collector.drain(isDrained, bounds, signal)) !== 'done') {
    const done = `${collector.countOf('warm-up')} of ${accepted} were done`;
    throw new CommbenchError('child-failed', `the warm-up's work did not come to an end: ${done}`);
  }
  return warmed;
}

async function settle(
  { rig, spec, collector, generator, service, signal }: Drive,
  plan: NonNullable<TrialSpec['settle']>,
) {
  rig.progress.phase('settling', null);
  const longestMs = (plan.maxWindows * plan.window * 1000) / firstRate(spec.load);
  const settled = await generator.next('settled', longestMs + spec.drainMs + SLACK_MS);
  const isDrained = () => collector.countOf('settle') >= settled.calls;
  if (service) await collector.until(isDrained, 2000, signal);
  return settled;
}

/**
 * Until everything accepted is done and no effect came for a while. What nothing was heard of for the
 * drain's length is lost; as long as effects keep coming nothing is, and past the cap that is said.
 * @returns what keeps the trial from being judged, in words
 */
async function quiesce(
  { spec, collector, service, signal, rig }: Drive,
  arrivals: Arrivals,
): Promise<string[]> {
  if (!service) return [];
  rig.progress.phase('draining', null);
  const open = openWork(arrivals, collector);
  const bounds = { stallMs: spec.drainMs, capMs: spec.drainMs + DRAIN_CAP_MS };
  const drained = await collector.drain(() => open() === 0, bounds, signal);
  if (drained === 'capped')
    return [`${open()} accepted calls were still being worked off after ${bounds.capMs / 1000} s`];
  await collector.quiet(QUIET_MS, spec.drainMs, signal);
  return [];
}

/** Counts accepted arrivals that are not done yet, at each call anew. */
function openWork(arrivals: Arrivals, collector: Collector): () => number {
  const open = new Set<number>();
  for (let i = 0; i < arrivals.count; i++) if (outcomeAt(arrivals, i) === 'ok') open.add(i);
  let seen = 0;
  return () => {
    for (; seen < collector.effects.length; seen++) {
      const effect = collector.effects[seen]!;
      if (effect.stage === 'measured') open.delete(effect.sequence);
    }
    return open.size;
  };
}

function targetOf(on: PlannedFault['on'], { service, generator, rig, spec }: Drive): FaultTarget {
  if (on === 'service') {
    if (service) return service;
    throw new CommbenchError('defect', 'A fault needs a service of ours');
  }
  if (on === 'broker') {
    const target = rig.brokers.get(spec.row.definition.broker?.name ?? '')?.faultTarget;
    if (target) return target;
    throw new CommbenchError('defect', 'A fault of the middle needs a broker of this run');
  }
  return {
    name: 'generator',
    pids: [generator.program.pid],
    signal: (sig) => generator.program.signal(sig),
    ended: async () => void (await generator.program.ended),
    restart: () => Promise.reject(new CommbenchError('defect', 'The generator is never restarted')),
  };
}
