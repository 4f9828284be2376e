/** What measurements say of a claim. */
export type Verdict = 'supported' | 'contradicted' | 'inconclusive';

export function verdictOf(isSo: boolean): Verdict {
  return isSo ? 'supported' : 'contradicted';
}
