import { htmlEscape } from 'escape-goat';

/** Text that is HTML already: made by `markup` alone. */
export interface Markup {
  readonly html: string;
}

type Part = Markup | string | number | null | undefined | false | readonly Part[];

/** Longer texts are cut: no name makes a page too large. */
const MOST_CHARACTERS = 4000;

/**
 * HTML from a template. Everything that is filled in is escaped, for text and for quoted attributes: the one place of a
 * page where that is done. Lists are joined; null, undefined and false are nothing.
 */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { html: texts.map((text, i) => text + (i < parts.length ? written(parts[i]) : '')).join('') };
}

export const NOTHING: Markup = { html: '' };

function written(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number')
    return htmlEscape(cut(String(part), MOST_CHARACTERS));
  return 'html' in part ? part.html : part.map(written).join('');
}

/** The beginning of a long text, and that there was more. */
export function cut(text: string, most: number): string {
  const characters = text.length <= most ? [] : [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
