import { nearest } from '../../kernel/nearest.ts';

/** End of a message: `. Did you mean rate?`, or nothing. */
export function guess(word: string, candidates: readonly string[]): string {
  const close = nearest(word, candidates);
  return close === undefined ? '' : `. Did you mean ${close}?`;
}
