import { nearest } from '../../kernel/nearest.ts';

/** `. Did you mean rate?`, or nothing: the end of a message. */
export function guess(word: string, candidates: readonly string[]): string {
  const close = nearest(word, candidates);
  return close === undefined ? '' : `. Did you mean ${close}?`;
}
