/** What measurements say of a claim. */
export type ClaimVerdict = 'supported' | 'contradicted' | 'inconclusive';

export function verdictIf(isSo: boolean): ClaimVerdict {
  return isSo ? 'supported' : 'contradicted';
}
