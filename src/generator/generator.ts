import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { contractByName } from '../contracts/contracts.ts';
import { TARGET_OPERATION, targetContract } from '../contracts/target.ts';
import { streamShapeOf } from '../contracts/stream-shape.ts';
import { FailureTextBook } from '../measure/logs/failure-texts.ts';
import { NS_PER_MS, nowNs } from '../kernel/clock.ts';
import { CommbenchError, EXIT } from '../kernel/errors.ts';
import { firstRate } from '../kernel/load-shape.ts';
import { endsWithin } from '../kernel/wait.ts';
import { draw } from '../kernel/random.ts';
import type { Address, Call, Connection } from '../kernel/transport.ts';
import { createItemInstants, writeArrivals } from '../measure/logs/arrivals.ts';
import { createSchedule, shardOf } from '../measure/schedule.ts';
import { bytesSince, connectionsSince, openWireCount } from '../measure/logs/wire-count.ts';
import { loadTransportParts } from '../transports/discover.ts';
import { withPatience } from '../transports/with-patience.ts';
import { collectGarbage, watchHealth } from './health.ts';
import { createMessages, type Messages } from './messages.ts';
import { runOpenLoop, type Steering } from './open-loop.ts';
import { choosePace, FEW_ARRIVALS } from './pacing/choose.ts';
import type { AddressedPlan, GeneratorPlan } from '../plan/generator-plan.ts';
import { readPlanFile } from '../plan/plan-file.ts';
import { rehearse, REHEARSED_PER_S } from './rehearsal.ts';
import { steadyState } from './steady-state.ts';
import { openControlChannel, type ControlChannel } from './control-channel.ts';
import { flowCall, mostSteps } from './flow-call.ts';
import { streamCall } from './stream-call.ts';
import { warmUp } from './warm-up.ts';

/** The generator process (one shard): `node generator.ts PLAN.json`; `plan.ts` documents the plan. */

/** Delay between readiness and the load, stand-alone. */
const LEAD_NS = 20 * NS_PER_MS;

process.on('SIGTERM', endAtOnce);
await main(process.argv[2]!);

function endAtOnce(): void {
  process.exit(EXIT.terminated);
}

async function main(planPath: string): Promise<void> {
  const plan = await readPlan(planPath);
  const speaker = await openControlChannel(plan);
  try {
    speaker.send({ type: 'hello', name: plan.name, mark: plan.mark, pid: process.pid });
    const loaded = await loadTransport(plan);
    const address = plan.address ?? (await speaker.awaitAddress());
    await generate({ ...plan, address }, loaded, speaker);
    process.exitCode = EXIT.done;
  } catch (error) {
    writeSync(2, `${inspect(error)}\n`);
    speaker.send({ type: 'failed', message: (error as Error).message });
    process.exitCode = error instanceof CommbenchError ? error.exitCode : EXIT.defect;
  }
  await speaker.finish();
  // A transport's timers and sockets must not keep a finished generator alive.
  process.exit();
}

/** The CLI has validated its plan already, and schemas take longer to load than a connection. */
async function readPlan(file: string): Promise<GeneratorPlan> {
  const plan = readPlanFile(file) as GeneratorPlan;
  if (plan.socketPath !== null) return plan;
  const { checkPlan } = await import('./stand-alone-plan.ts');
  return checkPlan(plan);
}

async function optionsOf({ socketPath, transport, options }: GeneratorPlan): Promise<unknown> {
  if (socketPath !== null) return options;
  const { completeOptions } = await import('./stand-alone-plan.ts');
  return completeOptions(transport, options);
}

async function generate(plan: AddressedPlan, loaded: Loaded, speaker: ControlChannel): Promise<void> {
  const { shard, deadlineMs, drainMs } = plan;
  const schedule = shardOf(createSchedule(plan.load, plan.durationMs, plan.seed), shard);
  const firstPerS = firstRate(plan.load) / shard.count;
  // Before the first connection, and after that to the hub.
  using wire = openWireCount();
  await using connection = withPatience(await loaded.connect(plan.address), plan);
  await using chosen = await choosePace(plan.pacing, schedule.count, firstPerS);
  const { pacing, pace, candidates } = chosen;
  speaker.send({ type: 'paced', pacing, candidates });
  const { messages, send, items } = callsOf(plan, connection, schedule.count);
  const load = { messages, send, pace, deadlineMs, drainMs };

  if (!plan.warmUp && firstPerS >= REHEARSED_PER_S) await rehearseBy(loaded, plan, pace, firstPerS);
  await runClosedLoops(plan, { messages, send }, speaker);
  await speaker.awaitSteadyState();
  if (plan.steadyState)
    speaker.send({ type: 'settled', ...(await steadyState(plan.steadyState, firstPerS, load, shard)) });
  speaker.send({ type: 'ready' });
  const orderedStartNs = await speaker.awaitStart();
  if (schedule.count >= FEW_ARRIVALS) collectGarbage();
  const startNs = orderedStartNs ?? nowNs() + LEAD_NS;
  speaker.send({ type: 'started', startNs, count: schedule.count });

  const before = { bytes: wire.total(), connects: wire.connects() };
  const health = watchHealth();
  let sentNs = startNs;
  const onSent = (dispatched: number): void => {
    sentNs = nowNs();
    speaker.send({ type: 'sent', dispatched });
  };
  const texts = new FailureTextBook();
  const onFailure = texts.note.bind(texts);
  const arrivals = await runOpenLoop({
    ...load,
    stage: 'measured',
    schedule,
    shard,
    startNs,
    ...steeringOf(plan, speaker),
    onSent,
    onFailure,
  });
  // Kept messages have no open calls, and are sent within the drain like these.
  if (connection.flushed)
    await endsWithin(Math.max(0, drainMs - (nowNs() - sentNs) / NS_PER_MS), connection.flushed());
  const bytes = plan.countBytes ? bytesSince(before.bytes, wire.total()) : null;
  const connections = connectionsSince(before.connects, wire.connects());
  const report = { ...health.report(), wire: bytes, connections };
  writeArrivals(plan.arrivalsPath, items ? { ...arrivals, items } : arrivals);
  // From here on it ends by itself, within its parent's grace period, as unconfirmed messages may still be unsent.
  process.off('SIGTERM', endAtOnce).on('SIGTERM', () => {});
  speaker.send({ type: 'done', arrivalsPath: plan.arrivalsPath, ...report, failureTexts: texts.list() });
}

/** This shard's part of every schedule that is ordered while the load lasts. */
function steeringOf(
  { mostArrivals, seed, shard }: AddressedPlan,
  speaker: ControlChannel,
): { readonly steering?: Steering } {
  if (mostArrivals === undefined) return {};
  return {
    steering: {
      most: Math.ceil(mostArrivals / shard.count),
      begin: (follow) =>
        speaker.onSteer(({ load, durationMs }) =>
          follow(shardOf(createSchedule(load, durationMs, seed), shard)),
        ),
    },
  };
}

/**
 * What arrivals say, and how each is one call.
 * @param count of measured arrivals
 */
function callsOf(plan: AddressedPlan, connection: Connection, count: number) {
  const { target, shard } = plan;
  const contract = target ? targetContract(target.stream ?? undefined) : contractByName(plan.contract);
  const messages = createMessages(plan, contract);
  const shape = streamShapeOf(contract, plan.mix);
  const perArrival = shape?.items ?? (target ? mostSteps(target) : 0);
  const items = perArrival > 0 ? createItemInstants(count, perArrival) : undefined;
  const stamps = items && { items, shard };
  const call = shape && stamps ? streamCall(connection, shape, stamps) : connection.send;
  return { messages, send: target && !shape ? flowCall(call, target, stamps) : call, items };
}

/** The warm-up and the closed loops after it; their numbers go on, so that none is used twice. */
async function runClosedLoops(
  { warmUp: first, closedLoops, deadlineMs, shard }: AddressedPlan,
  { messages, send }: { readonly messages: Messages; readonly send: Call },
  speaker: ControlChannel,
): Promise<void> {
  let begun = 0;
  if (first) {
    const warmed = await warmUp(first, deadlineMs, messages, send, shard);
    begun = warmed.calls;
    speaker.send({ type: 'warmed', ...warmed });
  }
  for (const { open, forMs } of closedLoops) {
    await speaker.awaitLoop();
    const settings = { calls: 1, concurrency: open, forMs, mostMs: null };
    const looped = await warmUp(settings, deadlineMs, messages, send, shard, begun);
    begun += looped.calls;
    speaker.send({ type: 'looped', ...looped });
  }
}

/** Warms the code with a counterpart of the transport's own, where it has one. */
async function rehearseBy(
  { parts, context }: Loaded,
  plan: AddressedPlan,
  pace: Parameters<typeof rehearse>[2],
  perS: number,
): Promise<void> {
  if (!parts.rehearse) return;
  const openCounterpart = await parts.rehearse();
  await using counterpart = await openCounterpart(context);
  await rehearse(plan, counterpart, pace, perS);
}

type Loaded = Awaited<ReturnType<typeof loadTransport>>;

async function loadTransport(plan: GeneratorPlan) {
  const { transport: name, interaction, target, seed } = plan;
  const parts = await loadTransportParts(name);
  const context = { interaction, options: await optionsOf(plan) };
  if (!target) {
    const open = await parts.connect();
    return { parts, context, connect: (address: Address) => open(address, context) };
  }
  if (!parts.connectTarget) throw new CommbenchError('defect', `${name} can't drive a target`);
  const open = await parts.connectTarget();
  const requests = new Map(
    Object.entries(target.requests).map(([operation, { settings, take }]) => [
      operation,
      { settings, seed: seedOf(seed, operation), isTaken: Object.keys(take).length > 0 },
    ]),
  );
  const targetContext = { ...context, requests, ...(target.tls ? { tls: target.tls } : {}) };
  return { parts, context, connect: (address: Address) => open(address, targetContext) };
}

/** The same place in two requests of one flow is filled with different values. */
function seedOf(seed: number, operation: string): number {
  return operation === TARGET_OPERATION ? seed : Math.floor(draw(seed, `request ${operation}`, 0) * 2 ** 32);
}
