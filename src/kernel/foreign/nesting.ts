/** Nesting of a document from outside: no file of ours comes near it, and code that walks one never runs out of stack. */
export const MOST_NESTING = 64;

type NestingProblem = 'deep' | 'circular';

/** What keeps a parsed value from being walked; undefined: nothing. */
export function nestingProblem(value: unknown, above: readonly object[] = []): NestingProblem | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (above.includes(value)) return 'circular';
  if (above.length >= MOST_NESTING) return 'deep';
  const here = [...above, value];
  for (const inner of Object.values(value)) {
    const problem = nestingProblem(inner, here);
    if (problem) return problem;
  }
  return undefined;
}
