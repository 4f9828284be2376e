import { NS_PER_MS, nowNs } from '../kernel/clock.ts';
import { CommbenchError } from '../kernel/errors.ts';
import type { FaultTarget } from '../kernel/fault-target.ts';
import type { Provisioned } from '../kernel/transport.ts';
import { readArrivals } from '../measure/arrivals.ts';
import { createSchedule } from '../measure/schedule.ts';
import { bytesSince } from '../measure/wire-count.ts';
import type { FaultRecord } from '../results/record.ts';
import { firstRate } from '../kernel/load-shape.ts';
import type { Collector } from './collector.ts';
import { runFault } from './fault-timeline.ts';
import type { RunningGenerator } from './generator-run.ts';
import { showLive } from './live.ts';
import { DRAIN_CAP_MS, longestSilenceMs, quiesce } from './quiescence.ts';
import type { RawTrial } from './raw-trial.ts';
import type { Rig } from './rig.ts';
import type { ServiceGroup } from './service-group.ts';
import type { PlannedFault, TrialSpec } from './spec.ts';
import { peaksOf, sampleUsage } from './usage.ts';

/** Time between the order and arrival 0: the pacer must be waiting before it is due. */
const LEAD_MS = 150;
/** A generator's step may take so much longer than planned before it counts as hung. */
const SLACK_MS = 15_000;
const WARM_UP_BOUND_MS = 60_000;

/** All that one drive needs. */
export interface Drive {
  readonly rig: Rig;
  readonly spec: TrialSpec;
  readonly collector: Collector;
  readonly generator: RunningGenerator;
  readonly service: ServiceGroup | undefined;
  readonly provisioned: Provisioned | undefined;
  readonly signal: AbortSignal;
}

/** Warms up, starts the load at a named instant, runs the faults beside it, and waits for quiescence. */
export async function drive(d: Drive): Promise<RawTrial> {
  const { rig, spec, generator, service } = d;
  const prepared = await prepare(d);
  const watched = {
    caller: generator.program.pid,
    service: service?.pids ?? [],
    broker: rig.brokers.get(spec.row.definition.broker?.name ?? '')?.pids ?? [],
  };
  const schedule = createSchedule(spec.load, spec.durationMs, spec.seed);
  const wireBefore = spec.countBytes ? await service?.wireBytes() : undefined;
  const before = sampleUsage(watched);
  const startNs = nowNs() + LEAD_MS * NS_PER_MS;
  generator.order({ type: 'go', startNs });
  const faults = runFaults(d, startNs);
  faults.catch(() => undefined);
  using _live = showLive({ rig, spec, schedule, startNs, collector: d.collector });
  await generator.next('sent', spec.durationMs + spec.drainMs + SLACK_MS);
  const done = await generator.next('done', spec.drainMs + SLACK_MS);
  const records = await faults;
  const arrivals = readArrivals(done.arrivalsPath);
  const putAside = () => askOfEach(d, 'deadLettered');
  const held = () => askOfEach(d, 'held');
  const disturbedNs = disturbance(spec.faults, records, startNs);
  const missing = await quiesce(d, { arrivals, disturbedNs, putAside, held });
  const after = sampleUsage(watched);
  const deadLettered = await putAside();
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
    serviceWire: wireBefore && service ? bytesSince(wireBefore, await service.wireBytes()) : null,
  };
}

type Question = 'deadLettered' | 'held';
type Answer<Q extends Question> = Awaited<ReturnType<NonNullable<Provisioned[Q]>>>;

/**
 * What the broker has of each subscriber's messages; nothing where there is no such question.
 * @throws CommbenchError child-failed: it can't be asked, which is this trial's failure and no other's
 */
async function askOfEach<Q extends Question>(
  { provisioned, spec }: Drive,
  question: Q,
): Promise<readonly Answer<Q>[]> {
  const ask = provisioned?.[question] as ((subscriber: number) => Promise<Answer<Q>>) | undefined;
  if (!ask) return [];
  try {
    return await Promise.all(Array.from({ length: spec.row.subscribers }, (_, i) => ask(i)));
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new CommbenchError('child-failed', `the broker did not say what it still has: ${said}`, { cause });
  }
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

async function warmUp(d: Drive) {
  const { rig, spec, collector, generator, service, signal } = d;
  rig.progress.phase('warm-up', null);
  const warmed = await generator.next('warmed', WARM_UP_BOUND_MS);
  const accepted = warmed.calls - warmed.failed;
  if (accepted === 0) {
    const why = warmed.failure ?? 'it was not said why';
    throw new CommbenchError('child-failed', `none of ${warmed.calls} warm-up calls succeeded: ${why}`);
  }
  if (!service) return warmed;
  const expected = accepted * spec.row.subscribers;
  const isDrained = () => collector.countOf('warm-up') >= expected;
  const stallMs = longestSilenceMs(d);
  if ((await collector.drain(isDrained, { stallMs, capMs: stallMs + DRAIN_CAP_MS }, signal)) !== 'done') {
    const done = `${collector.countOf('warm-up')} of ${expected} were done`;
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
  const isDrained = () => collector.countOf('settle') >= settled.calls * spec.row.subscribers;
  if (service) await collector.until(isDrained, 2000, signal);
  return settled;
}

/** @throws CommbenchError child-failed: what was to come back did not */
async function runFaults(d: Drive, startNs: number): Promise<FaultRecord[]> {
  try {
    return await Promise.all(d.spec.faults.map((f) => runFault(f, targetOf(f.on, d), startNs, d.signal)));
  } catch (cause) {
    if (d.signal.aborted || cause instanceof CommbenchError) throw cause;
    throw new CommbenchError('child-failed', `the fault could not be run: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** A killed consumer's session runs from its end; that of one whose broker was away, from the broker's return. */
function disturbance(
  planned: readonly PlannedFault[],
  records: readonly FaultRecord[],
  startNs: number,
): number | null {
  const instants = records.map(({ observedNs, readyNs }, i) =>
    planned[i]!.on === 'broker' ? readyNs : observedNs,
  );
  return instants.length === 0 ? null : startNs + Math.max(...instants.map(Number));
}

function targetOf(on: PlannedFault['on'], { service, generator, rig, spec }: Drive): FaultTarget {
  if (on === 'service') {
    if (service) return service;
    throw new CommbenchError('defect', 'A fault needs a service of ours');
  }
  if (on === 'broker') {
    const broker = rig.brokers.get(spec.row.definition.broker?.name ?? '');
    if (broker?.faultTarget) return named(broker.name, broker.faultTarget);
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

/** Its own name is that of a process, which another run's has not. */
function named(name: string, target: FaultTarget): FaultTarget {
  return {
    name,
    get pids() {
      return target.pids;
    },
    signal: (signal) => target.signal(signal),
    ended: () => target.ended(),
    restart: () => target.restart(),
  };
}
