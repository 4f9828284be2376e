/** One line of the table 'Retired words' of docs/GLOSSARY.md. */
export interface RetiredWord {
  readonly phrase: readonly string[];
  readonly instead: string;
  /** It is refused in identifiers and file names of src. */
  readonly inNames: boolean;
  /** It is refused in what a user reads. */
  readonly inText: boolean;
  /** It is refused in names and titles of test, bench and prove. */
  readonly inTests: boolean;
}

const HEADING = /^#+ Retired words$/m;

/** Empty where the page has no such table: retired word in backticks, what stands in its place, and some of `names`, `text`, `tests`. */
export function retiredWordsOf(glossary: string): RetiredWord[] {
  const from = HEADING.exec(glossary);
  if (from === null) return [];
  const section = glossary.slice(from.index + from[0].length).split(/^#/m)[0]!;
  return [...section.matchAll(/^\| `([^`]+)` \|([^|]*)\|([^|]*)\|$/gm)].map(([, word, instead, where]) => ({
    phrase: wordsOf(word!),
    instead: instead!.trim(),
    inNames: where!.includes('names'),
    inText: where!.includes('text'),
    inTests: where!.includes('tests'),
  }));
}

/** In lower case: of prose, or of an identifier in any case. */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g)].map(([word]) => word.toLowerCase());
}

/** One after the other, in this order. */
export function phraseIn(words: readonly string[], phrase: readonly string[]): boolean {
  return words.some((_, at) => phrase.every((word, i) => words[at + i] === word));
}
