import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Import direction as docs/DESIGN.md section 8 has it: a folder imports itself and these. */
const FIRST = ['kernel'];
const SECOND = ['measure', 'scenario', 'contracts', 'policies', 'faults', 'brokers', 'http'];
const BELOW_SERVICES = [...FIRST, ...SECOND, 'transports', 'results'];
const MAY_IMPORT: Record<string, readonly string[]> = {
  kernel: [],
  ...Object.fromEntries(SECOND.map((name) => [name, FIRST])),
  // Its schema is made of theirs.
  scenario: [...FIRST, 'policies', 'faults'],
  transports: [...FIRST, ...SECOND],
  results: [...FIRST, ...SECOND],
  reporters: ['kernel', 'results'],
  claims: ['kernel', 'measure', 'scenario', 'results'],
  services: BELOW_SERVICES,
  load: BELOW_SERVICES,
  run: [...BELOW_SERVICES, 'services', 'load'],
  commands: [...BELOW_SERVICES, 'services', 'load', 'run', 'reporters', 'claims'],
};
const LAYERS = Object.keys(MAY_IMPORT);
const OUTSIDE = ['test', 'prove', 'bench'];

const ROOT = path.resolve(import.meta.dirname, '..');
let project = '';
let reported = new Set<string>();

/** One file per import, named for it: `src/kernel/imports-run.ts` imports something of `run`. */
beforeAll(() => {
  project = mkdtempSync(path.join(os.tmpdir(), 'commbench-layers-'));
  copyFileSync(path.join(ROOT, '.oxlintrc.json'), path.join(project, '.oxlintrc.json'));
  for (const layer of LAYERS) {
    for (const other of LAYERS) addImport(`src/${layer}/imports-${other}.ts`, `../${other}/thing.ts`);
    for (const other of OUTSIDE) addImport(`src/${layer}/imports-${other}.ts`, `../../${other}/thing.ts`);
    addImport(`src/${layer}/imports-cli.ts`, '../cli.ts');
    addImport(`src/${layer}/deeper/imports-commands.ts`, '../../commands/thing.ts');
  }
  for (const other of LAYERS) addImport(`src/transports/rest/imports-${other}.ts`, `../../${other}/thing.ts`);
  addImport('src/transports/rest/imports-own.ts', './client.ts');
  addImport('src/transports/rest/imports-rabbitmq.ts', '../rabbitmq/client.ts');
  addImport('src/imports-commands.ts', './commands/thing.ts');
  addImport('src/imports-test.ts', '../test/thing.ts');
  write('src/kernel/imports-lazily.ts', `export const thing = (): unknown => import('../run/thing.ts');\n`);
  reported = lint(project);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

test.each(LAYERS)('src/%s imports what lies below it, and nothing else', (layer) => {
  const allowed = LAYERS.filter((other) => !reported.has(`src/${layer}/imports-${other}.ts`));
  expect(allowed.toSorted()).toEqual([layer, ...MAY_IMPORT[layer]!].toSorted());
  for (const other of [...OUTSIDE, 'cli']) expect(reported).toContain(`src/${layer}/imports-${other}.ts`);
  expect(reported.has(`src/${layer}/deeper/imports-commands.ts`)).toBe(layer !== 'commands');
});

test('a transport imports no other transport', () => {
  expect(reported).toContain('src/transports/rest/imports-rabbitmq.ts');
  expect(reported).not.toContain('src/transports/rest/imports-own.ts');
  const allowed = LAYERS.filter((other) => !reported.has(`src/transports/rest/imports-${other}.ts`));
  expect(allowed.toSorted()).toEqual(['transports', ...MAY_IMPORT['transports']!].toSorted());
});

test('an import() counts as well', () => {
  expect(reported).toContain('src/kernel/imports-lazily.ts');
});

test('cli.ts may start any command, and knows no test', () => {
  expect(reported).toContain('src/imports-test.ts');
  expect(reported).not.toContain('src/imports-commands.ts');
});

function addImport(file: string, specifier: string): void {
  write(file, `import { thing } from '${specifier}';\nexport const used = thing;\n`);
}

function write(file: string, text: string): void {
  const target = path.join(project, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** The files in which the linter found a forbidden import. */
function lint(cwd: string): Set<string> {
  const oxlint = path.join(ROOT, 'node_modules/.bin/oxlint');
  const { stdout } = spawnSync(oxlint, ['--format', 'json'], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    env: { ...process.env, PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH']}` },
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
  const forbidden = diagnostics.filter(({ code }) => code === 'eslint(no-restricted-imports)');
  return new Set(forbidden.map(({ filename }) => filename));
}
