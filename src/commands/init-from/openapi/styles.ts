/** How a value is written into a path, a query, a header or a form: the styles of OpenAPI, after RFC 6570. */
export interface Style {
  readonly style: string;
  readonly explode: boolean;
  /** Reserved characters stay as they are. */
  readonly allowReserved: boolean;
}

/** What a style puts before a value and between its parts, and whether the parts bear names. */
const STYLES: Readonly<Record<string, { prefix: string; between: string; isNamed: boolean }>> = {
  simple: { prefix: '', between: ',', isNamed: false },
  label: { prefix: '.', between: '.', isNamed: false },
  matrix: { prefix: ';', between: ';', isNamed: true },
  form: { prefix: '', between: '&', isNamed: true },
  spaceDelimited: { prefix: '', between: '&', isNamed: true },
  pipeDelimited: { prefix: '', between: '&', isNamed: true },
  cookie: { prefix: '', between: '; ', isNamed: true },
};
const DELIMITER: Readonly<Record<string, string>> = { spaceDelimited: '%20', pipeDelimited: '%7C' };

/** The default of each place. */
export function styleIn(place: string): string {
  return place === 'query' || place === 'cookie' ? 'form' : 'simple';
}

/** The text that stands for a parameter, holes unchanged; empty: nothing stands for it. */
export function styled(name: string, value: unknown, how: Style): string {
  const write = how.allowReserved ? withReserved : encoded;
  const key = encoded(name);
  if (how.style === 'deepObject') return deep(key, value, write).join('&');
  const { prefix, between, isNamed } = STYLES[how.style] ?? STYLES['form']!;
  const parts = partsOf(value, write);
  if (parts === undefined) {
    const text = write(plain(value));
    if (!isNamed) return prefix + text;
    return `${prefix}${key}${text === '' && how.style === 'matrix' ? '' : `=${text}`}`;
  }
  if (parts.length === 0) return '';
  if (!how.explode) {
    const delimiter = DELIMITER[how.style] ?? ',';
    const list = parts.flatMap(([own, text]) => (own === undefined ? [text] : [own, text])).join(delimiter);
    return prefix + (isNamed ? `${key}=` : '') + list;
  }
  const each = parts.map(([own, text]) => {
    if (own !== undefined) return `${own}=${text}`;
    return isNamed ? `${key}=${text}` : text;
  });
  return prefix + each.join(between);
}

type Part = readonly [name: string | undefined, text: string];

/** Items of a list and fields of an object, of which nested values are JSON; undefined: the value is neither. */
function partsOf(value: unknown, write: (text: string) => string): Part[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return value.map((item): Part => [undefined, write(plain(item))]);
  return Object.entries(value).map(([key, field]): Part => [encoded(key), write(plain(field))]);
}

/** `filter[size]=1`, and further brackets below it. */
function deep(key: string, value: unknown, write: (text: string) => string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => deep(key, item, write));
  if (typeof value !== 'object' || value === null) return [`${key}=${write(plain(value))}`];
  return Object.entries(value).flatMap(([name, field]) => deep(`${key}%5B${encoded(name)}%5D`, field, write));
}

/** Texts as they are, all else as JSON; nothing for what is not there. */
export function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

const HOLE = /(\{\{[^{}]*\}\})/;

/** Percent-encoded, but for holes. */
export function encoded(text: string): string {
  return outsideHoles(text, encodeURIComponent);
}

function withReserved(text: string): string {
  return outsideHoles(text, (part) => encodeURI(part).replaceAll('#', '%23').replaceAll('&', '%26'));
}

function outsideHoles(text: string, change: (part: string) => string): string {
  const parts = text.toWellFormed().split(HOLE);
  return parts.map((part) => (HOLE.test(part) ? part : change(part))).join('');
}
