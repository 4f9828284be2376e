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
  const settings = support.settings.safeParse(ownSettings(target ?? {}));
  if (!settings.success) {
    const missing = settings.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new CommbenchError(
      'bad-option',
      `targets.${id} of the scenario is incomplete: ${missing.join('; ')}`,
      { hint: 'docs/targets.md lists its fields.' },
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
  const isReadyGiven = (common.ready?.line ?? common.ready?.port ?? common.ready?.url) !== undefined;
  if (isBroker && common.command !== undefined && !isReadyGiven) throw unsaidReady(id);
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
      hint: 'TLS is not supported: give the plain endpoint behind the TLS proxy. Check the values of {{env NAME}}.',
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
function commonFields({ command, cwd, env, ready, stop, completion }: ScenarioTarget) {
  const fields = { command, cwd, env, ready, stop, completion };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<
    typeof fields
  >;
}
