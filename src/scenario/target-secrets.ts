import { HIDDEN, isRedacted, isSecretName, redactUrl } from '../kernel/redact.ts';
import type { Scenario } from './schema.ts';
import type { ScenarioTarget } from './targets-schema.ts';

/** Mappings whose entries are told by their names to be secrets. */
const NAMED = ['headers', 'metadata', 'env'];

/** The scenario as it may be stored: what its targets need to be let in is taken out, but for {{holes}}. */
export function withoutSecrets(scenario: Scenario): Scenario {
  const targets = Object.entries(scenario.targets).map(([id, target]) => [id, withoutOwn(target)] as const);
  return { ...scenario, targets: Object.fromEntries(targets) };
}

function withoutOwn(target: ScenarioTarget): ScenarioTarget {
  const { url, completion } = target;
  const mappings = NAMED.filter((key) => isMapping(target[key])).map((key) => {
    return [key, withoutNamed(target[key] as Record<string, string>)] as const;
  });
  return {
    ...target,
    ...Object.fromEntries(mappings),
    ...(url === undefined ? {} : { url: hiddenUrl(url) }),
    ...(completion?.url === undefined
      ? {}
      : { completion: { ...completion, url: hiddenUrl(completion.url) } }),
  };
}

function withoutNamed(entries: Readonly<Record<string, string>>): Record<string, string> {
  const shown = Object.entries(entries).map(([name, value]) => {
    return [name, isSecretName(name) && !hasHoles(value) ? HIDDEN : value];
  });
  return Object.fromEntries(shown) as Record<string, string>;
}

/** As it was written: a URL with holes would not come back from the parser as it was. */
function hiddenUrl(url: string): string {
  return hasHoles(url) ? url : redactUrl(url);
}

/** What is drawn, or comes from the environment, is no secret as it is written. */
function hasHoles(text: string): boolean {
  return text.includes('{{');
}

/** Names of what was taken out of a target, so that it can't be driven any more. */
export function hiddenIn(target: ScenarioTarget): string[] {
  const named = NAMED.flatMap((key) => {
    const entries = isMapping(target[key]) ? Object.entries(target[key]) : [];
    return entries.filter(([, value]) => value === HIDDEN).map(([name]) => `${key}.${name}`);
  });
  const urls = { url: target.url, 'completion.url': target.completion?.url };
  const hidden = Object.entries(urls).filter(
    ([, url]) => url !== undefined && URL.canParse(url) && isRedacted(url),
  );
  return [...hidden.map(([name]) => name), ...named];
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
