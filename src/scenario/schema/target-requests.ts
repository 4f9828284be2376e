import { z } from 'zod';
import { HOLES, withTaken } from '../../kernel/text-template.ts';
import type { Mix } from '../../kernel/operation-choice.ts';
import { TARGET_MIX, TARGET_OPERATION } from '../../contracts/target.ts';
import { wholeNumber } from '../../kernel/bounded.ts';
import { ms } from '../../plan/kinds/timeline/duration.ts';
import { word } from './fields.ts';

/** Operations and flows of a target, and every kind of request that they make. */

/** Within the target. */
type Path = readonly (string | number)[];

const PERCENT = /^(\d+(?:\.\d+)?)\s*%$/;

const shareField = {
  share: z
    .union([z.number().positive().max(1e6), z.string().regex(PERCENT, 'a weight, or a share such as 80%')])
    .default(1)
    .describe('weight among the arrivals; in per cent they add up to 100 %'),
};

/** The first words of holes: `id`, `random`. */
const RESERVED = [...Object.keys(HOLES).map((hole) => hole.split(' ')[0]!), 'take'];
const TAKEN_NAME = /^[A-Za-z_]\w{0,39}$/;

const takenFrom = z.union([
  z.string().min(1).max(200),
  z.strictObject({
    header: z
      .string()
      .regex(/^[\w!#$%&'*+.^`|~-]{1,200}$/, 'the name of a header')
      .describe('header of the answer'),
  }),
]);

/** Fields of an operation beside the transport's own. */
export const operationFields = shareField;

/** Fields of a flow's step beside the transport's own. */
export const stepFields = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a name of a-z, 0-9 and -')
    .optional()
    .describe('name in tables and thresholds; default: its number from 1'),
  take: z
    .record(z.string(), takenFrom)
    .default({})
    .describe(
      'values of its answer that later steps use as {{NAME}}: { NAME: data.id } at a path of the body, { NAME: { header: location } } of a header',
    ),
};

const flowSchema = z.strictObject({
  ...shareField,
  steps: z
    .array(z.looseObject(stepFields))
    .min(1)
    .max(20)
    .describe(
      'requests, each sent as soon as the one before it was answered; fields as of an operation, and',
    ),
});

/** The fields of a target that has several operations, or streams. */
export const requestFields = {
  operations: z
    .record(word, z.looseObject(operationFields))
    .optional()
    .describe(
      "several kinds of requests, by name; each has the transport's own fields, by default the target's",
    ),
  flows: z
    .record(word, flowSchema)
    .optional()
    .describe('sequences of requests, by name; a flow is one arrival'),
  stream: z
    .strictObject({
      items: wholeNumber(1, 100_000).describe('number of items of a complete stream'),
      everyMs: ms(1).optional().describe('planned interval between items; without it no jitter is measured'),
      ends: z
        .boolean()
        .default(false)
        .describe('the target ends the stream after the last item; false: it is left then'),
    })
    .optional()
    .describe('streams of a server-stream pattern'),
};

/** A target as far as its requests are concerned. */
interface Requesting {
  readonly operations?: Readonly<Record<string, z.infer<z.ZodObject<typeof operationFields>>>> | undefined;
  readonly flows?: Readonly<Record<string, z.infer<typeof flowSchema>>> | undefined;
}

type Take = z.infer<z.ZodObject<typeof stepFields>>['take'];

/** One kind of request. */
export interface RequestTemplate {
  /** Of its messages: `call`, an operation's name, or FLOW/STEP. */
  readonly operation: string;
  /** Its place in the target. */
  readonly path: Path;
  /** Fields that it has itself; the others are the target's. */
  readonly own: Readonly<Record<string, unknown>>;
  /** The transport's settings as they are written, with those of the target. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly take: Take;
  /** Names of values that earlier steps took. */
  readonly taken: readonly string[];
}

/** The mix of the arrivals of a target. */
export function mixOf({ operations = {}, flows = {} }: Requesting): Mix {
  const all = [...Object.entries(operations), ...Object.entries(flows)];
  if (all.length === 0) return TARGET_MIX;
  return all.map(([operation, { share }]) => ({ operation, share: weightOf(share) }));
}

function weightOf(share: number | string): number {
  return typeof share === 'number' ? share : Number(PERCENT.exec(share)![1]);
}

/** The steps of each flow, as operations. */
export function stepsOf({ flows = {} }: Requesting): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(flows).map(([flow, { steps }]) => [flow, steps.map((step, i) => stepName(flow, step, i))]),
  );
}

function stepName(flow: string, { name }: { readonly name?: string | undefined }, index: number): string {
  return `${flow}/${name ?? index + 1}`;
}

/** Names in tables and thresholds: operations and flows, each flow's steps after it; none where there is one kind. */
export function requestNamesOf(target: Requesting): string[] {
  const steps = stepsOf(target);
  if (!target.operations && !target.flows) return [];
  return mixOf(target).flatMap(({ operation }) => [operation, ...(steps[operation] ?? [])]);
}

/**
 * Every kind of request.
 * @param defaults the target's own settings of its transport
 */
export function requestsOf(
  target: Requesting,
  defaults: Readonly<Record<string, unknown>>,
): RequestTemplate[] {
  const { operations, flows } = target;
  if (!operations && !flows) {
    return [
      { operation: TARGET_OPERATION, path: [], own: defaults, settings: defaults, take: {}, taken: [] },
    ];
  }
  return [
    ...Object.entries(operations ?? {}).map(([operation, { share: _share, ...own }]) => ({
      operation,
      path: ['operations', operation],
      own,
      settings: merged(defaults, own),
      take: {},
      taken: [],
    })),
    ...Object.entries(flows ?? {}).flatMap(([flow, { steps }]) => stepRequests(flow, steps, defaults)),
  ];
}

function stepRequests(
  flow: string,
  steps: z.infer<typeof flowSchema>['steps'],
  defaults: Readonly<Record<string, unknown>>,
): RequestTemplate[] {
  let taken: string[] = [];
  return steps.map(({ name, take, ...own }, i) => {
    const request = {
      operation: stepName(flow, { name }, i),
      path: ['flows', flow, 'steps', i],
      own,
      settings: withTaken(merged(defaults, own), taken),
      take,
      taken,
    };
    taken = [...new Set([...taken, ...Object.keys(take)])];
    return request;
  });
}

/** Entries of these mappings are added to the target's. */
const ADDED = ['headers', 'metadata'];

function merged(
  defaults: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const mappings = ADDED.filter((key) => isFilled(defaults[key]) && isFilled(own[key]));
  const both = mappings.map((key) => [key, { ...(defaults[key] as object), ...(own[key] as object) }]);
  return { ...defaults, ...own, ...(Object.fromEntries(both) as Record<string, unknown>) };
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** A copy of a target, its own fields and those of each kind of request changed alike. */
export function withRequests<T extends Requesting>(
  target: T,
  change: (fields: Record<string, unknown>) => Record<string, unknown>,
): T {
  const { operations, flows, ...own } = target;
  const each = <One, Other>(all: Readonly<Record<string, One>>, of: (one: One) => Other) =>
    Object.fromEntries(Object.entries(all).map(([name, one]) => [name, of(one)]));
  return {
    ...change(own),
    ...(operations ? { operations: each(operations, change) } : {}),
    ...(flows ? { flows: each(flows, (flow) => ({ ...flow, steps: flow.steps.map(change) })) } : {}),
  } as T;
}

/** Rules on operations and flows that need no transport: names and shares. */
export function requestProblems(target: Requesting): { path: Path; message: string }[] {
  const { operations = {}, flows = {} } = target;
  const isEmpty = (target.operations ?? target.flows) !== undefined && mixOf(target) === TARGET_MIX;
  return [
    ...(isEmpty ? [{ path: ['operations'], message: 'Expected at least one operation or flow' }] : []),
    ...Object.keys(flows)
      .filter((name) => Object.hasOwn(operations, name))
      .map((name) => ({ path: ['flows', name], message: `The name ${name} is an operation's already` })),
    ...Object.entries(stepsOf(target)).flatMap(([flow, names]) =>
      names.flatMap((name, i) => {
        if (names.indexOf(name) === i) return [];
        return [{ path: ['flows', flow, 'steps', i], message: `The step ${name} is there twice` }];
      }),
    ),
    ...Object.entries(flows).flatMap(([flow, { steps }]) =>
      steps.flatMap(({ take }, i) => takenNameProblems(take, ['flows', flow, 'steps', i, 'take'])),
    ),
    ...shareProblems({ operations, flows }),
  ];
}

function takenNameProblems(take: Take, path: Path): { path: Path; message: string }[] {
  return Object.keys(take).flatMap((name) => {
    if (TAKEN_NAME.test(name) && !RESERVED.includes(name)) return [];
    const message = `Expected a name of letters, digits and _ that no hole has, found ${name}`;
    return [{ path: [...path, name], message }];
  });
}

function shareProblems(all: Required<Requesting>): { path: Path; message: string }[] {
  const given = (['operations', 'flows'] as const).flatMap((key) =>
    Object.entries(all[key] ?? {}).map(([name, { share }]) => ({ path: [key, name, 'share'], share })),
  );
  const ofPercent = given.filter(({ share }) => typeof share === 'string');
  const [first] = ofPercent;
  if (!first) return [];
  const other = given.find(({ share }) => typeof share === 'number');
  if (other) {
    const message = `Expected every share in per cent, or none, found ${String(first.share)} and ${String(other.share)}`;
    return [{ path: other.path, message }];
  }
  const sum = Number(ofPercent.reduce((whole, { share }) => whole + weightOf(share), 0).toPrecision(12));
  if (sum === 100) return [];
  const message = `Expected shares that add up to 100 %, found ${sum} %; weights without % may have any sum`;
  return [{ path: first.path, message }];
}
