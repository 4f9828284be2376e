import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LAYERS } from './layers.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const OUTSIDE = ['test', 'prove', 'bench', 'bin'];
/** Lint knows layers by their top-level folder; `npm run shape` tells apart those within one. */
const FOLDERS = [...new Set(Object.keys(LAYERS).map((layer) => layer.split('/')[0]!))].filter(
  (folder) => folder !== 'cli',
);
let project = '';
let reported: { file: string; line: number }[] = [];

/** One file per import, named for it: `src/kernel/imports-trial.ts` imports something of `trial`. */
beforeAll(() => {
  project = mkdtempSync(path.join(os.tmpdir(), 'commbench-layers-'));
  copyFileSync(path.join(ROOT, '.oxlintrc.json'), path.join(project, '.oxlintrc.json'));
  for (const folder of FOLDERS) {
    for (const other of FOLDERS) {
      addImport(`src/${folder}/imports-${other}.ts`, `../${other}/thing.ts`);
      addImport(`src/${folder}/deeper/imports-${other}.ts`, `../../${other}/thing.ts`);
    }
    for (const other of OUTSIDE) addImport(`src/${folder}/imports-${other}.ts`, `../../${other}/thing.ts`);
    addImport(`src/${folder}/imports-cli.ts`, '../cli.ts');
  }
  write('src/cli.ts', [...FOLDERS.map((other) => `./${other}`), '../test'].map(importLine).join('\n'));
  write('src/kernel/imports-lazily.ts', `export const thing = (): unknown => import('../trial/thing.ts');\n`);
  write(
    'src/kernel/imports-a-type.ts',
    `import type { Thing } from '../trial/thing.ts';\nexport type Own = Thing;\n`,
  );
  reported = lint(project);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

test.each(FOLDERS)('src/%s imports what the table lets it, and nothing else', (folder) => {
  const layers = Object.keys(LAYERS).filter((layer) => layer.split('/')[0] === folder);
  const listed = layers.flatMap((layer) => LAYERS[layer]!).map((layer) => layer.split('/')[0]!);
  for (const place of [folder, `${folder}/deeper`]) {
    const allowed = FOLDERS.filter((other) => !isReported(`src/${place}/imports-${other}.ts`));
    expect(new Set(allowed)).toEqual(new Set([folder, ...listed]));
  }
  for (const other of [...OUTSIDE, 'cli']) expect(isReported(`src/${folder}/imports-${other}.ts`)).toBe(true);
});

test('an import() counts as well, and so does an import of types alone', () => {
  expect(isReported('src/kernel/imports-lazily.ts')).toBe(true);
  expect(isReported('src/kernel/imports-a-type.ts')).toBe(true);
});

test('cli.ts may start a command, and knows neither what is behind it nor a test', () => {
  const lines = reported.filter(({ file }) => file === 'src/cli.ts').map(({ line }) => line);
  const allowed = FOLDERS.filter((_, i) => !lines.includes(i + 1));
  expect(new Set(allowed)).toEqual(new Set(LAYERS['cli']!.map((layer) => layer.split('/')[0]!)));
  expect(lines).toContain(FOLDERS.length + 1);
});

function isReported(file: string): boolean {
  return reported.some((one) => one.file === file);
}

function importLine(folder: string, i: number): string {
  return `export { thing as thing${i} } from '${folder}/thing.ts';`;
}

function addImport(file: string, specifier: string): void {
  write(file, `import { thing } from '${specifier}';\nexport const used = thing;\n`);
}

function write(file: string, text: string): void {
  const target = path.join(project, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** Where the linter found a forbidden import. */
function lint(cwd: string): { file: string; line: number }[] {
  const oxlint = path.join(ROOT, 'node_modules/.bin/oxlint');
  const { stdout } = spawnSync(oxlint, ['--format', 'json'], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    env: { ...process.env, PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH']}` },
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Diagnostic[] };
  return diagnostics
    .filter(({ code }) => code === 'eslint(no-restricted-imports)')
    .map(({ filename, labels }) => ({ file: filename, line: labels[0]!.span.line }));
}

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}
