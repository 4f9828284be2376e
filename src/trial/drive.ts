import { NS_PER_MS, nowNs } from '../kernel/clock.ts';
import type { CountsBytes, ExpectsLoad, StartedComponent } from '../kernel/component.ts';
import { CommbenchError } from '../kernel/errors.ts';
import type { Provisioned } from '../kernel/transport.ts';
import { mergeShards, readArrivals } from '../measure/logs/arrivals.ts';
import { readHopLog } from '../measure/logs/hop-log.ts';
import { sequenceOf } from '../measure/schedule.ts';
import { bytesSince, type WireBytes } from '../measure/logs/wire-count.ts';
import type { FaultRecord } from '../record/record.ts';
import { firstRate } from '../kernel/load-shape.ts';
import { faultByName } from '../faults/faults.ts';
import type { Drive } from './drive-parts.ts';
import { actorOf } from './faults/fault-actor.ts';
import { countFaults } from './faults/fault-counts.ts';
import { runFault, type Turns } from './faults/fault-timeline.ts';
import type { PlannedFault } from '../plan/kinds/timeline/timeline.ts';
import { fanOutIn } from '../plan/late-work.ts';
import type { GeneratorMessages } from './environment/generator-messages.ts';
import { showLive } from './live.ts';
import { DRAIN_CAP_MS, isCompletionObserved, longestSilenceMs, quiesce, whyNotQuiet } from './quiescence.ts';
import type { RawTrial } from './raw-trial.ts';
import type { LoopPlan } from '../plan/kinds/kind.ts';
import type { TrialSpec } from '../plan/spec.ts';
import { completionIn, nothingCame } from '../components/target/completion.ts';
import { LATE_REFUSAL_MS, tlsPlaceOf, tlsProblem } from '../components/target/tls-problem.ts';
import { shownAnswer } from './shown-text.ts';
import { peaksOf, sampleUsage, type Watched } from './usage.ts';

/** Time between the order and arrival 0: the pacer must be waiting before it is due. */
const LEAD_MS = 150;
/** Time beyond its plan after which a generator's step counts as hung. */
const SLACK_MS = 15_000;
const WARM_UP_BOUND_MS = 60_000;
/** Silence after the warm-up, where its effects cannot be counted beforehand. */
const QUIET_MS = 1000;

/** Warms up, starts the load at a named instant, runs the faults beside it, and waits for quiescence. */
export async function drive(planned: Drive): Promise<RawTrial> {
  const { spec: first, schedule, generator } = planned;
  const prepared = await prepare(planned);
  const begun = await planned.meeting?.begin(ownPids(planned), LEAD_MS);
  const watched = watchedIn(planned, begun?.othersPids ?? []);
  const wireBefore = first.measure.countBytes ? await wireBytes(planned) : undefined;
  const before = sampleUsage(watched);
  const startNs = begun?.startNs ?? nowNs() + LEAD_MS * NS_PER_MS;
  const loadOf = ({ load }: TrialSpec) => [startNs, startNs + load.durationMs * NS_PER_MS] as const;
  planned.standstills.begin(...loadOf(first));
  const expecting = expectLoad(planned, startNs);
  generator.order({ type: 'go', startNs });
  await expecting;
  const faults = planned.session?.run(planned, startNs) ?? runFaults(planned, startNs);
  faults.catch(() => undefined);
  using _live = showLive({ ...planned, startNs });
  await generator.next('sent', first.load.durationMs + first.load.drainMs + SLACK_MS);
  const done = await generator.next('done', first.load.drainMs + SLACK_MS);
  const ran = await faults;
  const spec = planned.session?.played() ?? first;
  if (planned.session) planned.standstills.begin(...loadOf(spec));
  const d = { ...planned, spec };
  const arrivals = mergeShards(done.arrivalsPaths.map(readArrivals));
  const readDeadLetters = () => deadLetteredIn(d);
  const held = async () => (await askStores(d, 'held')).map(({ answer }) => answer);
  const disturbedNs = disturbance(d, ran, startNs);
  const rest = await quiesce(d, { arrivals, disturbedNs, readDeadLetters, held });
  // Sampled immediately: the other trials then end the processes that are sampled.
  const besideCpuUs = (await d.meeting?.end(done.cpuUs)) ?? null;
  const after = sampleUsage(watched);
  const deadLettered = await readDeadLetters();
  const completion = (await completionIn(d.components)?.counts()) ?? null;
  const serviceWire = wireBefore ? bytesSince(wireBefore, await wireBytes(d)) : null;
  const peaks = peaksOf(watched);
  const hopLog = readHopLogs(d.hopLogs);
  const left = rest.open > 0 ? await heldWithoutServices(d) : [];
  return {
    logs: { schedule, arrivals, effects: d.collector.effects, torn: d.collector.torn, hopLog },
    completion,
    deadLettered,
    held: left,
    missing: whyNotQuiet(rest, left),
    ownStandstill: d.standstills.own(),
    generator: { ...prepared, done },
    faults: countFaults(spec, { schedule, arrivals, events: hopLog.events, ownEnds: d.ownEnds, ran }),
    usage: { before, after, besideCpuUs, peaks, serviceWire },
  };
}

/** Processes of a trial without its generator, which reports its own use and ends soon. */
function ownPids({ components }: Drive): number[] {
  return components.flatMap(({ kind, pids }) => (kind === 'broker' ? [] : pids));
}

/** Ordered before the generator is, and awaited after: a slow answer takes nothing of its lead. */
async function expectLoad({ components }: Drive, startNs: number): Promise<void> {
  const struck = components.filter((one): one is StartedComponent & ExpectsLoad => 'expectLoad' in one);
  await Promise.all(struck.map((one) => one.expectLoad(startNs)));
}

function watchedIn({ generator, components }: Drive, othersPids: readonly number[]): Watched[] {
  return [
    { name: 'generator', role: 'caller', pids: generator.programs.map(({ pid }) => pid) },
    ...components.map(({ name, kind, pids }) => ({ name, role: kind, pids })),
    { name: 'self', role: 'self', pids: [process.pid, ...othersPids] },
  ];
}

/** Bytes on the connections of all services, since their starts. */
async function wireBytes({ components }: Drive): Promise<WireBytes> {
  const counting = components.filter((one): one is StartedComponent & CountsBytes => 'wireBytes' in one);
  const each = await Promise.all(counting.map((one) => one.wireBytes()));
  const sum = (of: (bytes: WireBytes) => number) => each.reduce((total, bytes) => total + of(bytes), 0);
  return { sent: sum(({ sent }) => sent), received: sum(({ received }) => received) };
}

function readHopLogs(files: readonly string[]): RawTrial['logs']['hopLog'] {
  const logs = files.map(readHopLog);
  return {
    events: logs.flatMap(({ events }) => events),
    torn: logs.reduce((sum, { torn }) => sum + torn, 0),
  };
}

type Question = 'deadLettered' | 'held';
type Answer<Q extends Question> = Awaited<ReturnType<NonNullable<Provisioned[Q]>>>;

/**
 * Asks brokers about each subscriber's messages; stores without that ability are skipped.
 * @throws CommbenchError child-failed: a broker did not reply, which fails this trial alone
 */
async function askStores<Q extends Question>({ stores }: Drive, question: Q) {
  try {
    const answers = stores.map(async ({ provisioned, subscriber, place }) => {
      const ask = provisioned[question] as ((place: number) => Promise<Answer<Q>>) | undefined;
      return ask ? [{ subscriber, answer: await ask(place) }] : [];
    });
    return (await Promise.all(answers)).flat();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new CommbenchError('child-failed', `the broker did not report its remaining messages: ${message}`, {
      cause,
    });
  }
}

/**
 * Messages that brokers still have, by subscriber. Services end first, as the messages in hand return to the broker
 * only then. RabbitMQ does not count them before.
 */
async function heldWithoutServices(d: Drive): Promise<number[]> {
  const services = d.components.filter(({ kind }) => kind === 'service');
  await Promise.all(services.map((service) => service[Symbol.asyncDispose]()));
  const counts: number[] = Array.from({ length: subscribersIn(d) }, () => 0);
  for (const { subscriber, answer } of await askStores(d, 'held')) counts[subscriber]! += answer;
  return counts;
}

function subscribersIn({ spec }: Drive): number {
  return spec.system.topology?.services.length ?? spec.system.pattern.subscribers;
}

/** Dead-lettered sequences, by subscriber. */
async function deadLetteredIn(d: Drive): Promise<number[][]> {
  const subscribers = subscribersIn(d);
  const sequences: number[][] = Array.from({ length: subscribers }, () => []);
  for (const { subscriber, answer } of await askStores(d, 'deadLettered'))
    sequences[subscriber]!.push(...answer);
  return sequences;
}

/** Warms up, runs the closed loops, drains their work, and waits for the steady state; then the generator is ready. */
async function prepare(d: Drive) {
  const { generator, spec } = d;
  const paced = await generator.next('paced', SLACK_MS);
  const warmed = spec.warmUp.closedLoop ? await warmUp(d) : undefined;
  const loops = await closedLoops(d, warmed);
  generator.order({ type: 'settle' });
  const settled = spec.warmUp.steadyState ? await steadyState(d, spec.warmUp.steadyState) : undefined;
  await generator.next('ready', SLACK_MS);
  return { warmed, loops, settled, paced };
}

async function warmUp(d: Drive) {
  const { testbed, spec, generator, components } = d;
  testbed.progress.phase({ name: 'warm-up', secondsLeft: null });
  const warmed = await generator.next('warmed', WARM_UP_BOUND_MS);
  if (warmed.calls === warmed.failed) {
    const cause = warmed.failure ?? 'no reason was given';
    const why = shownAnswer(spec, cause);
    const { target, definition } = spec.system.pattern;
    const isUnanswered = /^(?:refused|connection-lost|timeout):/.test(cause);
    const problem =
      target && isUnanswered && (await tlsProblem(tlsPlaceOf(target), definition, LATE_REFUSAL_MS));
    if (problem) throw problem;
    const isTheirs = target && isUnanswered && !components.some(({ kind }) => kind === 'service');
    const more = isTheirs ? ' (is the target running? `command` in its scenario would start it)' : '';
    throw new CommbenchError(
      'child-failed',
      `none of ${warmed.calls} warm-up calls succeeded: ${why}${more}`,
    );
  }
  await drainWarmUp(d, [warmed]);
  return warmed;
}

type LoopEnd = GeneratorMessages['warmed'];

/** Each after the work of the one before is done. */
async function closedLoops(d: Drive, warmed: LoopEnd | undefined): Promise<(LoopEnd & LoopPlan)[]> {
  const { testbed, spec, generator } = d;
  const ended: (LoopEnd & LoopPlan)[] = [];
  for (const loop of spec.warmUp.loops ?? []) {
    testbed.progress.phase({ name: `closed loop, ${loop.open} open`, secondsLeft: null });
    generator.order({ type: 'loop' });
    ended.push({ ...loop, ...(await generator.next('looped', loop.forMs + WARM_UP_BOUND_MS)) });
    await drainWarmUp(d, [...(warmed ? [warmed] : []), ...ended]);
  }
  return ended;
}

/** Waits until the work of these closed loops, which are all so far, is done. */
async function drainWarmUp(d: Drive, loops: readonly LoopEnd[]): Promise<void> {
  const { spec, collector, components, signal } = d;
  if (!isCompletionObserved(d)) return;
  const completion = completionIn(components);
  const accepted = loops.reduce((sum, { calls, failed }) => sum + calls - failed, 0);
  const expected = loops.reduce((sum, one) => sum + effectsOf(spec, one.callsOf, one.calls - one.failed), 0);
  const isDrained = () => collector.countOf('warm-up') >= expected;
  const isCounted = loops.every(({ failed }) => failed === 0) ? !canSkipWork(spec) : !spec.system.topology;
  const stallMs = isCounted ? longestSilenceMs(d) : QUIET_MS;
  const drained = await collector.drain(isDrained, { stallMs, capMs: stallMs + DRAIN_CAP_MS }, signal);
  if (completion && collector.countOf('warm-up') === 0) throw await nothingCame(completion, accepted);
  // A service of the user's own may drop messages.
  if (drained === 'capped' || (drained === 'stalled' && isCounted && !completion)) {
    const done = `${collector.countOf('warm-up')} of ${expected} were done`;
    throw new CommbenchError('child-failed', `the warm-up's work was not completed: ${done}`);
  }
}

/**
 * Whether calls may end without their work: a fallback may reply instead, and a failed call may have effects or none.
 */
export function canSkipWork({ system: { topology } }: Pick<TrialSpec, 'system'>): boolean {
  const policies = topology?.edges.flatMap((edge) => edge.policies) ?? [];
  return policies.some(({ policy }) => policy === 'fallback');
}

/** Effects of the first `callsOf[i]` arrivals of each shard i in a stage, of which `accepted` were accepted. */
function effectsOf(spec: TrialSpec, callsOf: readonly number[], accepted: number): number {
  if (!spec.system.topology) return accepted * spec.system.pattern.subscribers;
  const fanOut = fanOutIn(spec);
  let effects = 0;
  for (const [index, calls] of callsOf.entries()) {
    const shard = { index, count: callsOf.length };
    for (let i = 0; i < calls; i++) for (const times of fanOut(sequenceOf(shard, i))) effects += times;
  }
  return effects;
}

async function steadyState(d: Drive, plan: NonNullable<TrialSpec['warmUp']['steadyState']>) {
  const { testbed, spec, collector, generator, signal } = d;
  testbed.progress.phase({ name: 'settling', secondsLeft: null });
  // Each shard fills its own windows, at its own part of the rate.
  const perS = firstRate(spec.load.shape) / generator.programs.length;
  const longestMs = (plan.maxWindows * plan.window * 1000) / perS;
  const settled = await generator.next('settled', longestMs + spec.load.drainMs + SLACK_MS);
  const expected = effectsOf(spec, settled.callsOf, settled.calls);
  if (isCompletionObserved(d))
    await collector.until(() => collector.countOf('steady-state') >= expected, 2000, signal);
  return settled;
}

/** @throws CommbenchError child-failed: a faulted part did not return */
async function runFaults(d: Drive, startNs: number): Promise<(FaultRecord | null)[]> {
  const turns: Turns = new Map();
  const { faults } = d.spec;
  const ran = new Map<PlannedFault, Promise<FaultRecord>>();
  try {
    const acted = faults.flatMap((planned) => {
      const actor = actorOf(planned, d);
      return actor ? [{ planned, actor }] : [];
    });
    for (const { planned, actor } of acted.toSorted((a, b) => a.planned.atMs - b.planned.atMs)) {
      ran.set(planned, runFault(planned, actor, { startNs, signal: d.signal, turns }));
    }
    return await Promise.all(faults.map(async (planned) => ran.get(planned) ?? null));
  } catch (cause) {
    if (d.signal.aborted || cause instanceof CommbenchError) throw cause;
    throw new CommbenchError('child-failed', `the fault could not be run: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/**
 * Instant from which a consumer's session may still hold messages:
 * a killed consumer's own end; the return of its broker or link; at the latest the fault's end, if it ends itself.
 */
function disturbance(
  { spec, components }: Drive,
  ran: readonly (FaultRecord | null)[],
  startNs: number,
): number | null {
  const isService = (on: string) =>
    components.some(({ kind, name }) => kind === 'service' && name.split('/')[0] === on);
  const instants = spec.faults.flatMap((fault, i) => {
    const record = ran[i];
    const { layer } = faultByName(fault.do);
    if (!record) return layer === 'application' ? [(fault.atMs + fault.forMs) * NS_PER_MS] : [];
    return [isService(fault.on) ? record.observedNs : record.readyNs];
  });
  return instants.length === 0 ? null : startNs + Math.max(...instants.map(Number));
}
