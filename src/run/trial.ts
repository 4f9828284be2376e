import path from 'node:path';
import { NS_PER_MS, nowNs } from '../kernel/clock.ts';
import { CommbenchError } from '../kernel/errors.ts';
import type { Address, Transport } from '../kernel/transport.ts';
import type { FaultTarget } from '../faults/fault.ts';
import type { GeneratorLine } from '../load/plan.ts';
import { type Arrivals, readArrivals } from '../measure/arrivals.ts';
import type { Effect } from '../measure/effect-log.ts';
import { createSchedule, type Schedule } from '../measure/schedule.ts';
import type { FaultRecord, Trial } from '../results/record.ts';
import { type Collector, openCollector } from './collector.ts';
import { runFault } from './fault-timeline.ts';
import { type RunningGenerator, startGenerator } from './generator-run.ts';
import { showLive } from './live.ts';
import type { Rig } from './rig.ts';
import { type RunningService, startService } from './service-run.ts';
import type { TrialSpec } from './spec.ts';
import { failedTrial, judgeTrial } from './trial-record.ts';
import { type Peaks, peaksOf, sampleUsage, type UsageSample } from './usage.ts';

/** Time between the order and arrival 0: the pacer must be waiting before it is due. */
const LEAD_MS = 150;
/** A generator's step may take so much longer than planned before it counts as hung. */
const SLACK_MS = 15_000;
const WARM_UP_BOUND_MS = 60_000;
/** No effect for so long, with everything accepted done: quiescence. */
const QUIET_MS = 300;

/** What was seen in one trial, before anything is computed from it. */
export interface RawTrial {
  readonly schedule: Schedule;
  readonly arrivals: Arrivals;
  readonly effects: readonly Effect[];
  readonly torn: number;
  readonly warmed: Extract<GeneratorLine, { type: 'warmed' }> | undefined;
  readonly settled: Extract<GeneratorLine, { type: 'settled' }> | undefined;
  readonly paced: Extract<GeneratorLine, { type: 'paced' }>;
  readonly done: Extract<GeneratorLine, { type: 'done' }>;
  readonly faults: readonly FaultRecord[];
  readonly before: UsageSample;
  readonly after: UsageSample;
  readonly peaks: Peaks;
}

export interface TrialOutput {
  readonly trial: Trial;
  /** Undefined when the trial failed. */
  readonly raw: RawTrial | undefined;
}

/**
 * Runs one trial with fresh processes and queues of its own. A process that fails makes a failed
 * trial, with its last words; only an interrupt or a defect of commbench is thrown.
 */
export async function runTrial(rig: Rig, spec: TrialSpec): Promise<TrialOutput> {
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  try {
    const raw = await observe(rig, spec);
    const wallMs = performance.now() - startedMs;
    return { trial: judgeTrial(rig, spec, raw, { startedAt, wallMs }), raw };
  } catch (error) {
    if (rig.signal.aborted) throw rig.signal.reason;
    if (!(error instanceof CommbenchError)) throw error;
    const wallMs = performance.now() - startedMs;
    return { trial: failedTrial(spec, error.message, { startedAt, wallMs }), raw: undefined };
  }
}

async function observe(rig: Rig, spec: TrialSpec): Promise<RawTrial> {
  await using stack = new AsyncDisposableStack();
  const over = new AbortController();
  const signal = AbortSignal.any([rig.signal, over.signal]);
  stack.defer(() => over.abort(new Error('the trial is over')));
  const name = `${spec.row.id}-${spec.id}`;
  const logPath = path.join(rig.folder, `${name}.effects`);
  const collector = stack.use(openCollector(logPath));
  const callee = await openCallee(rig, spec, { name, logPath, signal, stack });
  const generator = stack.use(
    await startGenerator(rig, generatorSettings(rig, spec, name, callee.address), signal),
  );
  const trouble = Promise.race([...(callee.service ? [callee.service.lost] : []), brokerLost(rig, spec)]);
  trouble.catch(() => undefined);
  // Awaited here: what is in use is disposed when this function is left.
  return await Promise.race([
    drive({ rig, spec, collector, generator, service: callee.service, signal }),
    trouble,
  ]);
}

/** The service of this trial, or the user's own target. */
async function openCallee(
  rig: Rig,
  spec: TrialSpec,
  at: { name: string; logPath: string; signal: AbortSignal; stack: AsyncDisposableStack },
): Promise<{ address: Address; service: RunningService | undefined }> {
  if (spec.row.target !== undefined) return { address: targetAddress(spec.row.target), service: undefined };
  const transport = await spec.row.definition.load();
  const provisioned = await provision(transport, rig, spec);
  if (provisioned) at.stack.use(provisioned);
  const service = await startService(
    rig,
    {
      name: `service-${at.name}`,
      transport: spec.row.definition.name,
      interaction: spec.row.interaction,
      options: spec.row.options,
      contract: spec.contract,
      address: provisioned?.address ?? null,
      ...spec.service,
      subscriber: 0,
      effectLogPath: at.logPath,
    },
    at.signal,
  );
  at.stack.use(service);
  return { address: service.address, service };
}

async function provision(transport: Transport, rig: Rig, spec: TrialSpec) {
  const broker = rig.brokers.get(spec.row.definition.broker?.name ?? '');
  if (!transport.provision || !broker) return undefined;
  try {
    return await transport.provision({
      options: spec.row.options,
      interaction: spec.row.interaction,
      slots: spec.service.slots,
      brokerUrl: broker.url,
      prefix: `commbench.${rig.mark}.${spec.id}`,
    });
  } catch (error) {
    throw new CommbenchError(
      'child-failed',
      `could not prepare ${broker.name}: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

function targetAddress(target: string): Address {
  const url = new URL(target);
  return { url: url.origin, path: url.pathname + url.search };
}

function brokerLost(rig: Rig, spec: TrialSpec): Promise<never> {
  const broker = rig.brokers.get(spec.row.definition.broker?.name ?? '');
  if (!broker) return new Promise(() => undefined);
  return broker.lost.then((words) => {
    throw new CommbenchError(
      'child-failed',
      `the broker ${broker.name} was lost in mid-trial; its last words: ${words}`,
    );
  });
}

function generatorSettings(rig: Rig, spec: TrialSpec, name: string, address: Address) {
  return {
    name: `generator-${name}`,
    trial: spec.id,
    seed: spec.seed,
    transport: spec.row.definition.name,
    interaction: spec.row.interaction,
    options: spec.row.options,
    address,
    contract: spec.contract,
    mix: spec.mix,
    keys: spec.keys,
    load: spec.load,
    durationMs: spec.durationMs,
    deadlineMs: spec.deadlineMs,
    drainMs: spec.drainMs,
    warmUp: spec.warmUp,
    settle: spec.settle,
    pacing: 'auto' as const,
    shard: { index: 0, count: 1 },
    arrivalsPath: path.join(rig.folder, `${name}.arrivals`),
  };
}

interface Drive {
  readonly rig: Rig;
  readonly spec: TrialSpec;
  readonly collector: Collector;
  readonly generator: RunningGenerator;
  readonly service: RunningService | undefined;
  readonly signal: AbortSignal;
}

async function drive(d: Drive): Promise<RawTrial> {
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
    signal: (sig) => generator.program.signal(sig),
    ended: async () => void (await generator.program.ended),
    restart: () => Promise.reject(new CommbenchError('defect', 'The generator is never restarted')),
  };
}
