import { phraseIn, type RetiredWord, retiredWordsOf, wordsOf } from '../retired-words-table.ts';
import type { Problem, Rule } from '../rule.ts';
import type { Mention, SourceFile } from '../tree/source-file.ts';
import { readText, type Tree } from '../tree/tree.ts';

const GLOSSARY = 'docs/GLOSSARY.md';
/** Folders whose strings a user reads. */
const SPEAKING = ['src/report/', 'src/commands/', 'src/experiments/'];
const PAGE = /^docs\/[^/]+\.md$/;

/** Words that the glossary has retired: in identifiers, in what a user reads, and in documents. */
export const retiredWords: Rule = {
  name: 'retired-words',
  check: (tree) => {
    const retired = retiredWordsOf(readText(tree, GLOSSARY) ?? '');
    const inNames = retired.filter(({ place }) => place !== 'text');
    const inTexts = retired.filter(({ place }) => place !== 'identifiers');
    return [
      ...tree.sources.flatMap((file) => mentionsIn(file.path, file.identifiers, inNames)),
      ...tree.sources
        .filter(isSpeaking)
        .flatMap((file) => mentionsIn(file.path, file.strings.filter(isProse), inTexts)),
      ...pagesOf(tree).flatMap((page) => mentionsIn(page, linesOf(readText(tree, page)!), inTexts)),
    ];
  },
};

function mentionsIn(path: string, texts: readonly Mention[], retired: readonly RetiredWord[]): Problem[] {
  return texts.flatMap(({ name, line }) => {
    const words = wordsOf(name);
    return retired
      .filter(({ phrase }) => phraseIn(words, phrase))
      .map(({ phrase, instead }) => ({
        path,
        line,
        what: `"${phrase.join(' ')}" is retired, write ${instead}: ${name.trim().slice(0, 60)}`,
      }));
  });
}

function isSpeaking({ path }: SourceFile): boolean {
  return SPEAKING.some((folder) => path.startsWith(folder));
}

/** A single word without a space is a key or a name, and no sentence. */
function isProse({ name }: Mention): boolean {
  return name.trim().includes(' ');
}

function pagesOf(tree: Tree): string[] {
  const pages = tree.files.filter((file) => PAGE.test(file) && file !== GLOSSARY);
  return readText(tree, 'README.md') === undefined ? pages : ['README.md', ...pages];
}

/** The prose of a page: code is quoted as it is. */
function linesOf(page: string): Mention[] {
  const withoutBlocks = page.replaceAll(/^```.*?^```/gms, (block) => block.replaceAll(/[^\n]/g, ''));
  return withoutBlocks
    .split('\n')
    .map((text, i) => ({ name: text.replaceAll(/`[^`]*`|\]\([^)]*\)/g, ' '), line: i + 1 }));
}
