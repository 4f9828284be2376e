/**
 * That there is more behind the verdicts, and how to see it.
 * @param more titles of tables that are left out until then
 */
export function explainHint(file: string | null, more: readonly string[] = []): string {
  const tables = more.length > 0 ? `, and ${more.join('; ')}` : '';
  return `Rule and figures behind each verdict${tables}: \`commbench report ${file ?? 'FILE'} --explain\`.`;
}
