import { NS_PER_MS, nowNs } from '../kernel/clock.ts';
import { CommbenchError } from '../kernel/errors.ts';
import type { FaultTarget } from '../faults/fault.ts';
import { type Arrivals, readArrivals } from '../measure/arrivals.ts';
import { createSchedule } from '../measure/schedule.ts';
import type { Collector } from './collector.ts';
import { runFault } from './fault-timeline.ts';
import type { RunningGenerator } from './generator-run.ts';
import { showLive } from './live.ts';
import type { RawTrial } from './raw-trial.ts';
import type { Rig } from './rig.ts';
import type { RunningService } from './service-run.ts';
import type { TrialSpec } from './spec.ts';
import { peaksOf, sampleUsage } from './usage.ts';

/** Time between the order and arrival 0: the pacer must be waiting before it is due. */
const LEAD_MS = 150;
/** A generator's step may take so much longer than planned before it counts as hung. */
const SLACK_MS = 15_000;
const WARM_UP_BOUND_MS = 60_000;
/** No effect for so long, with everything accepted done: quiescence. */
const QUIET_MS = 300;

/** All that one drive needs. */
export interface Drive {
  readonly rig: Rig;
  readonly spec: TrialSpec;
  readonly collector: Collector;
  readonly generator: RunningGenerator;
  readonly service: RunningService | undefined;
  readonly signal: AbortSignal;
}

/** Warms up, starts the load at a named instant, runs the faults beside it, and waits for quiescence. */
export async function drive(d: Drive): Promise<RawTrial> {
  const { rig, spec, generator, service, signal } = d;
  const prepared = await prepare(d);
  const watched = {
    caller: generator.program.pid,
    service: service?.pid,
    broker: rig.brokers.get(spec.row.definition.broker?.name ?? '')?.pids ?? [],
  };
  const schedule = createSchedule(spec.load, spec.durationMs, spec.seed);
  const before = sampleUsage(watched);
  const startNs = nowNs() + LEAD_MS * NS_PER_MS;
  generator.order({ type: 'go', startNs });
  const faults = Promise.all(spec.faults.map((f) => runFault(f, targetOf(f.on, d), startNs, signal)));
  faults.catch(() => undefined);
  using _live = showLive({ rig, spec, schedule, startNs, collector: d.collector });
  await generator.next('sent', spec.durationMs + SLACK_MS);
  const done = await generator.next('done', spec.drainMs + SLACK_MS);
  const records = await faults;
  const arrivals = readArrivals(done.arrivalsPath);
  await quiesce(d, arrivals);
  const after = sampleUsage(watched);
  const effects = d.collector.effects;
  const torn = d.collector.torn;
  return {
    schedule,
    arrivals,
    effects,
    torn,
    ...prepared,
    done,
    faults: records,
    before,
    after,
    peaks: peaksOf(watched),
  };
}

/** Warm-up with its ceiling, its work drained, then settling: the generator stands ready after it. */
async function prepare({ rig, spec, collector, generator, service, signal }: Drive) {
  let warmed: RawTrial['warmed'];
  let settled: RawTrial['settled'];
  const paced = await generator.next('paced', SLACK_MS);
  if (spec.warmUp) {
    rig.progress.phase('warm-up', null);
    warmed = await generator.next('warmed', WARM_UP_BOUND_MS);
    const accepted = warmed.calls - warmed.failed;
    if (accepted === 0)
      throw new CommbenchError('child-failed', `none of ${warmed.calls} warm-up calls succeeded`);
    const isDrained = () => collector.countOf('warm-up') >= accepted;
    if (service && !(await collector.until(isDrained, spec.drainMs, signal))) {
      throw new CommbenchError(
        'child-failed',
        `the warm-up's work was not done after ${spec.drainMs} ms: ${collector.countOf('warm-up')} of ${accepted}`,
      );
    }
  }
  generator.order({ type: 'settle' });
  if (spec.settle) {
    rig.progress.phase('settling', null);
    settled = await generator.next('settled', WARM_UP_BOUND_MS);
    const isDrained = () => collector.countOf('settle') >= settled!.calls;
    if (service) await collector.until(isDrained, 2000, signal);
  }
  await generator.next('ready', SLACK_MS);
  return { warmed, settled, paced };
}

/** Everything accepted is done and no effect came for a while; what is missing at the bound is lost. */
async function quiesce({ spec, collector, service, signal, rig }: Drive, arrivals: Arrivals): Promise<void> {
  if (!service) return;
  rig.progress.phase('draining', null);
  const done = new Set<number>();
  let seen = 0;
  const isAllDone = () => {
    for (; seen < collector.effects.length; seen++) {
      const effect = collector.effects[seen]!;
      if (effect.stage === 'measured') done.add(effect.sequence);
    }
    return acceptedCount(arrivals, done) === 0;
  };
  await collector.until(isAllDone, spec.drainMs, signal);
  await collector.quiet(QUIET_MS, spec.drainMs, signal);
}

function acceptedCount(arrivals: Arrivals, done: ReadonlySet<number>): number {
  let open = 0;
  for (let i = 0; i < arrivals.count; i++) if (arrivals.outcome[i] === 1 && !done.has(i)) open++;
  return open;
}

function targetOf(on: 'service' | 'generator', { service, generator }: Drive): FaultTarget {
  if (on === 'service') {
    if (service) return service;
    throw new CommbenchError('defect', 'A fault needs a service of ours');
  }
  return {
    name: 'generator',
    pid: generator.program.pid,
    signal: (sig) => generator.program.signal(sig),
    ended: async () => void (await generator.program.ended),
    restart: () => Promise.reject(new CommbenchError('defect', 'The generator is never restarted')),
  };
}
