/** Verdict of the measurements on a claim. */
export type ClaimVerdict = 'supported' | 'contradicted' | 'inconclusive';

export function verdictIf(isSo: boolean): ClaimVerdict {
  return isSo ? 'supported' : 'contradicted';
}
