import { z } from 'zod';
import { boundedNumber } from '../../kernel/bounded.ts';
import { faultSpecSchema } from '../../faults/faults.ts';
import { policySpecSchema, type PolicySpec } from '../../policies/policies.ts';
import { PRESETS } from '../../policies/stacks/presets.ts';
import { capacityFields, interactionSchema, patienceSchema, word } from './fields.ts';

/** On one timeline. */
export const MOST_FAULTS = 60;

const title = z.string().min(1).max(60);

const serviceFields = {
  ...capacityFields,
  idempotent: z
    .boolean()
    .describe(
      'repeats its first reply to a repeated message, without doing the work again (by an idempotency key)',
    ),
  errorShare: boundedNumber(0, 1).describe(
    'share of its messages that fail in every trial, controls included, without a fault',
  ),
};

/** A process of a topology. */
const topologyServiceSchema = z.strictObject({
  id: word.describe('short name of the service'),
  concurrency: serviceFields.concurrency.default(10),
  queue: serviceFields.queue.default(100),
  processingMs: serviceFields.processingMs.default(0),
  idempotent: serviceFields.idempotent.default(false),
  errorShare: serviceFields.errorShare.default(0),
});
export type TopologyService = z.infer<typeof topologyServiceSchema>;

const policiesSchema = z
  .array(z.union([word, policySpecSchema]))
  .max(10)
  .describe(
    "policies of its caller, the first one outermost, or names of stacks: the scenario's `policies`, or presets",
  );

const edgeFields = {
  operations: z
    .array(z.string().min(1).max(60))
    .min(1)
    .max(20)
    .describe("its caller's operations that use it; default: all"),
  transport: word.describe('a transport, see `commbench list`'),
  interaction: interactionSchema,
  options: z.record(z.string(), z.unknown()).describe("the transport's own options; see its README"),
  policies: policiesSchema,
  patience: patienceSchema.describe("replaces the scenario's"),
};

/** A caller with its service, transport and policies. A caller calls over its edges in this order. */
export const edgeSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,80}$/)
    .optional()
    .describe('default: from-to'),
  from: word.describe('id of the calling service'),
  to: word.describe('id of the service called'),
  operations: edgeFields.operations.optional(),
  transport: edgeFields.transport.default('rest'),
  interaction: edgeFields.interaction.default('request-reply'),
  options: edgeFields.options.default({}),
  policies: edgeFields.policies.default([]),
  patience: edgeFields.patience.optional(),
});
export type Edge = z.infer<typeof edgeSchema>;

/** Title of an operation in tables. */
const endpointSchema = z.strictObject({
  operation: z.string().min(1).max(60).describe('operation of the contract, as in `mix`'),
  title: title.describe('title of the operation in tables'),
});

/** Several faults on one timeline, in a trial of their own. */
const caseSchema = z.strictObject({
  id: word.describe('short name of the case'),
  title: title.describe('title of the case in tables'),
  faults: z.array(faultSpecSchema).min(1).max(MOST_FAULTS).describe('faults of the case'),
});

/** Changes of a topology by a variant; entries by id, with only the changed fields. */
export const topologyChange = {
  services: z
    .array(
      z
        .strictObject({ id: word, ...serviceFields })
        .partial()
        .required({ id: true }),
    )
    .max(20)
    .optional()
    .describe("changes of the scenario's services, by id"),
  edges: z
    .array(
      z
        .strictObject({ id: z.string(), ...edgeFields })
        .partial()
        .required({ id: true }),
    )
    .max(40)
    .optional()
    .describe("changes of the scenario's edges, by id"),
};

/** The part of a scenario that is a topology with faults; all of it may be absent. */
export const topologyFields = {
  services: z
    .array(topologyServiceSchema)
    .max(12)
    .default([])
    .describe('processes that call one another; `patterns` call the first one; none = one service'),
  edges: z.array(edgeSchema).max(30).default([]).describe('calls between services'),
  endpoints: z.array(endpointSchema).max(20).default([]).describe('titles of operations'),
  policies: z
    .record(word, z.array(policySpecSchema).max(10))
    .default({})
    .describe('named stacks of policies, for edges'),
  faults: z
    .array(faultSpecSchema)
    .max(MOST_FAULTS)
    .default([])
    .describe('faults on the timeline: each variant runs once with them, and once without as its control'),
  cases: z
    .array(caseSchema)
    .max(10)
    .default([])
    .describe('several timelines in place of `faults`, each in a trial of its own, with one control'),
  objectiveMs: z
    .number()
    .positive()
    .max(600_000)
    .nullable()
    .default(null)
    .describe("a reply within it is healthy; null = 1.5 times the baseline's p99"),
  watchRecovery: z
    .boolean()
    .default(true)
    .describe('a recovery must be visible after the faults; false = it is not watched, and none is reported'),
};

export function edgeId({ id, from, to }: Pick<Edge, 'id' | 'from' | 'to'>): string {
  return id ?? `${from}-${to}`;
}

/** An edge's policies with named stacks resolved. Names were validated with the scenario. */
export function policiesOf(
  edge: Pick<Edge, 'policies'>,
  named: Readonly<Record<string, readonly PolicySpec[]>>,
): PolicySpec[] {
  return edge.policies.flatMap((entry) => (typeof entry === 'string' ? stackOf(entry, named) : [entry]));
}

/** A named stack of the scenario's own, else the preset of that name. */
function stackOf(
  name: string,
  named: Readonly<Record<string, readonly PolicySpec[]>>,
): readonly PolicySpec[] {
  return named[name] ?? PRESETS[name]?.specs ?? [];
}

/** Every stack that a scenario's edges may name: the presets, and the scenario's own in their place. */
export function stacksOf({
  policies,
}: {
  readonly policies: Readonly<Record<string, readonly PolicySpec[]>>;
}): Record<string, readonly PolicySpec[]> {
  const presets = Object.entries(PRESETS).map(([name, { specs }]) => [name, specs] as const);
  return { ...Object.fromEntries(presets), ...policies };
}
