/**
 * Points to the rules and figures behind the verdicts.
 * @param more titles of tables that are shown with them only
 */
export function explainHint(file: string | null, more: readonly string[] = []): string {
  const tables = more.length > 0 ? `, and ${more.join('; ')}` : '';
  return `Rule and figures behind each verdict${tables}: \`commbench report ${file ?? 'FILE'} --explain\`.`;
}
