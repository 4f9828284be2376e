import { redactLocation, redactUrl } from '../../kernel/redact.ts';

/** Header fields by their names in small letters. */
export type IncomingHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** An answer as it was received, to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHeaders;
  readonly chunks: readonly Buffer[];
  readonly waitedNs: number;
}

const LONGEST_PLACE = 200;

/** `HTTP 302, a redirect to /login`: a query may hold a secret, and is not shown. */
export function answerText(status: number, location: IncomingHeaders[string]): string {
  if (typeof location !== 'string' || status < 300 || status > 399) return `HTTP ${status}`;
  const path = location.split(/[?#]/, 1)[0]!;
  const place = URL.canParse(path) ? redactUrl(path) : redactLocation(path);
  return `HTTP ${status}, a redirect to ${place.slice(0, LONGEST_PLACE)}`;
}

/** The first value of each field. */
export function singleValues(headers: IncomingHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const [first] = [value ?? []].flat();
      return first === undefined ? [] : [[name.toLowerCase(), first]];
    }),
  );
}
