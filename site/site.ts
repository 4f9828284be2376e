import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pagesOf } from './pages.ts';
import { sidebarOf } from './sidebar.ts';

/**
 * `npm run site`: docs/, the scenarios and what each of them found, as one static site in site/dist. VitePress is
 * installed here when it is first needed: it is no part of the tool or of its tests.
 */
const HERE = import.meta.dirname;
const ROOT = path.resolve(HERE, '..');
const CONTENT = path.join(HERE, 'content');

function npm(...args: string[]): void {
  execFileSync('npm', args, { cwd: HERE, stdio: 'inherit' });
}

rmSync(CONTENT, { recursive: true, force: true });
const pages = pagesOf(ROOT);
for (const [place, text] of pages) {
  const file = path.join(CONTENT, place);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
for (const folder of ['images', 'recordings']) {
  const from = path.join(ROOT, 'docs', folder);
  if (existsSync(from)) cpSync(from, path.join(CONTENT, 'public', folder), { recursive: true });
}
writeFileSync(path.join(CONTENT, 'sidebar.json'), JSON.stringify(sidebarOf(pages)));
if (!existsSync(path.join(HERE, 'node_modules/vitepress'))) npm('ci');
npm('exec', '--', 'vitepress', 'build');
console.log(`${pages.size} pages in ${path.relative(process.cwd(), path.join(HERE, 'dist'))}`);
