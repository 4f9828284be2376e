import path from 'node:path';
import { ALLOWED } from '../allowed-words.ts';
import { phraseIn, type RetiredWord, retiredWordsOf, wordsOf } from '../retired-words-table.ts';
import type { Problem, Rule } from '../rule.ts';
import type { Mention, SourceFile } from '../tree/source-file.ts';
import { readText, type Tree } from '../tree/tree.ts';

const GLOSSARY = 'docs/GLOSSARY.md';
const LIST = 'test/shape/allowed-words.ts';
/** Folders whose strings a user reads. */
const SPEAKING = ['src/analysis/', 'src/report/', 'src/commands/', 'src/experiments/'];
const PAGE = /^docs\/[^/]+\.md$/;
/** The glossary names them, and the list of mutants quotes code. */
const NO_PAGES = [GLOSSARY, 'docs/mutants.md'];

interface Found extends Problem {
  readonly word: string;
}

/** Words that the glossary has retired: in names, in what a user reads, and in documents. */
export const retiredWords: Rule = {
  name: 'retired-words',
  check: (tree) => {
    const retired = retiredWordsOf(readText(tree, GLOSSARY) ?? '');
    if (retired.length === 0) return [];
    const found = [...tree.sources.flatMap((file) => inSource(file, retired)), ...inPages(tree, retired)];
    return [...found.filter((one) => !ALLOWED.some((entry) => allows(entry, one))), ...unused(tree, found)];
  },
};

function inSource(file: SourceFile, retired: readonly RetiredWord[]): Found[] {
  const name = { name: path.posix.basename(file.path, '.ts'), line: 1 };
  const names = [name, ...file.identifiers];
  const texts = SPEAKING.some((folder) => file.path.startsWith(folder)) ? file.strings.filter(isProse) : [];
  return [
    ...mentionsIn(
      file.path,
      names,
      retired.filter(({ inNames }) => inNames),
    ),
    ...mentionsIn(
      file.path,
      texts,
      retired.filter(({ inText }) => inText),
    ),
  ];
}

/** A single word without a space is a key, and no sentence. */
function isProse({ name }: Mention): boolean {
  return name.trim().includes(' ');
}

function inPages(tree: Tree, retired: readonly RetiredWord[]): Found[] {
  const pages = tree.files.filter((file) => PAGE.test(file) && !NO_PAGES.includes(file));
  return ['README.md', ...pages].flatMap((page) => {
    const lines = (readText(tree, page) ?? '').split('\n').map((name, i) => ({ name, line: i + 1 }));
    return mentionsIn(
      page,
      lines,
      retired.filter(({ inText }) => inText),
    );
  });
}

function mentionsIn(file: string, texts: readonly Mention[], retired: readonly RetiredWord[]): Found[] {
  return texts.flatMap(({ name, line }) => {
    const words = wordsOf(name);
    return retired
      .filter(({ phrase }) => phraseIn(words, phrase))
      .map(({ phrase, instead }) => {
        const word = phrase.join(' ');
        const what = `"${word}" is retired, write ${instead}: ${name.trim().slice(0, 60)}`;
        return { path: file, line, word, what };
      });
  });
}

function allows({ word, in: files }: (typeof ALLOWED)[number], found: Found): boolean {
  return word === found.word && files.test(found.path);
}

/** Only where the list is this repository's own. */
function unused({ files }: Tree, found: readonly Found[]): Problem[] {
  if (!files.includes(LIST)) return [];
  return ALLOWED.filter((entry) => !found.some((one) => allows(entry, one))).map(({ word, in: where }) => ({
    path: LIST,
    line: 1,
    what: `"${word}" is not in ${where.source}: take it from the list`,
  }));
}
