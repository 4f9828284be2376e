/**
 * What may be shown or stored of a user's text: only what is known to be harmless. Names, shapes and placeholders are;
 * values are not.
 */

/** Replacement for a value. */
export const HIDDEN = '***';

/** Whether a part of this text was removed, so that it cannot be used any more. */
export function isRedacted(text: string): boolean {
  return text.includes(HIDDEN);
}

const HOLE = /\{\{[^{}]*\}\}/g;
/** Scheme, authority, path, query, fragment (RFC 3986, appendix B), of a URL with an authority. */
const URL_PARTS = /^([a-z][a-z0-9+.-]*:)\/\/([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/is;
/** Words of a path: letters with few digits behind them, or a short number. */
const WORD = /^(?:[a-z]{1,24}\d{0,3}(?:[-_.~][a-z]{1,24}\d{0,3}){0,6})?(?:[-_.]?\d{1,4})?$/i;
const NAME = /^[a-z][a-z0-9_.[\]-]{0,40}$/i;

/**
 * A URL: its scheme, host, port, the words of its path, the names of its query, and its {{holes}}. Of any other text the
 * length alone.
 */
export function redactUrl(text: string): string {
  const hasHoles = text.match(HOLE) !== null;
  if (hasHoles && withoutLiterals(text) === text) return text;
  if (!URL.canParse(text.replaceAll(HOLE, 'x'))) return lengthText(text);
  const found = URL_PARTS.exec(hasHoles ? text : new URL(text).href);
  if (!found) return lengthText(text);
  const [, scheme, authority = '', path = '', query = '', fragment = ''] = found;
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? '' : `${withoutLiterals(authority.slice(0, at), [':'])}@`;
  const host = authority.slice(at + 1);
  return `${scheme}//${user}${host}${redactPath(path)}${redactQuery(query)}${fragment === '' ? '' : `#${HIDDEN}`}`;
}

/** A URL of a package: its path is public, a mirror's user and query need not be. */
export function redactPublicUrl(text: string): string {
  if (!URL.canParse(text) || !URL_PARTS.test(text)) return lengthText(text);
  const { protocol, host, pathname, search, username, password } = new URL(text);
  return `${protocol}//${username + password === '' ? '' : `${HIDDEN}@`}${host}${pathname}${redactQuery(search)}`;
}

/** A text with its URLs as `redactUrl` shows them. */
export function withoutUrls(text: string): string {
  return text.replaceAll(/[a-z][a-z0-9+.-]*:\/\/\S*[^\s,.;:)]/gi, redactUrl);
}

/** A path with its query, as `redactUrl` shows it. */
export function redactLocation(text: string): string {
  const [, path = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(text)!;
  return `${redactPath(path)}${redactQuery(query)}${fragment === '' ? '' : `#${HIDDEN}`}`;
}

/** `a text of 24 characters`: of a text of unknown kind nothing else is harmless. */
export function lengthText(text: string): string {
  return `a text of ${text.length} characters`;
}

/** A name as it may be shown; of anything else its length. */
export function shownName(text: string): string {
  return NAME.test(text) ? text : lengthText(text);
}

function redactPath(path: string): string {
  return path
    .split('/')
    .map((part) => (WORD.test(part) ? part : withoutLiterals(part)))
    .join('/');
}

function redactQuery(query: string): string {
  if (query === '') return '';
  const pairs = query
    .slice(1)
    .split('&')
    .map((pair) => {
      const at = pair.indexOf('=');
      const name = at < 0 ? '' : pair.slice(0, at);
      if (!NAME.test(name)) return withoutLiterals(pair);
      return `${name}=${withoutLiterals(pair.slice(at + 1))}`;
    });
  return `?${pairs.join('&')}`;
}

/** Literals that say nothing: blanks, and the schemes of an Authorization header. */
const HARMLESS_LITERAL = /^(?:\s*|\s*(?:Bearer|Basic|Digest|Token)\s+)$/i;

/** A text without anything but its {{holes}}, and what is harmless beside them. @param also further harmless literals */
export function withoutLiterals(text: string, also: readonly string[] = []): string {
  const isHarmless = (literal: string) => HARMLESS_LITERAL.test(literal) || also.includes(literal);
  const holes = text.match(HOLE) ?? [];
  if (holes.length === 0) return text === '' ? '' : HIDDEN;
  return text
    .split(HOLE)
    .map((literal, i) => (isHarmless(literal) ? literal : HIDDEN) + (holes[i] ?? ''))
    .join('');
}
