import { z } from 'zod';
import { type LoadShape, MAX_ARRIVALS } from '../../kernel/load-shape.ts';
import { loadShapeSchema } from './load-shape-schema.ts';
import { capacityFields as serviceFields, interactionSchema, ms, word } from './fields.ts';
import { FAULT_RULES } from '../rules/fault-rules.ts';
import { type Breach, repeatedIds, rule } from '../rules/rule.ts';
import { THRESHOLD_RULES, thresholdsSchema } from './threshold.ts';
import { TOPOLOGY_RULES } from '../rules/topology-rules.ts';
import { targetsSchema } from './targets-schema.ts';
import { topologyChange, topologyFields } from './topology-schema.ts';

export const LATENCY_WORDS = ['low', 'medium', 'high', 'variable'] as const;

const claimedSchema = z.strictObject({
  useCase: z.string().min(1).max(60).describe('what it is for'),
  latency: z.enum(LATENCY_WORDS).describe('its latency'),
  complexity: z.enum(['low', 'medium', 'high']).describe('its complexity'),
  coupling: z.enum(['tight', 'loose']).describe('its coupling'),
});

const mixSchema = z.strictObject({
  operation: z.string().min(1).max(60).describe('operation of the contract'),
  share: z.number().positive().max(1e6).default(1).describe('weight in the mix'),
});

export const patternSchema = z.strictObject({
  id: word.describe('short name of the row, for --patterns'),
  title: z.string().min(1).max(60).describe('what the table calls the row'),
  transport: word.describe('rest, rabbitmq, ...: a folder of src/transports'),
  interaction: interactionSchema,
  options: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("the transport's own options; see its README"),
  subscribers: z
    .number()
    .int()
    .min(1)
    .max(8)
    .default(1)
    .describe('publish-subscribe: how many services each get every message'),
  mix: z.array(mixSchema).min(1).max(20).optional().describe("in place of the scenario's"),
  load: loadShapeSchema.optional().describe("in place of the scenario's"),
  claimed: claimedSchema.nullable().default(null).describe('what the guides say of this row; null = nothing'),
});

const serviceSchema = z.strictObject({
  concurrency: serviceFields.concurrency.default(10),
  queue: serviceFields.queue.default(1000),
  processingMs: serviceFields.processingMs.default(0),
});

const warmUpSchema = z.strictObject({
  calls: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(3000)
    .describe('unmeasured calls before each trial, at least'),
  concurrency: z.number().int().min(1).max(1000).default(16).describe('calls open at once while warming up'),
  probeMs: ms(0).default(1000).describe('closed-loop capacity probe: at least so long'),
});

const outageSchema = z.strictObject({
  atMs: ms(0).default(3000).describe('baseline before the fault'),
  forMs: ms(100).default(4000).describe('how long the service is down'),
  recoveryMs: ms(0).default(5000).describe('measured time after its restart'),
  do: z
    .enum(['kill', 'freeze'])
    .default('kill')
    .describe('kill: kill -9 and restart; freeze: SIGSTOP and SIGCONT'),
});

const variantSchema = z.strictObject({
  id: word.describe('short name of the variant'),
  title: z.string().min(1).max(60).describe('what the tables call the variant'),
  contract: word.optional().describe("in place of the scenario's"),
  mix: z.array(mixSchema).min(1).max(20).optional().describe("in place of the scenario's"),
  load: loadShapeSchema.optional().describe("in place of the scenario's"),
  service: z.strictObject(serviceFields).partial().optional().describe("what differs from the scenario's"),
  ...topologyChange,
  optional: z.boolean().default(false).describe('runs only with --all, or where --variants names it'),
});

/** What the generator keeps on two shared cores, with the service beside it (docs/evidence/bench.md): a busy block has no more. */
export const MAX_BUSY_PER_S = 5000;

const idleSchema = z.strictObject({
  idlePerS: z.number().positive().max(1000).default(20).describe('arrivals per second when idle'),
  busyShare: z
    .number()
    .min(0.1)
    .max(1)
    .default(0.8)
    .describe(`when busy: this share of the row's own capacity, ${MAX_BUSY_PER_S}/s at most`),
  idleMs: ms(500).default(1500).describe('length of an idle block'),
  busyMs: ms(100).default(500).describe('length of a busy block'),
  blocks: z.number().int().min(3).max(20).default(4).describe('pairs of an idle and a busy block'),
});

/** Parts that several rules look at. */
const withIds = z.array(z.object({ id: z.string() }));
const timelines = {
  serviceOutage: outageSchema.nullable().default(null),
  brokerOutage: outageSchema.nullable().default(null),
};

/** A scenario of which every field is right by itself. */
export const scenarioShape = z.strictObject({
  name: word.describe('name of the scenario'),
  title: z.string().min(1).max(120).describe('one line for list and reports'),
  contract: word.default('users').describe('what is said: users, echo'),
  mix: z
    .array(mixSchema)
    .min(1)
    .max(20)
    .default([{ operation: 'createUser', share: 1 }])
    .describe('which operations arrive, drawn by hash of seed and arrival'),
  patterns: z.array(patternSchema).min(1).max(20).describe('the rows to compare'),
  targets: targetsSchema,
  service: serviceSchema.prefault({}).describe('capacity of the service, the same for every row'),
  load: loadShapeSchema
    .default({ shape: 'constant', ratePerS: 200 })
    .describe('arrivals over time, the same for every row: shape constant, poisson, ramp, spike or steps'),
  durationMs: ms(100).default(3000).describe('measured time of a latency trial'),
  deadlineMs: ms(1).default(1000).describe('an answer later than this is not correct; our wait ends'),
  drainMs: ms(0)
    .default(10_000)
    .describe('longest wait after the last arrival for open calls and undone work'),
  keys: z.number().int().min(1).max(1_000_000).default(100).describe('ordering keys'),
  rounds: z.number().int().min(1).max(100).default(5).describe('how often every latency trial runs'),
  warmUp: warmUpSchema.prefault({}).describe('unmeasured load before each trial'),
  serviceOutage: outageSchema
    .nullable()
    .default(null)
    .describe('one more trial per row in which the service is taken away; null = none'),
  brokerOutage: outageSchema
    .nullable()
    .default(null)
    .describe('one more trial per row with a broker, in which the broker is taken away; null = none'),
  idleBusy: idleSchema
    .nullable()
    .default(null)
    .describe(
      'one more trial per row that changes between idle and busy: is its latency variable? null = none',
    ),
  wireBytes: z
    .strictObject({
      calls: z.number().int().min(10).max(100_000).default(400).describe('calls whose bytes are counted'),
    })
    .nullable()
    .default(null)
    .describe('one more trial per row that counts bytes on the wire; null = none'),
  variants: z
    .array(variantSchema)
    .max(20)
    .default([])
    .describe('every latency trial runs once for each; none = as the scenario says'),
  reference: word
    .nullable()
    .default(null)
    .describe('id of the row that latencies are compared with; null = no comparison'),
  ...topologyFields,
  noop: z.boolean().default(true).describe('one more trial per row against a service that does nothing'),
  thresholds: thresholdsSchema,
});

/**
 * A scenario as it runs: every default filled in, every bound held. The one source of validation,
 * defaults, editor schema and help (each `.describe` is printed). Times in ms, rates per second.
 */
export const scenarioSchema = scenarioShape.check(
  rule({ deadlineMs: ms(1), serviceOutage: outageSchema.nullable() }, (s) =>
    lateDeadline(s, 'serviceOutage'),
  ),
  rule({ deadlineMs: ms(1), brokerOutage: outageSchema.nullable() }, (s) => lateDeadline(s, 'brokerOutage')),
  rule({ load: loadShapeSchema, durationMs: ms(100), ...timelines }, tooManyArrivals),
  rule({ variants: z.array(variantSchema), durationMs: ms(100) }, (s) => tooManyIn('variants', s)),
  rule({ patterns: z.array(patternSchema), durationMs: ms(100), ...timelines }, (s) =>
    tooManyIn('patterns', s),
  ),
  rule({ patterns: z.array(patternSchema), variants: z.array(variantSchema) }, setTwice),
  rule({ idleBusy: idleSchema }, tooManyWhenBusy),
  rule({ load: loadShapeSchema, durationMs: ms(100) }, (s) =>
    s.load.shape === 'spike' && s.load.atMs + s.load.forMs > s.durationMs
      ? {
          path: ['load', 'forMs'],
          message: `Expected the spike to end within durationMs (${s.durationMs}), found its end at ${s.load.atMs + s.load.forMs}`,
        }
      : undefined,
  ),
  rule({ patterns: withIds }, (s) =>
    repeatedIds(
      'patterns',
      s.patterns.map(({ id }) => id),
    ),
  ),
  rule({ variants: withIds }, (s) =>
    repeatedIds(
      'variants',
      s.variants.map(({ id }) => id),
    ),
  ),
  rule({ patterns: withIds, reference: word }, unknownReference),
  rule({ patterns: withIds, targets: z.record(z.string(), z.unknown()) }, unknownTargets),
  ...TOPOLOGY_RULES,
  ...FAULT_RULES,
  ...THRESHOLD_RULES,
);
export type Scenario = z.infer<typeof scenarioSchema>;
type Outage = z.infer<typeof outageSchema>;
export type Pattern = z.infer<typeof patternSchema>;

/** The fastest moment of a load. */
export function peakPerS(load: LoadShape): number {
  switch (load.shape) {
    case 'constant':
    case 'poisson':
    case 'blocks':
      return load.ratePerS;
    case 'ramp':
      return Math.max(load.fromPerS, load.toPerS);
    case 'spike':
      return Math.max(load.ratePerS, load.peakPerS);
    case 'steps':
      return Math.max(...load.steps.map(({ ratePerS }) => ratePerS));
  }
}

/** Measured time of the outage trial. */
export function outageTrialMs(serviceOutage: NonNullable<Scenario['serviceOutage']>): number {
  return serviceOutage.atMs + serviceOutage.forMs + serviceOutage.recoveryMs;
}

/** Coupling is judged by what was served in the outage: a call must not be able to wait it out. */
function lateDeadline<Name extends 'serviceOutage' | 'brokerOutage'>(
  s: { readonly deadlineMs: number } & Readonly<Record<Name, Outage | null>>,
  name: Name,
): Breach | undefined {
  const mostMs = (s[name]?.forMs ?? Infinity) / 4;
  if (s.deadlineMs <= mostMs) return undefined;
  const message = `Expected at most a quarter of ${name}.forMs (${mostMs}), found ${s.deadlineMs}`;
  return { path: ['deadlineMs'], message };
}

interface Durations {
  readonly durationMs: number;
  readonly serviceOutage?: Outage | null;
  readonly brokerOutage?: Outage | null;
}

/** The longest trial of those that run with the scenario's own load. */
function longestMs({ durationMs, serviceOutage, brokerOutage }: Durations): number {
  return Math.max(
    durationMs,
    ...[serviceOutage, brokerOutage].map((fault) => (fault ? outageTrialMs(fault) : 0)),
  );
}

function tooManyArrivals(s: Durations & { readonly load: LoadShape }): Breach | undefined {
  return boundArrivals(['load'], peakPerS(s.load), longestMs(s));
}

type WithLoads<Name extends string> = Record<Name, readonly { readonly load?: LoadShape | undefined }[]>;

function tooManyIn<Name extends 'patterns' | 'variants'>(
  name: Name,
  s: Durations & WithLoads<Name>,
): Breach | undefined {
  for (const [i, { load }] of s[name].entries()) {
    const breach = load && boundArrivals([name, i, 'load'], peakPerS(load), longestMs(s));
    if (breach) return breach;
  }
  return undefined;
}

/** Which of the two would hold could only be guessed. */
function setTwice(s: {
  readonly patterns: readonly Pattern[];
  readonly variants: readonly z.infer<typeof variantSchema>[];
}): Breach | undefined {
  const own = { mix: s.patterns.find(({ mix }) => mix), load: s.patterns.find(({ load }) => load) };
  for (const [i, variant] of s.variants.entries()) {
    const keys = { contract: own.mix, mix: own.mix, load: own.load };
    for (const key of ['contract', 'mix', 'load'] as const) {
      if (variant[key] === undefined || !keys[key]) continue;
      const message = `Expected none, as the pattern ${keys[key].id} keeps to its own, found one`;
      return { path: ['variants', i, key], message };
    }
  }
  return undefined;
}

function tooManyWhenBusy({
  idleBusy,
}: {
  readonly idleBusy: z.infer<typeof idleSchema>;
}): Breach | undefined {
  return boundArrivals(['idleBusy'], MAX_BUSY_PER_S, idleBusy.blocks * (idleBusy.idleMs + idleBusy.busyMs));
}

function boundArrivals(path: Breach['path'], peak: number, forMs: number): Breach | undefined {
  const arrivals = Math.ceil((peak * forMs) / 1000);
  if (arrivals <= MAX_ARRIVALS) return undefined;
  return { path, message: `Expected at most ${MAX_ARRIVALS} arrivals a trial, found ${arrivals}` };
}

function unknownTargets(s: {
  readonly patterns: readonly { readonly id: string }[];
  readonly targets: Readonly<Record<string, unknown>>;
}): Breach[] {
  const ids = s.patterns.map(({ id }) => id);
  const unknown = Object.keys(s.targets).filter((id) => !ids.includes(id));
  return unknown.map((id) => ({
    path: ['targets', id],
    message: `Expected the id of a pattern (${ids.join(', ')}), found ${id}`,
  }));
}

function unknownReference(s: {
  readonly patterns: readonly { readonly id: string }[];
  readonly reference: string;
}): Breach | undefined {
  const ids = s.patterns.map(({ id }) => id);
  if (ids.includes(s.reference)) return undefined;
  return {
    path: ['reference'],
    message: `Expected the id of a pattern (${ids.join(', ')}), found ${s.reference}`,
  };
}
