import path from 'node:path';
import { ALLOWED } from '../allowed-words.ts';
import { phraseIn, type RetiredWord, retiredWordsOf, wordsOf } from '../retired-words-table.ts';
import type { Problem, Rule } from '../rule.ts';
import type { Mention, SourceFile } from '../tree/source-file.ts';
import { readText, type Tree } from '../tree/tree.ts';

const GLOSSARY = 'docs/GLOSSARY.md';
const LIST = 'test/shape/allowed-words.ts';
const MUTANTS = 'docs/mutants.md';
/** Measured output stays as it was printed. */
const EVIDENCE = 'docs/evidence/';
const ROOT_PAGES = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'action.yml'];
/** Pages, scenarios with their comments, and scripts whose messages only lines can show. */
const PAGE = /^(?!test\/).*\.md$|^scenarios\/.*\.ya?ml$|^bin\/.*\.sh$/;

interface Found extends Problem {
  readonly word: string;
}

/** Words that the glossary has retired: in names, in what a user reads, and in what tries the program. */
export const retiredWords: Rule = {
  name: 'retired-words',
  check: (tree) => {
    const retired = retiredWordsOf(readText(tree, GLOSSARY) ?? '');
    if (retired.length === 0) return [];
    const found = [
      ...tree.sources.flatMap((file) => inSource(file, retired)),
      ...tree.launcher.flatMap((file) => inStrings(file, retired)),
      ...tree.trying.flatMap((file) => inTrying(file, retired)),
      ...inPages(tree, retired),
    ];
    return [...found.filter((one) => !ALLOWED.some((entry) => allows(entry, one))), ...unused(tree, found)];
  },
};

function inSource(file: SourceFile, retired: readonly RetiredWord[]): Found[] {
  return [
    ...mentionsIn(
      file.path,
      namesOf(file),
      retired.filter(({ inNames }) => inNames),
    ),
    ...inStrings(file, retired),
  ];
}

function inStrings(file: SourceFile, retired: readonly RetiredWord[]): Found[] {
  return mentionsIn(
    file.path,
    file.strings.filter(isProse),
    retired.filter(({ inText }) => inText),
  );
}

function inTrying(file: SourceFile, retired: readonly RetiredWord[]): Found[] {
  return mentionsIn(
    file.path,
    [...namesOf(file), ...file.titles],
    retired.filter(({ inTests }) => inTests),
  );
}

function namesOf(file: SourceFile): Mention[] {
  return [{ name: path.posix.parse(file.path).name, line: 1 }, ...file.identifiers];
}

/** A single word without a space is a key, and no sentence. */
function isProse({ name }: Mention): boolean {
  return name.trim().includes(' ');
}

function inPages(tree: Tree, retired: readonly RetiredWord[]): Found[] {
  const pages = tree.files.filter((file) => PAGE.test(file) && isRead(file));
  return [...ROOT_PAGES, ...pages].flatMap((page) => {
    const lines = (readText(tree, page) ?? '').split('\n').map((name, i) => ({ name, line: i + 1 }));
    return mentionsIn(
      page,
      lines,
      retired.filter(({ inText, inTests }) => inText || (page === MUTANTS && inTests)),
    );
  });
}

/** The glossary names the words; evidence is data, but for its README. */
function isRead(page: string): boolean {
  return page !== GLOSSARY && (!page.startsWith(EVIDENCE) || page === `${EVIDENCE}README.md`);
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
