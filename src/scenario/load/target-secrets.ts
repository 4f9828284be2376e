import { isMapping } from './mapping.ts';
import { HIDDEN, isSecretName, redactUrl } from '../../kernel/redact.ts';
import type { Scenario } from '../schema/schema.ts';
import type { ScenarioTarget } from '../schema/targets-schema.ts';

/** Mappings whose secret entries are recognised by name. */
const NAMED = ['headers', 'metadata', 'env'];

/** The scenario as it may be stored: credentials of its targets are removed, except {{holes}}. */
export function withoutSecrets(scenario: Scenario): Scenario {
  const targets = Object.entries(scenario.targets).map(([id, target]) => [id, withoutOwn(target)] as const);
  return { ...scenario, targets: Object.fromEntries(targets) };
}

function withoutOwn(target: ScenarioTarget): ScenarioTarget {
  const { url, ready, path, completion } = target;
  const mappings = NAMED.filter((key) => isMapping(target[key])).map((key) => {
    return [key, withoutNamed(target[key] as Record<string, string>)] as const;
  });
  return {
    ...target,
    ...Object.fromEntries(mappings),
    ...(url === undefined ? {} : { url: shownUrl(url) }),
    ...(ready?.url === undefined ? {} : { ready: { ...ready, url: shownUrl(ready.url) } }),
    ...(typeof path === 'string' ? { path: withoutValues(path) } : {}),
    ...(completion?.url === undefined
      ? {}
      : { completion: { ...completion, url: shownUrl(completion.url) } }),
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
  const named = NAMED.flatMap((key) => {
    const entries = isMapping(target[key]) ? Object.entries(target[key]) : [];
    return entries.filter(([, value]) => value === HIDDEN).map(([name]) => `${key}.${name}`);
  });
  const { url, completion, ready, path } = target;
  const urls = { url, 'completion.url': completion?.url, 'ready.url': ready?.url, path };
  const hidden = Object.entries(urls).filter(
    ([, text]) => typeof text === 'string' && HIDDEN_PART.test(text),
  );
  return [...hidden.map(([name]) => name), ...named];
}
