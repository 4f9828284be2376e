import type { Row } from './spec.ts';

/** By what rows of different scenarios are known to be the same to the machine: how they go over the wire. */
export function rowKey({ definition, interaction, subscribers, options }: Row): string {
  return [definition.name, interaction, subscribers, JSON.stringify(sorted(options))].join(' ');
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, part]) => [name, sorted(part)]));
}
