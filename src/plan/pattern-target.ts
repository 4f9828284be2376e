import { CommbenchError } from '../kernel/errors.ts';
import { withEnvironment } from '../kernel/text-template.ts';
import type { Catalogue } from '../kernel/catalogue.ts';
import { endpointOfUrl, isSecureUrl, protocolsOf } from '../platform/net/endpoint.ts';
import type { TargetSupport, TransportDefinition } from '../kernel/transport.ts';
import { literalPasswordProblem } from '../scenario/rules/security-rules.ts';
import { redactUrl } from '../kernel/redact.ts';
import { ownSettings, type ScenarioTarget } from '../scenario/schema/targets-schema.ts';
import { mixOf, requestsOf, type RequestTemplate, stepsOf } from '../scenario/schema/target-requests.ts';
import type { PatternRequest, PatternTarget } from './spec.ts';
import { isUrlOf, completionSourceOf } from './completion-source.ts';
import { hasCredentials, tlsOf, unusedCredentials, urlFromEnvironment } from './target-security.ts';

/** Sources of a pattern's target, in order of precedence. */
export interface TargetSources {
  /** From `--target PATTERN=URL`. */
  readonly option: string | undefined;
  /** From the scenario. */
  readonly target: ScenarioTarget | undefined;
  /** From `--broker NAME=URL`, by name. */
  readonly brokers: Readonly<Record<string, string>>;
}

/**
 * Resolves a pattern's target completely; undefined where it has none.
 * @param id of the pattern
 * @throws CommbenchError bad-option, bad-scenario: no URL, no such variable, or settings that lack something
 */
export function resolveTarget(
  id: string,
  { name, title, broker, target: support, wire }: TransportDefinition,
  { option, target, brokers }: TargetSources,
  catalogue: Catalogue,
): PatternTarget | undefined {
  if (option === undefined && target === undefined) return undefined;
  if (!support) {
    throw new CommbenchError('bad-scenario', `${title} of the pattern ${id} cannot drive targets`);
  }
  const given = option ?? target?.url ?? brokers[broker?.name ?? ''];
  if (given === undefined) {
    throw new CommbenchError('bad-option', `The target ${id} has no URL`, {
      hint: `Give it: --target ${id}=URL, or \`url\` in the scenario.`,
    });
  }
  const literal = option === undefined ? undefined : literalPasswordProblem(option);
  if (literal !== undefined) throw new CommbenchError('bad-option', `The target ${id}: ${literal}`);
  const requests = resolveRequests(id, support, target ?? {});
  const { completion, tls: givenTls, ...common } = commonFields(target ?? {});
  const { url, listensAt } = urlOf(id, given, { wire, target: support });
  // An option may well name the same server without TLS.
  const isUsed = option === undefined || isSecureUrl(url, wire);
  const tls = isUsed ? tlsOf(`${id}.tls`, givenTls, url, wire) : undefined;
  // Missing settings are reported before anything is started.
  const { ready } = withEnvironment({ ...common, requests }, process.env);
  const readyProtocols = ['http:', 'https:'];
  if (ready?.url !== undefined && !isUrlOf(ready.url, readyProtocols)) {
    throw wrongUrl(`${id}.ready.url`, ready.url, readyProtocols);
  }
  const isBroker = broker !== undefined;
  const isReadyGiven = (common.ready?.line ?? common.ready?.port ?? common.ready?.url) !== undefined;
  if (isBroker && common.command !== undefined && !isReadyGiven) throw unsaidReady(id);
  const reached = { url, listensAt, shown: redactUrl(given), ...(tls ? { tls } : {}) };
  const sent = { requests, ...sendingOf(target ?? {}) };
  const own = { ...common, ...reached, ...sent, isBroker };
  if (!completion) return own;
  const place = completionSourceOf(
    completion,
    { id, transport: name, url, requests, tls },
    { brokers, catalogue },
  );
  return { ...own, completion: place };
}

/** Literal URLs were checked with the scenario. */
function urlOf(
  id: string,
  given: string,
  { wire, target }: Pick<TransportDefinition, 'wire' | 'target'>,
): Pick<PatternTarget, 'url' | 'listensAt'> {
  const url = urlFromEnvironment(given);
  const protocols = protocolsOf(wire);
  const listensAt = isUrlOf(url, protocols) ? endpointOfUrl(url, wire) : undefined;
  if (!listensAt) throw wrongUrl(`${id}.url`, url, protocols);
  const login = target?.credentials;
  if (login !== undefined && hasCredentials(url)) throw unusedCredentials(`${id}.url`, login);
  return { url, listensAt };
}

/** @throws CommbenchError bad-option where settings lack something */
function resolveRequests(
  id: string,
  support: TargetSupport,
  target: ScenarioTarget,
): Record<string, PatternRequest> {
  const all = requestsOf(target, ownSettings(target)).map(({ operation, settings, path, take }) => {
    const parsed = support.settings.safeParse(settings);
    if (parsed.success) return [operation, { settings: parsed.data, take: takenFrom(take) }] as const;
    const missing = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new CommbenchError(
      'bad-option',
      `${['targets', id, ...path].join('.')} of the scenario is incomplete: ${missing.join('; ')}`,
      { hint: 'docs/targets.md lists its fields.' },
    );
  });
  return Object.fromEntries(all);
}

function takenFrom(take: RequestTemplate['take']): PatternRequest['take'] {
  return Object.fromEntries(
    Object.entries(take).map(([name, from]) => [
      name,
      typeof from === 'string' ? { path: from.split('.') } : { header: from.header.toLowerCase() },
    ]),
  );
}

function sendingOf(target: ScenarioTarget): Pick<PatternTarget, 'mix' | 'flows' | 'stream'> {
  const { stream } = target;
  return {
    mix: mixOf(target),
    flows: stepsOf(target),
    stream: stream ? { items: stream.items, everyMs: stream.everyMs ?? null, isLeft: !stream.ends } : null,
  };
}

/** Only the protocol is shown: the rest may come from the environment. */
function wrongUrl(field: string, url: string, protocols: readonly string[]): CommbenchError {
  const expected = protocols.map((protocol) => `${protocol}//`).join(' or ');
  const found = URL.canParse(url) ? `one that begins with ${new URL(url).protocol}` : 'none that can be read';
  return new CommbenchError(
    'bad-scenario',
    `Expected targets.${field} to be a URL that begins with ${expected}, found ${found}`,
    {
      hint: 'Check the values of {{env NAME}}.',
    },
  );
}

function unsaidReady(id: string): CommbenchError {
  return new CommbenchError(
    'bad-scenario',
    `targets.${id}.ready is required, as its URL is a broker's and does not show when the program is ready`,
    { hint: 'For example `ready: { line: "consuming" }`, a text that the program prints then.' },
  );
}

/** Fields that are given. */
function commonFields({ command, cwd, env, ready, stop, completion, tls }: ScenarioTarget) {
  const fields = { command, cwd, env, ready, stop, completion, tls };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<
    typeof fields
  >;
}
