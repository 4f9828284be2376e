import { globSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { pagesOf } from '../../site/pages.ts';
import { sidebarOf } from '../../site/sidebar.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

let pages: ReadonlyMap<string, string>;
beforeAll(() => {
  pages = pagesOf(ROOT, (_root, file) => `the screen of ${file}\n`);
});

/** Targets of links, outside of blocks of code. */
function linksIn(text: string): string[] {
  const plain = text.replaceAll(/^```[^]*?^```/gm, '');
  return [...plain.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, target]) => target!);
}

test('every link between pages leads to one', () => {
  const dead = [...pages].flatMap(([place, text]) =>
    linksIn(text)
      .filter((target) => !target.startsWith('/'))
      .map((target) => path.posix.join(path.posix.dirname(place), target))
      .filter((target) => !pages.has(target))
      .map((target) => `${place}: ${target}`),
  );
  expect(dead).toEqual([]);
  expect(linksIn(pages.get('index.md')!)).toContain('./targets.md');
});

test('every shipped scenario has its page: command, file, and what it found', () => {
  const files = globSync('scenarios/{*,patterns/*}.yaml', { cwd: ROOT });
  expect(files.length).toBeGreaterThan(20);
  for (const file of files) {
    const page = pages.get(`scenarios/${path.basename(file)}`.replace(/yaml$/, 'md'));
    expect(page, file).toContain(`npx commbench run ${path.basename(file, '.yaml')}`);
  }
  const page = pages.get('scenarios/circuit-breaker.md')!;
  expect(page).toContain('the screen of results/examples/circuit-breaker.json');
  expect(page).toMatch(/^\| the run is \| complete \| \d of \d \|$/m);
});

test('the sidebar has every page once', () => {
  const links = sidebarOf(pages).flatMap(({ items }) => items.map(({ link }) => link));
  expect(links).toHaveLength(pages.size);
  expect(new Set(links).size).toBe(pages.size);
});
