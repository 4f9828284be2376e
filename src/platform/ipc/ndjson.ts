/** One JSON object per line; `type` is its discriminant. */
export interface Typed {
  readonly type: string;
}

/** Longest line taken from another process: a bound against a peer that never ends its line. */
const MAX_LINE_CHARS = 4_000_000;

/** Feeds chunks of text in, gets whole non-empty lines out. A last line without its end is never given. */
export function lineSplitter(onLine: (line: string) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop()!;
    if (rest.length > MAX_LINE_CHARS) throw new Error(`Expected lines of up to ${MAX_LINE_CHARS} characters`);
    for (const line of parts) if (line !== '') onLine(line);
  };
}

/** Undefined where the text is no JSON object with a `type`. */
export function parseTyped(line: string): Typed | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof (value as Typed | null)?.type === 'string' ? (value as Typed) : undefined;
  } catch {
    return undefined;
  }
}
