import { isMapping } from './mapping.ts';
import { HIDDEN, isSecretName, redactUrl } from '../../kernel/redact.ts';
import type { Scenario } from '../schema/schema.ts';
import { requestsOf, withRequests } from '../schema/target-requests.ts';
import type { ScenarioTarget } from '../schema/targets-schema.ts';

/** Mappings whose secret entries are recognised by name. */
const NAMED = ['headers', 'metadata', 'env'];

/** The scenario as it may be stored: credentials of its targets are removed, except {{holes}}. */
export function withoutSecrets(scenario: Scenario): Scenario {
  const targets = Object.entries(scenario.targets).map(([id, target]) => [id, withoutOwn(target)] as const);
  return { ...scenario, targets: Object.fromEntries(targets) };
}

function withoutOwn(target: ScenarioTarget): ScenarioTarget {
  const { url, ready, completion } = target;
  return {
    ...withRequests(target, withoutFields),
    ...(url === undefined ? {} : { url: shownUrl(url) }),
    ...(ready?.url === undefined ? {} : { ready: { ...ready, url: shownUrl(ready.url) } }),
    ...(completion?.url === undefined
      ? {}
      : { completion: { ...completion, url: shownUrl(completion.url) } }),
  };
}

/** Fields that the target and each of its kinds of request may have. */
function withoutFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const mappings = NAMED.filter((key) => isMapping(fields[key])).map((key) => {
    return [key, withoutNamed(fields[key] as Record<string, string>)] as const;
  });
  const { path } = fields;
  return {
    ...fields,
    ...Object.fromEntries(mappings),
    ...(typeof path === 'string' ? { path: withoutValues(path) } : {}),
  };
}

function withoutNamed(entries: Readonly<Record<string, string>>): Record<string, string> {
  const shown = Object.entries(entries).map(([name, value]) => {
    return [name, isSecretName(name) && !hasHoles(value) ? HIDDEN : value];
  });
  return Object.fromEntries(shown) as Record<string, string>;
}

const PASSWORD = /^([^/?#]*\/\/[^/?#@:]*:)([^/?#@]*)(?=@)/;
const QUERY_VALUE = /([?&])([^=&#]*)=([^&#]*)/g;

/** A URL without credentials, except {{holes}}: a URL with holes is cut as text, as no parser preserves it. */
export function shownUrl(url: string): string {
  if (!hasHoles(url)) return redactUrl(url);
  const named = url.replace(PASSWORD, (all, head: string, password: string) =>
    hasHoles(password) ? all : head + HIDDEN,
  );
  return withoutValues(named);
}

/** A URL or path without query values whose names denote a secret. */
function withoutValues(text: string): string {
  return text.replaceAll(QUERY_VALUE, (all, mark: string, name: string, value: string) =>
    isSecretName(name) && !hasHoles(value) ? `${mark}${name}=${HIDDEN}` : all,
  );
}

/** Random values and those of the environment are no secret as written. */
function hasHoles(text: string): boolean {
  return text.includes('{{');
}

/** A password, or a value of a query. */
const HIDDEN_PART = /:\*\*\*@|=\*\*\*(?=[&#]|$)/;

/** Names of the values removed from a target, without which it cannot be driven. */
export function hiddenIn(target: ScenarioTarget): string[] {
  const { url, completion, ready } = target;
  const urls = { url, 'completion.url': completion?.url, 'ready.url': ready?.url };
  const hidden = Object.entries(urls).filter(
    ([, text]) => typeof text === 'string' && HIDDEN_PART.test(text),
  );
  const ofRequests = requestsOf(target, target).flatMap(({ path, own }) =>
    hiddenFields(own).map((name) => [...path, name].join('.')),
  );
  const shared = target.operations || target.flows ? hiddenFields(target) : [];
  return [...hidden.map(([name]) => name), ...shared, ...ofRequests];
}

function hiddenFields(fields: Readonly<Record<string, unknown>>): string[] {
  const named = NAMED.flatMap((key) => {
    const entries = isMapping(fields[key]) ? Object.entries(fields[key]) : [];
    return entries.filter(([, value]) => value === HIDDEN).map(([name]) => `${key}.${name}`);
  });
  const { path } = fields;
  return [...(typeof path === 'string' && HIDDEN_PART.test(path) ? ['path'] : []), ...named];
}
