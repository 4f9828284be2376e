import type { Footnote } from './view.ts';

const DIGITS = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'] as const;

/** Gives each text one mark, in the order in which they are first needed. */
export interface Footnotes {
  mark(text: string): string;
  all(): Footnote[];
}

export function createFootnotes(): Footnotes {
  const texts: string[] = [];
  return {
    mark(text) {
      // A name such as gRPC keeps its own first letter.
      const sentence = /^[a-z][^A-Z]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
      if (!texts.includes(sentence)) texts.push(sentence);
      return superscript(texts.indexOf(sentence) + 1);
    },
    all: () => texts.map((text, i) => ({ mark: superscript(i + 1), text })),
  };
}

/** For cells without footnotes. */
export const NO_NOTES: Footnotes = { mark: () => '', all: () => [] };

function superscript(n: number): string {
  return String(n).replaceAll(/\d/g, (digit) => DIGITS[Number(digit)]!);
}
