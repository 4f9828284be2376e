import { z } from 'zod';
import { isAnswered, isStream } from '../../contracts/interactions.ts';
import type { Catalogue } from '../../kernel/catalogue.ts';
import { protocolsOf } from '../../platform/net/endpoint.ts';
import { isRedacted, redactUrl } from '../../kernel/redact.ts';
import { templateProblems } from '../../kernel/text-template.ts';
import type { TransportDefinition } from '../../kernel/transport.ts';
import type { JsonSchema } from '../schema/json-schema.ts';
import type { Pattern, Scenario } from '../schema/schema.ts';
import { commonTargetFields, ownSettings, type ScenarioTarget } from '../schema/targets-schema.ts';
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
      const problems = await problemsOfTarget(target, definition);
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
  { broker }: TransportDefinition,
  { interaction }: Pick<Pattern, 'interaction'>,
): string | undefined {
  if (broker && isAnswered(interaction)) {
    return `A queue or topic of your own gives no replies: use an interaction without them, such as work-queue, found ${interaction}`;
  }
  if (!broker && isStream(interaction)) {
    return `A server of your own gives one reply per call: use request-reply, found ${interaction}`;
  }
  return undefined;
}

async function problemsOfTarget(target: ScenarioTarget, definition: TransportDefinition): Promise<Problem[]> {
  const { target: support, title } = definition;
  if (!support) {
    const message = `${title} cannot drive targets`;
    return [{ path: [], message }];
  }
  const schema = z.toJSONSchema(z.strictObject({ ...support.settings.shape, ...commonTargetFields }), {
    io: 'input',
  }) as JsonSchema;
  const own = ownSettings(target);
  const settings = support.settings.safeParse(own);
  const issues = settings.error?.issues.flatMap((issue) => problemsOf(issue, own, schema)) ?? [];
  // The valid part is checked, so that an unknown key hides nothing else.
  const known = support.settings.strip().safeParse(own);
  const further = known.success ? await support.problems?.(known.data) : [];
  const url = target.url === undefined ? undefined : urlProblem(definition, target.url);
  return [
    ...issues,
    ...(further ?? []),
    ...(url === undefined ? [] : [{ path: ['url'], message: url }]),
    ...templateProblems(withHoles(target)),
    ...withoutCommand(target),
    ...securityProblems(target),
  ];
}

/** All values except texts of another language, in which braces have another meaning. */
function withHoles(target: ScenarioTarget): object {
  return Object.fromEntries(Object.entries(target).filter(([key]) => key !== 'document'));
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
