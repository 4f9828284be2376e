import path from 'node:path';
import { z } from 'zod';
import { ms } from '../../plan/kinds/timeline/duration.ts';
import { TLS_FILES } from '../../platform/net/secure.ts';
import { saslSchema, tlsSchema } from '../../platform/net/security-schema.ts';
import { word } from './fields.ts';
import { requestFields, withRequests } from './target-requests.ts';

/** Signals for the end of a program. */
const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;

const readySchema = z
  .strictObject({
    url: z.string().min(1).max(2000).optional().describe('ready when a GET of this URL returns a 2xx or 3xx'),
    port: z.number().int().min(1).max(65_535).optional().describe('ready when this port accepts connections'),
    line: z.string().min(1).max(200).optional().describe('ready when the output contains this text'),
    withinMs: ms(1).default(30_000).describe('longest wait for it'),
  })
  .refine(({ url, port, line }) => [url, port, line].filter((one) => one !== undefined).length <= 1, {
    message: 'url, port and line exclude each other: keep one of them',
  });

const stopSchema = z.strictObject({
  signal: z.enum(STOP_SIGNALS).default('SIGTERM').describe('signal that ends it'),
  withinMs: ms(1).max(60_000).default(2000).describe('longest wait for its end, then SIGKILL'),
});

const correlateSchema = z
  .strictObject({
    header: z.string().min(1).max(200).optional().describe('header of the completion message'),
    field: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('field of its JSON body, with dots for nested ones: order.id'),
  })
  .refine(({ header, field }) => (header === undefined) !== (field === undefined), {
    message: 'Give either header or field',
  });

const completionSchema = z
  .strictObject({
    queue: z.string().min(1).max(255).optional().describe('queue of the completion messages'),
    topic: z.string().min(1).max(249).optional().describe('topic of the completion messages'),
    url: z.string().min(1).max(2000).optional().describe("URL of its broker; default: the target's own"),
    tls: tlsSchema
      .optional()
      .describe("fields as in the target's `tls`, for a `url` of its own; default: the target's"),
    sasl: saslSchema
      .optional()
      .describe("login at a Kafka broker with a `url` of its own; default: the target's"),
    correlate: correlateSchema.describe('place of the {{id}} of the sent message'),
  })
  .refine(({ queue, topic }) => (queue === undefined) !== (topic === undefined), {
    message: 'Give either queue or topic',
  })
  .refine(({ queue, sasl }) => queue === undefined || sasl === undefined, {
    path: ['sasl'],
    message: 'sasl is of Kafka: RabbitMQ takes user and password in its URL',
  });
export type TargetCompletion = z.infer<typeof completionSchema>;

/** Fields of every target, whatever its transport; the rest is the transport's own. */
export const commonTargetFields = {
  url: z
    .string()
    .min(1)
    .max(2000)
    .optional()
    .describe('its URL; --target PATTERN=URL takes precedence; default of a queue or topic: --broker'),
  tls: tlsSchema.optional().describe('certificates, for a URL with TLS'),
  command: z
    .union([z.string().min(1).max(4000), z.array(z.string().max(4000)).min(1).max(200)])
    .optional()
    .describe('program that runs during each trial: a command line or a list of its words; no shell'),
  cwd: z
    .string()
    .min(1)
    .max(4000)
    .optional()
    .describe("its working folder, relative to the scenario's; default: that folder"),
  env: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/, 'a name of A-Z, 0-9 and _'), z.string().max(4000))
    .optional()
    .describe('variables added to its environment (PATH, HOME, LANG, TZ and TMPDIR)'),
  ready: readySchema.optional().describe('condition of readiness; default: the port of `url` is open'),
  stop: stopSchema.optional().describe('how the program is ended'),
  completion: completionSchema
    .optional()
    .describe(
      'queue or topic that reports completed work, if that is later than the ack or reply; none = acceptance only',
    ),
  ...requestFields,
};

/** A server, queue or topic of the user's own. Fields of its transport are validated where transports are known. */
const targetSchema = z.looseObject(commonTargetFields);
export type ScenarioTarget = z.infer<typeof targetSchema>;

export const targetsSchema = z
  .record(word, targetSchema)
  .default({})
  .describe(
    'servers, queues or topics of your own in place of our service, by pattern id; see docs/targets.md',
  );

/** Target name of connection faults between the load and a target. */
export const TARGET = 'target';

/** Fields with a file or folder, or a list of them, relative to the scenario. */
const PATH_FIELDS = ['cwd', 'proto', 'include'];

/**
 * Makes paths of targets absolute, and sets the working folder of their programs: a result does not hold the scenario's
 * own path.
 * @param folder of the scenario's file
 */
export function withTargetPaths<S extends { readonly targets: Readonly<Record<string, ScenarioTarget>> }>(
  scenario: S,
  folder: string,
): S {
  const targets = Object.fromEntries(
    Object.entries(scenario.targets).map(([id, target]) => [id, withPaths(target, path.resolve(folder))]),
  );
  return { ...scenario, targets };
}

function withPaths(target: ScenarioTarget, folder: string): ScenarioTarget {
  const started = target.command === undefined ? {} : { cwd: folder };
  const { tls, completion } = target;
  const withTls = <T extends object>(fields: T, own: object | undefined) =>
    own ? { ...fields, tls: { ...own, ...pathsIn(own, TLS_FILES, folder) } } : fields;
  const paths = withRequests({ ...started, ...withTls(target, tls) }, (fields) => {
    return { ...fields, ...pathsIn(fields, PATH_FIELDS, folder) };
  });
  return completion?.tls ? { ...paths, completion: withTls(completion, completion.tls) } : paths;
}

/** A path that comes from the environment is used as it is. */
function pathsIn(fields: object, names: readonly string[], folder: string): object {
  const whole = (one: unknown) =>
    typeof one === 'string' && !one.startsWith('{{') ? path.resolve(folder, one) : one;
  const paths = names.flatMap((name) => {
    const value = (fields as Readonly<Record<string, unknown>>)[name];
    return value === undefined ? [] : [[name, Array.isArray(value) ? value.map(whole) : whole(value)]];
  });
  return Object.fromEntries(paths);
}

/** The part of a target that is its transport's own. */
export function ownSettings(target: ScenarioTarget): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(target).filter(([key]) => !Object.hasOwn(commonTargetFields, key)),
  );
}
