/** That there is more behind the verdicts, and how to see it. */
export function explainHint(file: string | null): string {
  return `Rule and figures behind each verdict: \`commbench report ${file ?? 'FILE'} --explain\`.`;
}
