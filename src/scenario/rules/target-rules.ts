import { z } from 'zod';
import { isAnswered, isStream } from '../../contracts/interactions.ts';
import type { Catalogue } from '../../kernel/catalogue.ts';
import { protocolsOf } from '../../platform/net/endpoint.ts';
import { isRedacted, redactUrl } from '../../kernel/redact.ts';
import { templateProblems } from '../../kernel/text-template.ts';
import type { TargetSupport, TransportDefinition } from '../../kernel/transport.ts';
import type { JsonSchema, Path } from '../schema/json-schema.ts';
import type { Pattern, Scenario } from '../schema/schema.ts';
import {
  operationFields,
  requestFields,
  requestProblems,
  requestsOf,
  type RequestTemplate,
  stepFields,
} from '../schema/target-requests.ts';
import { commonTargetFields, ownSettings, type ScenarioTarget } from '../schema/targets-schema.ts';
import { shownFound } from '../load/target-secrets.ts';
import { problemsOf, type Problem } from './problem.ts';
import { literalPasswordProblem, securityProblems, USERINFO } from './security-rules.ts';

/** Problems of targets that only their transports can detect. */
export async function targetProblems(
  { targets, patterns }: Scenario,
  { transports }: Catalogue,
): Promise<Problem[]> {
  const found = await Promise.all(
    patterns.map(async (pattern, i) => {
      const target = targets[pattern.id];
      const definition = transports.get(pattern.transport);
      // An unknown transport is reported at its own field.
      if (!target || !definition) return [];
      const problems = await problemsOfTarget(target, definition, pattern);
      const message = targetInteractionProblem(definition, pattern);
      return [
        ...problems.map((problem) => ({ ...problem, path: ['targets', pattern.id, ...problem.path] })),
        ...(message === undefined ? [] : [{ path: ['patterns', i, 'interaction'], message }]),
      ];
    }),
  );
  return found.flat();
}

/** Reason in words why this interaction cannot drive a target; undefined: it can. */
export function targetInteractionProblem(
  { broker, title, target }: TransportDefinition,
  { interaction }: Pick<Pattern, 'interaction'>,
): string | undefined {
  if (broker && isAnswered(interaction)) {
    return `A queue or topic of your own gives no replies: use an interaction without them, such as work-queue, found ${interaction}`;
  }
  if (isStream(interaction) && !target?.streams) {
    return `A server of your own over ${title} gives one reply per call: use request-reply, found ${interaction}`;
  }
  return undefined;
}

async function problemsOfTarget(
  target: ScenarioTarget,
  definition: TransportDefinition,
  { interaction }: Pick<Pattern, 'interaction'>,
): Promise<Problem[]> {
  const { target: support, title } = definition;
  if (!support) {
    const message = `${title} cannot drive targets`;
    return [{ path: [], message }];
  }
  const url = target.url === undefined ? undefined : urlProblem(definition, target.url);
  const requests = requestsOf(target, ownSettings(target));
  const ofRequests = requests.map((request) => problemsOfRequest(request, { target, support, interaction }));
  return [
    ...requestProblems(target),
    ...streamProblemsOf(target, interaction),
    ...(await Promise.all(ofRequests)).flat(),
    ...(url === undefined ? [] : [{ path: ['url'], message: url }]),
    ...templateProblems(withHoles(commonOf(target))),
    ...withoutCommand(target),
    ...securityProblems(target),
  ];
}

interface Checked {
  readonly target: ScenarioTarget;
  readonly support: TargetSupport;
  readonly interaction: string;
}

/** Problems of one kind of request, each where the field is written: its own, or the target's. */
async function problemsOfRequest(
  request: RequestTemplate,
  { target, support, interaction }: Checked,
): Promise<Problem[]> {
  const { settings, own, path, taken } = request;
  const isOnly = path.length === 0;
  const shape = { ...support.settings.shape, ...(isOnly ? commonTargetFields : fieldsAt(path)) };
  const schema = z.toJSONSchema(z.strictObject(shape), { io: 'input' }) as JsonSchema;
  const parsed = support.settings.safeParse(settings);
  const issues =
    parsed.error?.issues.flatMap((issue) => problemsOf(issue, settings, schema, shownFound)) ?? [];
  // The valid part is checked, so that an unknown key hides nothing else.
  const known = support.settings.strip().safeParse(settings);
  const further = known.success ? await support.problems?.(known.data, interaction) : [];
  const found = [
    ...issues,
    ...(further ?? []),
    ...templateProblems(withHoles(settingsAsWritten(request, target)), taken),
  ];
  const isTargets = (key: string | number | undefined) =>
    key !== undefined && Object.hasOwn(target, key) && !Object.hasOwn(own, key);
  return [
    ...found.map((problem) =>
      isTargets(problem.path[0]) ? problem : { ...problem, path: [...path, ...problem.path] },
    ),
    ...(isOnly ? [] : sharedProblems(request, support)),
    ...takeProblems(request, support),
  ];
}

/** Before its holes are known to be values from earlier answers. */
function settingsAsWritten({ own, path }: RequestTemplate, target: ScenarioTarget): Record<string, unknown> {
  return path.length === 0 ? own : { ...ownSettings(target), ...own };
}

function fieldsAt(path: Path): z.ZodRawShape {
  return path[0] === 'flows' ? stepFields : operationFields;
}

function sharedProblems({ own, path }: RequestTemplate, { shared = [] }: TargetSupport): Problem[] {
  return shared
    .filter((key) => Object.hasOwn(own, key))
    .map((key) => ({
      path: [...path, key],
      message: `${key} is the same for all requests, as they share one connection: set it in the target`,
    }));
}

function takeProblems({ take, path }: RequestTemplate, { takes }: TargetSupport): Problem[] {
  return Object.entries(take).flatMap(([name, from]) => {
    const isHeader = typeof from !== 'string';
    if (takes === 'body-and-headers' || (takes === 'body' && !isHeader)) return [];
    const what = takes === 'body' ? 'headers of its answers' : 'its answers: there are none';
    return [{ path: [...path, 'take', name], message: `Nothing can be taken from ${what}` }];
  });
}

/** Settings of streams without streams, and vice versa. */
function streamProblemsOf({ stream, flows }: ScenarioTarget, interaction: string): Problem[] {
  const isStreaming = isStream(interaction);
  if (!isStreaming)
    return stream
      ? [{ path: ['stream'], message: `stream needs a server-stream pattern, found ${interaction}` }]
      : [];
  return [
    ...(stream
      ? []
      : [{ path: ['stream'], message: 'Expected the items of a stream: stream: { items: 10 }' }]),
    ...(flows ? [{ path: ['flows'], message: 'The answers of a flow are no streams: use operations' }] : []),
  ];
}

/** The fields that are of no request. */
function commonOf(target: ScenarioTarget): object {
  const names = Object.keys(commonTargetFields).filter((key) => !Object.hasOwn(requestFields, key));
  return Object.fromEntries(Object.entries(target).filter(([key]) => names.includes(key)));
}

/** All values except texts of another language, in which braces have another meaning. */
function withHoles(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== 'document'));
}

/** Settings of a program without a `command`. */
function withoutCommand(target: ScenarioTarget): Problem[] {
  if (target.command !== undefined) return [];
  return (['cwd', 'env', 'ready', 'stop'] as const)
    .filter((key) => target[key] !== undefined)
    .map((key) => ({ path: [key], message: `${key} needs a \`command\`` }));
}

/** Reason in words why a transport cannot drive this URL; undefined: it can, or the environment decides. */
export function urlProblem({ wire, target }: TransportDefinition, url: string): string | undefined {
  const login = target?.credentials;
  if (login !== undefined && USERINFO.test(url)) {
    return `Expected a URL without user and password, found ${redactUrl(url)}. They would not be sent: use ${login}`;
  }
  const literal = literalPasswordProblem(url);
  if (literal !== undefined) return literal;
  if (/\{\{\s*env\s/.test(url)) return undefined;
  const protocols = protocolsOf(wire);
  const expected = protocols.map((protocol) => `${protocol}//`).join(' or ');
  if (!URL.canParse(url) || !protocols.includes(new URL(url).protocol)) {
    return `Expected a URL that begins with ${expected}, found ${redactUrl(url)}`;
  }
  if (isRedacted(url)) {
    return `Expected a complete URL, found ${url}, whose secrets were removed before it was stored`;
  }
  return undefined;
}
