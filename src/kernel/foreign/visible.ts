/**
 * Text from outside as it may be printed: titles, keys, ids, failures, output of programs. Characters that steer a
 * terminal, or hide or reorder text, are shown in their place; line breaks and all else stay. Lines that GitHub's runner
 * takes for commands (`::error::`, `##[error]`) lose that power by a space.
 */

/** C0 but the line feed, DEL, C1; soft hyphen, zero width, bidi controls, separators, tags; halves of a character. */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}\uD800-\uDFFF]/gu;
const PICTURES = 0x2400;
const DELETE = 0x7f;
const PICTURE_OF_DELETE = '\u2421';

/** The runner trims a line before it looks for the first form, and finds the second one anywhere. */
const COMMANDS = /(?<=^|\s):(?=:[A-Za-z])|##(?=\[)/gm;

export function visible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(HIDDEN, shown)
    .replaceAll(COMMANDS, (start) => `${start} `);
}

function shown(character: string): string {
  const code = character.codePointAt(0)!;
  if (character === '\t') return ' ';
  if (code === DELETE) return PICTURE_OF_DELETE;
  if (code < 0x20) return String.fromCodePoint(PICTURES + code);
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** The same for a message of several lines: no further line looks like the first one of another message. */
export function visibleBlock(text: string): string {
  return visible(text).replaceAll(/\n(?=\S)/g, '\n  ');
}

/** The same for every text in a value, keys included; parts without such characters stay the same objects. */
export function visibleIn<T>(value: T): T {
  if (typeof value === 'string') return visible(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(visibleIn);
    return items.every((item, i) => item === value[i]) ? value : (items as T);
  }
  const entries = Object.entries(value);
  const changed = entries.map(([key, inner]) => [visible(key), visibleIn(inner)] as const);
  const isSame = changed.every(([key, inner], i) => key === entries[i]![0] && inner === entries[i]![1]);
  return isSame ? value : (Object.fromEntries(changed) as T);
}

/** JSON whose strings hold these characters as escapes: the data stay what they are. */
export function escapedJson(value: unknown): string {
  return JSON.stringify(value, null, 2)
    .replaceAll(HIDDEN, escaped)
    .replaceAll('##[', String.raw`#\u0023[`);
}

/** By UTF-16 units, as JSON has it. */
function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
    .join('');
}
