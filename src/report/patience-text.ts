import type { Patience } from '../contracts/patience.ts';

const TEXTS: Readonly<Record<Patience, string>> = {
  refuse: 'refused at once',
  wait: 'held for a connection, within the deadline',
  keep: 'kept, and sent when there is a connection',
};

/** What becomes of a call while the other end is away. */
export function patienceText(patience: Patience): string {
  return TEXTS[patience];
}

/** Of several patterns together: `calls refused at once`; empty where nothing is known of them. */
export function patiencesText(all: readonly (Patience | null)[]): string {
  const known = [...new Set(all.filter((one) => one !== null))];
  return known.length === 0 ? '' : `calls ${known.map(patienceText).join(', or ')}`;
}
