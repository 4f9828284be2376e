import { redactUrl } from '../kernel/redact.ts';
import type { ResolvedPattern } from './spec.ts';

/**
 * Identity of a pattern across scenarios: its wire settings and its broker.
 * @param given URLs of the user's own brokers, by name
 */
export function patternKey(
  { definition, interaction, subscribers, options }: ResolvedPattern,
  given: Readonly<Record<string, string>>,
): string {
  const url = given[definition.broker?.name ?? ''];
  const broker = url === undefined ? [] : [redactUrl(url)];
  return [definition.name, interaction, subscribers, JSON.stringify(sorted(options)), ...broker].join(' ');
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, part]) => [name, sorted(part)]));
}
