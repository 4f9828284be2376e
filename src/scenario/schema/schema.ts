import { z } from 'zod';
import { wholeNumber } from '../../kernel/bounded.ts';
import { ms } from '../../plan/kinds/timeline/duration.ts';
import { loadShapeSchema } from './load-shape-schema.ts';
import { capacityFields as serviceFields, interactionSchema, patienceSchema, word } from './fields.ts';
import { FAULT_RULES } from '../rules/fault-rules.ts';
import { WATCH_RULE } from '../rules/watch-rules.ts';
import { KIND_RULES } from '../rules/kind-rules.ts';
import { type Breach, repeatedIds, rule } from '../rules/rule.ts';
import { kindFields } from './kind-fields.ts';
import { THRESHOLD_RULES, thresholdsSchema } from './threshold.ts';
import { TOPOLOGY_RULES } from '../rules/topology-rules.ts';
import { targetsSchema } from './targets-schema.ts';
import { topologyChange, topologyFields } from './topology-schema.ts';

const LATENCY_WORDS = ['low', 'medium', 'high', 'variable'] as const;

const claimedSchema = z.strictObject({
  useCase: z.string().min(1).max(60).describe('use case'),
  latency: z.enum(LATENCY_WORDS).describe('its latency'),
  complexity: z.enum(['low', 'medium', 'high']).describe('its complexity'),
  coupling: z.enum(['tight', 'loose']).describe('its coupling'),
});

const mixSchema = z.strictObject({
  operation: z.string().min(1).max(60).describe('operation of the contract'),
  share: z.number().positive().max(1e6).default(1).describe('weight in the mix'),
});

const alternativeSchema = z.strictObject({
  to: word.describe('id of the pattern that it is another form of'),
  by: z
    .enum(['library', 'settings'])
    .default('library')
    .describe('difference from that pattern: a client or host library, or settings of the same library'),
});

const patternSchema = z.strictObject({
  id: word.describe('short name of the pattern, for --patterns'),
  title: z.string().min(1).max(60).describe('title of the pattern in tables'),
  transport: word.describe('a transport, see `commbench list`'),
  interaction: interactionSchema,
  options: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("the transport's own options; see its README"),
  subscribers: wholeNumber(1, 8)
    .default(1)
    .describe('publish-subscribe: number of services that each get every message'),
  mix: z.array(mixSchema).min(1).max(20).optional().describe("replaces the scenario's"),
  load: loadShapeSchema.optional().describe("replaces the scenario's"),
  patience: patienceSchema.optional().describe("replaces the scenario's"),
  alternative: alternativeSchema
    .optional()
    .describe('the same pattern in another form; the report states whether its latency word holds with both'),
  claimed: claimedSchema
    .nullable()
    .default(null)
    .describe('claims of the guides about this pattern; null = none'),
});

const contractVersion = word
  .nullable()
  .describe(
    "version of the contract that the service serves, while callers have the first (docs/scenarios.md); null = the callers' own",
  );

const serviceSchema = z.strictObject({
  concurrency: serviceFields.concurrency.default(10),
  queue: serviceFields.queue.default(1000),
  processingMs: serviceFields.processingMs.default(0),
  contractVersion: contractVersion.default(null),
});

const warmUpSchema = z.strictObject({
  calls: wholeNumber(0, 1_000_000)
    .default(3000)
    .describe('minimum number of unmeasured calls before each trial'),
  mostMs: ms(0)
    .nullable()
    .default(null)
    .describe('longest time of these calls, for a service that takes its time; null = none'),
  concurrency: wholeNumber(1, 1000)
    .default(16)
    .describe('calls open at once in the closed loop of the warm-up'),
  probeMs: ms(0).default(1000).describe('shortest time of the closed loop, whose last second is measured'),
  steadyWindows: wholeNumber(0, 100)
    .default(16)
    .describe(
      'most windows (10 to 24 calls each, at the rate of the load) until latencies are steady; 0 = none',
    ),
});

const variantSchema = z.strictObject({
  id: word.describe('short name of the variant'),
  title: z.string().min(1).max(60).describe('title of the variant in tables'),
  contract: word.optional().describe("replaces the scenario's"),
  mix: z.array(mixSchema).min(1).max(20).optional().describe("replaces the scenario's"),
  load: loadShapeSchema.optional().describe("replaces the scenario's"),
  service: z
    .strictObject({ ...serviceFields, contractVersion })
    .partial()
    .optional()
    .describe("changes of the scenario's service"),
  ...topologyChange,
  optional: z.boolean().default(false).describe('runs only with --all, or if named by --variants'),
});

/** Parts that several rules read. */
const withIds = z.array(z.object({ id: z.string() }));
/** A scenario whose fields are valid by themselves. */
export const scenarioShape = z.strictObject({
  name: word.describe('name of the scenario'),
  title: z.string().min(1).max(120).describe('one line for list and reports'),
  contract: word.default('users').describe('the operations that services offer: users, echo'),
  mix: z
    .array(mixSchema)
    .min(1)
    .max(20)
    .default([{ operation: 'createUser', share: 1 }])
    .describe('operations of the arrivals, drawn by hash of seed and arrival'),
  patterns: z.array(patternSchema).min(1).max(20).describe('the patterns to compare'),
  targets: targetsSchema,
  service: serviceSchema.prefault({}).describe('capacity of the service, the same for every pattern'),
  load: loadShapeSchema
    .default({ shape: 'constant', ratePerS: 200 })
    .describe(
      'arrivals over time, the same for every pattern: shape constant, poisson, ramp, spike or steps',
    ),
  durationMs: ms(100).default(3000).describe('measured time of a latency trial'),
  deadlineMs: ms(1).default(1000).describe('a reply later than this is not correct, and is not waited for'),
  patience: patienceSchema
    .default('refuse')
    .describe(
      'what a caller does with a message while the other end is away, the same for every pattern and edge: refuse it at once; wait for a connection, at most until the deadline; keep it, and send it later',
    ),
  drainMs: ms(0)
    .default(10_000)
    .describe('longest wait for open calls and undone work after the last arrival'),
  keys: wholeNumber(1, 1_000_000).default(100).describe('ordering keys'),
  rounds: wholeNumber(1, 100).default(5).describe('how often each latency trial runs'),
  warmUp: warmUpSchema.prefault({}).describe('unmeasured load before each trial'),
  ...kindFields('after rounds'),
  variants: z
    .array(variantSchema)
    .max(20)
    .default([])
    .describe('each latency trial runs once per variant; empty = no variants'),
  reference: word
    .nullable()
    .default(null)
    .describe('id of the pattern that latencies are compared with; null = none'),
  ...topologyFields,
  ...kindFields('before rounds'),
  thresholds: thresholdsSchema,
});

/**
 * A scenario as it runs: defaults filled in, bounds checked. The one source of validation, defaults, editor schema and
 * help (each `.describe` is printed). Times in ms, rates per second.
 */
export const scenarioSchema = scenarioShape.check(
  rule({ patterns: z.array(patternSchema), variants: z.array(variantSchema) }, setTwice),
  rule({ load: loadShapeSchema, durationMs: ms(100) }, (s) =>
    s.load.shape === 'spike' && s.load.atMs + s.load.forMs > s.durationMs
      ? {
          path: ['load', 'forMs'],
          message: `The spike ends at ${s.load.atMs + s.load.forMs} ms, after the end of the trial (durationMs ${s.durationMs})`,
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
  rule({ patterns: z.array(patternSchema) }, unlikeAlternatives),
  rule({ patterns: z.array(patternSchema), variants: withIds }, ({ patterns, variants }) => {
    const at = patterns.findIndex(({ alternative }) => alternative);
    if (at < 0 || variants.length === 0) return undefined;
    const message = 'alternative cannot be used with variants: a word is of one load and one contract';
    return { path: ['patterns', at, 'alternative'], message };
  }),
  ...KIND_RULES,
  ...TOPOLOGY_RULES,
  ...FAULT_RULES,
  WATCH_RULE,
  ...THRESHOLD_RULES,
);
export type Scenario = z.infer<typeof scenarioSchema>;
export type Pattern = z.infer<typeof patternSchema>;

/** Two conflicting settings: the intended one would be a guess. */
function setTwice(s: {
  readonly patterns: readonly Pattern[];
  readonly variants: readonly z.infer<typeof variantSchema>[];
}): Breach | undefined {
  const own = { mix: s.patterns.find(({ mix }) => mix), load: s.patterns.find(({ load }) => load) };
  for (const [i, variant] of s.variants.entries()) {
    const keys = { contract: own.mix, mix: own.mix, load: own.load };
    for (const key of ['contract', 'mix', 'load'] as const) {
      if (variant[key] === undefined || !keys[key]) continue;
      const message = `${key} cannot be changed by a variant: the pattern ${keys[key].id} has its own`;
      return { path: ['variants', i, key], message };
    }
  }
  return undefined;
}

/** An alternative is the same interaction over the same transport; it has none of its own. */
function unlikeAlternatives({ patterns }: { readonly patterns: readonly Pattern[] }): Breach[] {
  const mains = patterns.filter(({ alternative }) => !alternative);
  return patterns.flatMap(({ id, transport, interaction, alternative }, i) => {
    const isLike = (main: Pattern) =>
      main.id !== id && main.transport === transport && main.interaction === interaction;
    if (!alternative || mains.some((main) => main.id === alternative.to && isLike(main))) return [];
    const like = mains.filter(isLike).map((main) => main.id);
    const of = like.length > 0 ? ` (${like.join(', ')})` : '';
    return {
      path: ['patterns', i, 'alternative', 'to'],
      message: `Expected the id of a pattern with the same transport and interaction that is no alternative itself${of}, found ${alternative.to}`,
    };
  });
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
