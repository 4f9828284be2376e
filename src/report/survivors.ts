import { formatCount, plural } from './format.ts';

/** What a call must have come to, to be in a series of latencies. */
const CAME_TO = {
  reply: 'were answered ok',
  confirm: 'the broker confirmed',
  done: 'had their work done',
  'first item': 'had a first item',
} as const;
export type CameTo = keyof typeof CAME_TO;

/**
 * Latency is per outcome (DESIGN 3.5), so a series knows nothing of the calls that came to another
 * end: who reads a percentile must be told of how many it is. Undefined where it is of all.
 */
export function survivorsText(seen: number, planned: number, cameTo: CameTo): string | undefined {
  if (seen >= planned) return undefined;
  return `of the ${formatCount(seen)} of ${plural(planned, 'call')} that ${CAME_TO[cameTo]}`;
}

export function survivorsNote(seen: number, planned: number, cameTo: CameTo): string[] {
  const text = survivorsText(seen, planned, cameTo);
  return text === undefined ? [] : [`Only ${text}; the others are not in this figure.`];
}
