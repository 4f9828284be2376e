/** One line of the table 'Retired words' of docs/GLOSSARY.md. */
export interface RetiredWord {
  readonly phrase: readonly string[];
  readonly instead: string;
  /** Where it is refused; a third column of the table says so where it isn't everywhere. */
  readonly place: 'identifiers' | 'text' | 'everywhere';
}

const HEADING = /^#+ Retired words$/m;

/** Empty where the page has no such table. */
export function retiredWordsOf(glossary: string): RetiredWord[] {
  const from = HEADING.exec(glossary);
  if (from === null) return [];
  const section = glossary.slice(from.index + from[0].length).split(/^#/m)[0]!;
  const [, , ...rows] = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.flatMap((row) => {
    const [old = '', instead = '', place = ''] = row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    return phrasesOf(old).map((phrase) => ({ phrase, instead, place: placeOf(place) }));
  });
}

/** In lower case: of prose, or of an identifier in any case. */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g)].map(([word]) => word.toLowerCase());
}

/** One after the other, in this order. */
export function phraseIn(words: readonly string[], phrase: readonly string[]): boolean {
  return words.some((_, at) => phrase.every((word, i) => words[at + i] === word));
}

/** Of a cell such as `told`, `said` (events). */
function phrasesOf(cell: string): string[][] {
  return cell
    .replaceAll(/\([^)]*\)|`/g, '')
    .split(/[,/]/)
    .map(wordsOf)
    .filter((phrase) => phrase.length > 0);
}

function placeOf(cell: string): RetiredWord['place'] {
  return cell === 'identifiers' || cell === 'text' ? cell : 'everywhere';
}
