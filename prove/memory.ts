import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryBytesOf } from '../src/platform/process/proc.ts';
import { NS_PER_S, nowNs } from '../src/kernel/clock.ts';
import type { Program } from '../src/kernel/program.ts';
import type { GeneratorMessage, GeneratorPlan } from '../src/plan/generator-plan.ts';
import { outcomeAt, readArrivals } from '../src/measure/logs/arrivals.ts';
import { SeriesBuilder, quantileUs } from '../src/measure/figures/histogram.ts';
import { createSchedule, WHOLE } from '../src/measure/schedule.ts';
import { loadTransportDefinition } from '../src/transports/discover.ts';
import { describeEnvironment } from '../src/record/environment.ts';
import { silentProgress } from '../src/trial/progress.ts';
import { openTestbed, type Testbed } from '../src/trial/environment/testbed.ts';
import { startService } from '../src/components/service/start-service.ts';

/**
 * `npm run prove -- memory [MINUTES] [RATE_PER_S]`: ten minutes at 5,000/s over REST grow the generator by less than
 * 20 MB after the first minute: what it will need it has from the start. Looked at is the most that it ever held
 * (VmHWM), to its end, the writing of its instants included. Every run is kept, numbered.
 */
const EVIDENCE = path.resolve(import.meta.dirname, '../docs/evidence/memory.json');
const LIMIT_BYTES = 20e6;
const FIRST_S = 60;
const EVERY_MS = 50;
const KEPT_EVERY_S = 10;
const [MINUTES, RATE_PER_S] = [10, 5000];

interface Sample {
  /** From the start of the load. */
  readonly atS: number;
  readonly nowBytes: number;
  readonly peakBytes: number;
}

export async function run(args: string[]): Promise<number> {
  const minutes = Number(args[0] ?? MINUTES);
  const ratePerS = Number(args[1] ?? RATE_PER_S);
  // What grew after the first minute can be told of more than that alone.
  if (!(minutes >= 2 && ratePerS > 0)) {
    console.error(`memory: expected at least 2 minutes and a rate per second, found ${args.join(' ')}`);
    return 2;
  }
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => interrupt.abort(new Error(signal)));
  await using testbed = await openTestbed({ progress: silentProgress, signal: interrupt.signal });
  const startedAt = new Date().toISOString();
  const found = await measure(testbed, planOf(testbed, minutes, ratePerS));
  const earlier = existsSync(EVIDENCE)
    ? (JSON.parse(readFileSync(EVIDENCE, 'utf8')) as { runs: unknown[] }).runs
    : [];
  const { cpu, cores, os, kernel, commbench, node } = describeEnvironment();
  const one = { number: earlier.length + 1, startedAt, commbench, node, minutes, ratePerS, ...found };
  const machine = { cpu, cores, system: os, kernel };
  writeFileSync(EVIDENCE, `${JSON.stringify({ machine, runs: [...earlier, one] }, null, 1)}\n`);
  const grown = `${(found.grownBytes / 1e6).toFixed(1)} MB`;
  console.log(
    `${minutes} min at ${ratePerS}/s: after the first minute it grew by ${grown} (limit ${LIMIT_BYTES / 1e6} MB), ` +
      `${found.ok} of ${found.planned} ok, dispatch lag p99 ${found.lagP99Us} us`,
  );
  const passed = Number(found.grownBytes < LIMIT_BYTES && found.ok === found.planned);
  console.log(`${passed} passed, ${1 - passed} failed`);
  return passed === 1 ? 0 : 1;
}

type Plan = GeneratorPlan & { readonly address: null };

function planOf(testbed: Testbed, minutes: number, ratePerS: number): Plan {
  return {
    version: 1,
    name: 'generator',
    mark: testbed.mark,
    trial: 1,
    seed: 1,
    transport: 'rest',
    interaction: 'request-reply',
    options: {},
    address: null,
    contract: 'echo-64',
    mix: [{ operation: 'echo', share: 1 }],
    keys: 1000,
    load: { shape: 'constant', ratePerS },
    durationMs: minutes * 60_000,
    deadlineMs: 5000,
    patience: 'refuse',
    drainMs: 10_000,
    warmUp: { calls: 3000, concurrency: 16, forMs: 0, mostMs: null },
    closedLoops: [],
    steadyState: null,
    pacing: 'auto',
    countBytes: false,
    shard: WHOLE,
    arrivalsPath: path.join(testbed.folder, 'arrivals'),
    socketPath: null,
  };
}

/** A generator on its own, by its plan (DESIGN 9), on a service of ours. */
async function measure(testbed: Testbed, plan: Plan) {
  const { transport, interaction, contract } = plan;
  const effectLogPath = path.join(testbed.folder, 'effects');
  const options = (await loadTransportDefinition(transport)).options.parse({});
  const place = { name: 'service', transport, interaction, isBrokers: false, contract, address: null };
  const size = { concurrency: 64, queue: 100_000, processingMs: 0, subscriber: 0 };
  const rest = { effectLogPath, countBytes: false, seededDefects: null, hop: null };
  await using service = await startService(testbed, { ...place, options, ...size, ...rest }, testbed.signal);
  const file = path.join(testbed.folder, 'generator.json');
  writeFileSync(file, JSON.stringify({ ...plan, address: service.address }));
  await using program = await testbed.spawner.spawn({
    name: 'generator',
    file: process.execPath,
    args: [path.resolve(import.meta.dirname, '../src/generator/generator.ts'), file],
    outputPath: path.join(testbed.folder, 'generator.out'),
  });
  const samples = await watch(program, testbed.signal);
  const { code } = await program.ended;
  if (code !== 0)
    throw new Error(`the generator ended with ${code}: ${readFileSync(program.outputPath, 'utf8')}`);
  return { ...memoryIn(samples), ...answersIn(plan) };
}

/** Until it ends. */
async function watch(program: Program, signal: AbortSignal): Promise<Sample[]> {
  const samples: Sample[] = [];
  const over = new AbortController();
  void program.ended.then(() => over.abort());
  let startNs: number | undefined;
  while (!over.signal.aborted) {
    await sleep(EVERY_MS, undefined, { signal });
    startNs ??= startOf(program.outputPath);
    const memory = memoryBytesOf(program.pid);
    if (startNs !== undefined && memory) samples.push({ atS: (nowNs() - startNs) / NS_PER_S, ...memory });
  }
  return samples;
}

function startOf(outputPath: string): number | undefined {
  const lines = readFileSync(outputPath, 'utf8').split('\n').filter(Boolean);
  const said = lines.map((line) => JSON.parse(line) as GeneratorMessage);
  return said.find((line) => line.type === 'started')?.startNs;
}

function memoryIn(samples: readonly Sample[]) {
  const peakBy = (s: number) =>
    Math.max(...samples.filter(({ atS }) => atS <= s).map(({ peakBytes }) => peakBytes));
  const kept = samples.filter(({ atS }, i) => {
    return Math.floor(atS / KEPT_EVERY_S) > Math.floor((samples[i - 1]?.atS ?? -1) / KEPT_EVERY_S);
  });
  const [firstBytes, lastBytes] = [peakBy(FIRST_S), peakBy(Infinity)];
  return {
    peakOfFirstMinuteBytes: firstBytes,
    peakBytes: lastBytes,
    grownBytes: lastBytes - firstBytes,
    /** What it held, every ten seconds. */
    heldMb: kept.map(({ nowBytes }) => Math.round(nowBytes / 1e5) / 10),
  };
}

function answersIn({ arrivalsPath, load, durationMs, seed }: Plan) {
  const arrivals = readArrivals(arrivalsPath);
  const schedule = createSchedule(load, durationMs, seed);
  const lag = new SeriesBuilder();
  let ok = 0;
  for (let i = 0; i < arrivals.count; i++) {
    const dueNs = schedule.intendedNs(i);
    lag.record(arrivals.dispatchedNs[i]! - arrivals.startNs - dueNs, dueNs);
    if (outcomeAt(arrivals, i) === 'ok') ok++;
  }
  const built = lag.build();
  return { planned: arrivals.count, ok, lagP50Us: quantileUs(built, 0.5), lagP99Us: quantileUs(built, 0.99) };
}
