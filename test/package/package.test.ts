import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanEnv } from '../launcher/checkout.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const INSTALL_LIMIT_MS = 180_000;
let home = '';
let packed: string[] = [];

/** Packed as `npm publish` would, and installed outside the repository. */
beforeAll(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'commbench-package-'));
  npm(ROOT, 'pack', '--pack-destination', home);
  const tarball = readdirSync(home).find((name) => name.endsWith('.tgz'))!;
  packed = execFileSync('tar', ['-tzf', tarball], { cwd: home, encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((name) => name.replace(/^package\//, ''));
  writeFileSync(path.join(home, 'package.json'), '{ "private": true }');
  npm(home, 'install', '--omit=dev', '--no-audit', '--no-fund', `./${tarball}`);
}, INSTALL_LIMIT_MS);
afterAll(() => rmSync(home, { recursive: true, force: true }));

function npm(cwd: string, ...args: string[]): void {
  execFileSync('npm', args, { cwd, env: cleanEnv(), stdio: 'pipe' });
}

function commbench(...args: string[]) {
  const program = path.join(home, 'node_modules/.bin/commbench');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: home,
    env: { ...cleanEnv(), NO_COLOR: '1' },
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

test('holds compiled code, scenarios and the papers, nothing else', () => {
  const unexpected = packed.filter((name) => !EXPECTED.some((pattern) => pattern.test(name)));
  expect(unexpected).toEqual([]);
  for (const pattern of EXPECTED) expect(packed.filter((name) => pattern.test(name))).not.toEqual([]);
});
const EXPECTED = [
  /^package\.json$/,
  /^README\.md$/,
  /^CHANGELOG\.md$/,
  /^LICENSE$/,
  /^bin\/(commbench|compile-cache|engine|file-limit|published|parent|problem)\.js$/,
  /^dist\/[\w/-]+\.js$/,
  /^pages\/live\.html$/,
  /^dist\/[\w/-]+\.d\.ts$/,
  /^man\/commbench\.1$/,
  /^scenarios\/((patterns|templates)\/)?[\w-]+\.yaml$/,
  /^scenarios\/examples\/([\w-]+\/)?[\w-]+\.(yaml|js|proto)$/,
  /^proto\/\w+\.proto$/,
  /^proto\/well-known\/google\/\w+\/\w+\.proto$/,
  /^proto\/versions\/\w+\/(user_service\.proto|schema\.graphql)$/,
  /^docs\/(scenario|report)\.schema\.json$/,
];

test('holds a compiled file for every source file', () => {
  const sources = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const compiled = sources
    // A library's types that it does not bring itself are none of what runs.
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => `dist/${name.slice(0, -3)}.js`);
  const types = compiled.map((name) => name.replace(/js$/, 'd.ts'));
  expect(packed.filter((name) => name.startsWith('dist/')).toSorted()).toEqual(
    [...compiled, ...types].toSorted(),
  );
});

test('tells its version', () => {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  expect(commbench('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('finds its scenarios and its transports', () => {
  const { code, stdout } = commbench('list');
  expect(code).toBe(0);
  expect(stdout).toContain('rest-vs-queue');
  expect(stdout).toContain('rabbitmq');
});

/** A transport of somebody else's, in TypeScript, and a program that uses the package. */
function writeProject(): void {
  const transport = path.join(home, 'plugin/transports/template');
  cpSync(path.join(ROOT, 'docs/transport-template'), transport, { recursive: true });
  for (const name of readdirSync(transport).filter((one) => one.endsWith('.ts'))) {
    const file = path.join(transport, name);
    const text = readFileSync(file, 'utf8').replaceAll(
      /'\.\.\/\.\.\/kernel\/([\w-]+)\.ts'/g,
      "'commbench/kernel/$1'",
    );
    writeFileSync(file, text);
  }
  writeFileSync(path.join(home, 'package.json'), '{ "private": true, "type": "module" }');
  writeFileSync(path.join(home, 'program.ts'), PROGRAM);
}

const PROGRAM = `
import { compare, report, run, type RunResult } from 'commbench';

const scenario = {
  name: 'own', title: 'A transport of my own', contract: 'echo', rounds: 2, noop: false, warmUp: { calls: 20 },
  patterns: [{ id: 'mine', title: 'Mine', transport: 'template', interaction: 'request-reply' }],
  mix: [{ operation: 'echo', share: 1 }],
  load: { shape: 'constant', ratePerS: 100 }, durationMs: 5000,
};
const lines: string[] = [];
const result: RunResult = await run(scenario, {
  out: 'own.json', seed: 1, set: { durationMs: 300 }, onProgress: (line) => lines.push(line),
});
const problem: unknown = await run('nothing-of-this-name').catch((error: unknown) => error);
const { verdict } = await compare(result, 'own.json');
const text = await report(result, { format: 'csv' });
console.log(JSON.stringify({
  state: result.state,
  transport: result.patterns[0]?.transport,
  planned: result.trials.map(({ planned }) => planned),
  lines: lines.length,
  verdict,
  csv: text.split('\\n', 1)[0],
  code: (problem as { code?: string }).code,
}));
`;

test('is used from a program, with a transport of the user’s own', () => {
  writeProject();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['program.ts'], {
    cwd: home,
    env: { ...cleanEnv(), COMMBENCH_PLUGINS: './plugin' },
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual({
    state: 'complete',
    transport: 'template',
    planned: [30, 30],
    lines: 3,
    verdict: 'inconclusive',
    csv: 'section,pattern,part,metric,value,unit,text,spread,notes',
    code: 'bad-scenario',
  });
  expect(existsSync(path.join(home, 'own.json'))).toBe(true);
});

test('its types are those of a strict program', () => {
  writeProject();
  const types = { strict: true, noEmit: true, module: 'nodenext', target: 'esnext', skipLibCheck: true };
  const node = { types: ['node'], typeRoots: [path.join(ROOT, 'node_modules/@types')] };
  const options = { ...types, ...node, allowImportingTsExtensions: true };
  const config = { compilerOptions: options, include: ['program.ts', 'plugin'] };
  writeFileSync(path.join(home, 'tsconfig.json'), JSON.stringify(config));
  const tsc = path.join(ROOT, 'node_modules/.bin/tsc');
  const check = () => spawnSync(tsc, ['-p', home], { encoding: 'utf8' }).stdout;
  expect(check()).toBe('');
  // Types that are not found would be `any`, and take everything.
  const wrong = PROGRAM.replace('seed: 1', "seed: 'one'").replace('result.state', 'result.stat');
  writeFileSync(path.join(home, 'program.ts'), wrong);
  const problems = check();
  expect(problems).toContain("'string' is not assignable to type 'number'");
  expect(problems).toContain("Property 'stat' does not exist");
});

test('needs no development dependency', () => {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Manifest;
  const isInstalled = (name: string): boolean => existsSync(path.join(home, 'node_modules', name));
  expect(Object.keys(manifest.dependencies).filter((name) => !isInstalled(name))).toEqual([]);
  const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  // Some are what a dependency brings along itself (protobufjs its types of Node).
  const isOnlyOurs = (name: string): boolean => packages[`node_modules/${name}`]?.dev === true;
  expect(Object.keys(manifest.devDependencies).filter(isOnlyOurs).filter(isInstalled)).toEqual([]);
});

test('the lock file names no registry', () => {
  expect(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
});

test('the lock file knows the optional packages of every platform (node .ci/complete-lock.mjs)', () => {
  const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !packages[`node_modules/${name}`] && !packages[`${place}/node_modules/${name}`],
    ),
  );
  expect(missing).toEqual([]);
});

interface Lock {
  readonly packages: Record<
    string,
    { readonly optionalDependencies?: Record<string, string>; readonly dev?: boolean }
  >;
}

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}
