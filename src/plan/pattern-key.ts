import { redactUrl } from '../kernel/redact.ts';
import type { ResolvedPattern } from './spec.ts';

/**
 * By what rows of different scenarios are known to be the same to the machine: how they go over the wire, and over which
 * broker.
 * @param given URLs of brokers that are the user's own, by name
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
