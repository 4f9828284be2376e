import { CommbenchError } from '../kernel/errors.ts';
import { withEnvironment } from '../kernel/text-template.ts';
import type { Catalogue } from '../kernel/catalogue.ts';
import { endpointOfUrl, protocolsOf } from '../platform/net/endpoint.ts';
import type { TransportDefinition } from '../kernel/transport.ts';
import { shownUrl } from '../scenario/load/target-secrets.ts';
import { ownSettings, type ScenarioTarget } from '../scenario/schema/targets-schema.ts';
import type { PatternTarget } from './spec.ts';
import { isUrlOf, completionSourceOf } from './completion-source.ts';

/** Sources of a pattern's target, in order of precedence. */
export interface TargetSources {
  /** From `--target ROW=URL`. */
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
    throw new CommbenchError(
      'bad-scenario',
      `Expected a transport that drives targets, found ${title} of ${id}`,
    );
  }
  const given = option ?? target?.url ?? brokers[broker?.name ?? ''];
  if (given === undefined) {
    throw new CommbenchError('bad-option', `Expected a URL of the target ${id}, found none`, {
      hint: `Give it: --target ${id}=URL, or \`url\` in the scenario.`,
    });
  }
  const settings = support.settings.safeParse(ownSettings(target ?? {}));
  if (!settings.success) {
    const missing = settings.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new CommbenchError(
      'bad-option',
      `Expected the scenario's targets.${id} to say how it is called, found it without: ${missing.join('; ')}`,
      { hint: 'docs/targets.md has its fields.' },
    );
  }
  const url = withEnvironment(given, process.env);
  // Literal URLs were checked with the scenario.
  const protocols = protocolsOf(wire);
  const listensAt = isUrlOf(url, protocols) ? endpointOfUrl(url, wire) : undefined;
  if (!listensAt) throw wrongUrl(`${id}.url`, url, protocols);
  const { completion, ...common } = commonFields(target ?? {});
  // Missing settings are reported before anything is started.
  const { ready } = withEnvironment({ ...common, settings: settings.data }, process.env);
  if (ready?.url !== undefined && !isUrlOf(ready.url, ['http:'])) {
    throw wrongUrl(`${id}.ready.url`, ready.url, ['http:']);
  }
  const isBroker = broker !== undefined;
  if (isBroker && common.command !== undefined && !isReadyGiven(common.ready)) throw unsaidReady(id);
  const own = { ...common, url, listensAt, shown: shownUrl(given), settings: settings.data, isBroker };
  if (!completion) return own;
  const place = completionSourceOf(
    completion,
    { id, transport: name, url, settings: settings.data },
    { brokers, catalogue },
  );
  return { ...own, completion: place };
}

/** Only the protocol is shown: the rest may come from the environment. */
function wrongUrl(field: string, url: string, protocols: readonly string[]): CommbenchError {
  const expected = protocols.map((protocol) => `${protocol}//`).join(' or ');
  const found = URL.canParse(url) ? `one that begins with ${new URL(url).protocol}` : 'none that can be read';
  return new CommbenchError(
    'bad-scenario',
    `Expected targets.${field} to be a URL that begins with ${expected}, found ${found}`,
    {
      hint: 'TLS is not spoken here: give the plain endpoint behind what ends it. See what {{env NAME}} stands for.',
    },
  );
}

function isReadyGiven(ready: ScenarioTarget['ready']): boolean {
  return (ready?.line ?? ready?.port ?? ready?.url) !== undefined;
}

function unsaidReady(id: string): CommbenchError {
  return new CommbenchError(
    'bad-scenario',
    `Expected targets.${id}.ready to say when its program can be sent to, as its URL is a broker's, found none`,
    { hint: 'For example `ready: { line: "consuming" }`, a text that it prints when it does.' },
  );
}

/** Fields that are given. */
function commonFields({ command, cwd, env, ready, stop, completion }: ScenarioTarget) {
  const fields = { command, cwd, env, ready, stop, completion };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<
    typeof fields
  >;
}
