import { entryFile } from '../../src/platform/process/entry.ts';
import { NS_PER_MS, NS_PER_S } from '../../src/kernel/clock.ts';
import type { GeneratorPlan } from '../../src/plan/generator-plan.ts';
import { outcomeAt, readArrivals } from '../../src/measure/logs/arrivals.ts';
import { exactQuantiles } from './schedule-error.ts';
import type { Said } from './record.ts';
import { channelsOf, type FoundTool, type Job, type Tool, urlOf } from './tool.ts';

/** Our generator as one more tool: the process that a trial starts, alone, with a plan and nobody to talk to. */
const DEADLINE_MS = 15_000;

function ownTool(name: string, protocol: Tool['protocol']): FoundTool {
  const tool: Tool = {
    name,
    protocol,
    get: null,
    input: { extension: 'json', text: (job) => JSON.stringify(planOf(job)) },
    open: ['{in}'],
    one: ['{in}'],
    read: (_output, _file, job) => readOwnArrivals(job),
  };
  return {
    tool,
    file: process.execPath,
    first: [entryFile(import.meta.url, '../../src/generator/generator')],
  };
}

export const OWN_TOOLS: readonly FoundTool[] = [
  ownTool('commbench', 'http'),
  ownTool('commbench gRPC', 'grpc'),
];

/** A single request is the first of a load of one. */
function loadOf({ work }: Job): { ratePerS: number; durationMs: number } {
  return work.kind === 'one'
    ? { ratePerS: 1, durationMs: 1000 }
    : { ratePerS: work.ratePerS, durationMs: work.seconds * 1000 };
}

function planOf(job: Job): GeneratorPlan {
  const { ratePerS, durationMs } = loadOf(job);
  const isHttp = job.work.protocol === 'http';
  return {
    version: 1,
    name: 'measured',
    mark: 'measured',
    trial: 0,
    seed: 1,
    transport: isHttp ? 'rest' : 'grpc',
    interaction: 'request-reply',
    options: isHttp ? { connections: job.connections } : { channels: channelsOf(job) },
    // A path of its own: a plain GET, as of an endpoint of the user's.
    address: isHttp
      ? { url: new URL(urlOf(job)).origin, path: '/' }
      : { url: `grpc://127.0.0.1:${job.port}` },
    contract: 'null',
    mix: [{ operation: 'nothing', share: 1 }],
    keys: 1,
    load: { shape: 'constant', ratePerS },
    durationMs,
    deadlineMs: DEADLINE_MS,
    patience: 'refuse',
    drainMs: DEADLINE_MS,
    warmUp: null,
    closedLoops: [],
    steadyState: null,
    pacing: 'auto',
    countBytes: false,
    shard: { index: 0, count: 1 },
    arrivalsPath: job.outPath,
    socketPath: null,
  };
}

/** Exact, from the raw instants; latencies count from the intended instant, as in every report. */
function readOwnArrivals(job: Job): Said {
  const arrivals = readArrivals(job.outPath);
  const { ratePerS } = loadOf(job);
  const indices = Array.from({ length: arrivals.count }, (_, i) => i);
  const dueNs = (i: number): number => arrivals.startNs + (i * NS_PER_S) / ratePerS;
  const answered = indices.filter((i) => outcomeAt(arrivals, i) === 'ok');
  const sent = indices.filter((i) => !Number.isNaN(arrivals.dispatchedNs[i]!));
  return {
    count: answered.length,
    samples: null,
    errors: sent.length - answered.length,
    dropped: arrivals.count - sent.length,
    latencyMs: exactQuantiles(answered.map((i) => (arrivals.acknowledgedNs[i]! - dueNs(i)) / NS_PER_MS)),
    lagMs: exactQuantiles(sent.map((i) => (arrivals.dispatchedNs[i]! - dueNs(i)) / NS_PER_MS)),
  };
}
