import { formatCount } from './format.ts';

/** The sender: `a fresh generator`. */
export function generatorText(n: number): string {
  if (n === 1) return 'a fresh generator';
  return `${formatCount(n)} fresh generators, which share its schedule and have connections of their own,`;
}
