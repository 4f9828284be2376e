import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { printedReport, scenarioPages } from './scenario-pages.ts';

/** Pages whose source is one file of the repository, by its path there. */
const SOURCES = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'docs/**/*.md'];

/**
 * The Markdown of every page, by its path in the site. Links between pages go on working; what a page links to beside
 * them is not on the site, and is named by its path.
 * @param screenOf what a terminal shows of a result file
 */
export function pagesOf(root: string, screenOf = printedReport): ReadonlyMap<string, string> {
  const sources = globSync(SOURCES, { cwd: root });
  const places = new Map(sources.map((source) => [source, placeOf(source)]));
  const read = (source: string) => readFileSync(path.join(root, source), 'utf8');
  const scenarios = scenarioPages(root, screenOf);
  for (const [source, { place }] of scenarios) places.set(source, place);
  const pages = new Map([
    ...sources.map((source) => {
      const text = relinked(read(source), source, places);
      return [placeOf(source), source === 'README.md' ? withRecordings(text, root) : text] as const;
    }),
    ...[...scenarios.values()].map(({ place, text }) => [place, text] as const),
  ]);
  return new Map(
    [...pages].map(([place, text]) => [place, WIDE.test(place) ? `${WITHOUT_ASIDE}${text}` : text]),
  );
}

/** Pages with reports, which are wide. */
const WIDE = /^(?:index|scenarios\/.*|evidence\/.*)\.md$/;
const WITHOUT_ASIDE = '---\naside: false\n---\n\n';

/** Terminal recordings stand before the first heading below the title. */
function withRecordings(text: string, root: string): string {
  const files = globSync('docs/recordings/*.cast', { cwd: root }).toSorted();
  const shown = files.map((file) => {
    const [head = ''] = readFileSync(path.join(root, file), 'utf8').split('\n');
    const { title } = JSON.parse(head) as { title: string };
    return `<Recording src="/recordings/${path.basename(file)}" title="${title}" />\n\n`;
  });
  return text.replace(/^## /m, () => `${shown.join('')}## `);
}

/** Example: `docs/decisions/0001-a.md` is `decisions/0001-a.md`. */
function placeOf(source: string): string {
  if (source === 'README.md') return 'index.md';
  return source.replace(/^docs\//, '').replace(/(^|\/)README\.md$/, '$1index.md');
}

const LINK = /(!?)\[([^\]]*)\]\((?!\w+:|#)([^)#\s]+)(#[^)]*)?\)/g;

/** Outside of blocks of code. */
function relinked(text: string, source: string, places: ReadonlyMap<string, string>): string {
  return text
    .split(/^(```[^]*?^```)/m)
    .map((part) => (part.startsWith('```') ? part : part.replaceAll(LINK, replace)))
    .join('');

  function replace(_all: string, image: string, label: string, target: string, anchor = ''): string {
    const wanted = path.posix
      .normalize(path.posix.join(path.posix.dirname(source), target))
      .replace(/\/$/, '');
    if (image) return `![${label}](${wanted.replace(/^docs\//, '/')})`;
    const place = places.get(wanted) ?? places.get(`${wanted}/README.md`);
    if (place === undefined) return label.includes(wanted) ? label : `${label} (\`${wanted}\`)`;
    const from = path.posix.dirname(placeOf(source));
    const relative = path.posix.relative(from, place);
    return `[${label}](${relative.startsWith('.') ? relative : `./${relative}`}${anchor})`;
  }
}
