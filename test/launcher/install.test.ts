import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Checkout, cleanEnv, createCheckout, writePackage } from './checkout.ts';

/** Writable by nobody but root: the tests that need a stranger run as this user. */
const NOBODY = 65_534;
const NEVER_OPENED = '/nonexistent/gate';

let checkout: Checkout | undefined;
afterEach(() => {
  checkout?.[Symbol.dispose]();
  checkout = undefined;
});

function fresh(options?: Parameters<typeof createCheckout>[0]): Checkout {
  checkout = createCheckout(options);
  return checkout;
}

const stampOf = ({ folder }: Checkout): string => path.join(folder, 'node_modules/.commbench-stamp');
const lockOf = ({ folder }: Checkout): string => path.join(folder, '.install/lock');

test('the first start installs and says so, the second only starts', async () => {
  const here = fresh();
  const first = await here.start({ args: ['exit', '0'] }).ended;
  expect(first).toMatchObject({ code: 0 });
  expect(first.stdout).toMatch(/^cli/);
  expect(first.stderr).toMatch(/installing 1 packages .*package-lock\.json/);
  const second = await here.start({ args: ['exit', '0'] }).ended;
  expect(second).toMatchObject({ code: 0, stderr: '' });
  expect(here.installations()).toHaveLength(1);
});

test('a lock file that changed is installed again', async () => {
  const here = fresh();
  await here.start({ args: ['exit', '0'] }).ended;
  const lockFile = path.join(here.folder, 'package-lock.json');
  const lock = JSON.parse(readFileSync(lockFile, 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  lock.packages['node_modules/node']!.version = '26.98.0';
  writeFileSync(lockFile, JSON.stringify(lock));
  const again = await here.start({ args: ['exit', '0'] }).ended;
  expect(again.stderr).toContain('installing 1 packages');
});

test('what was installed by hand is taken as it is', async () => {
  const here = fresh();
  const env = { ...cleanEnv(), TEST_INSTALLATIONS: path.join(here.folder, 'installations') };
  execFileSync('npm', ['ci'], { cwd: here.folder, env, stdio: 'ignore' });
  const started = await here.start({ args: ['exit', '0'] }).ended;
  expect(started).toMatchObject({ code: 0, stderr: '' });
  expect(here.installations()).toHaveLength(1);
});

test.each([
  { name: 'NODE_ENV=production', env: { NODE_ENV: 'production' } },
  { name: 'ignore-scripts', env: { npm_config_ignore_scripts: 'true' } },
  { name: 'omit=dev', env: { npm_config_omit: 'dev' } },
])('$name leaves nothing out', async ({ env }) => {
  const here = fresh();
  expect(await here.start({ args: ['exit', '0'], env }).ended).toMatchObject({ code: 0 });
  expect(here.installations()).toHaveLength(1);
});

test('two first starts at once install once', async () => {
  const here = fresh();
  const gate = path.join(here.folder, 'gate');
  const one = here.start({ args: ['exit', '0'], env: { TEST_GATE: gate } });
  await one.saw(/installing/);
  const other = here.start({ args: ['exit', '0'], env: { TEST_GATE: gate } });
  const [, holder] = await other.saw(/waiting for process (\d+)/);
  expect(Number(holder)).toBe(one.pid);
  writeFileSync(gate, '');
  expect(await Promise.all([one.ended, other.ended])).toMatchObject([{ code: 0 }, { code: 0 }]);
  expect(here.installations()).toHaveLength(1);
});

test('kill -9 in the middle ends npm too, leaves no stamp, and the next start repairs it', async () => {
  const here = fresh();
  const cutOff = here.start({ env: { TEST_GATE: NEVER_OPENED } });
  await installing(here);
  cutOff.child.kill('SIGKILL');
  await cutOff.ended;
  await gone(Number(here.installations()[0]));
  expect(existsSync(stampOf(here))).toBe(false);
  expect(existsSync(lockOf(here))).toBe(true);
  expect(await here.start({ args: ['exit', '0'] }).ended).toMatchObject({ code: 0 });
  expect(here.installations()).toHaveLength(2);
  expect(existsSync(lockOf(here))).toBe(false);
});

test.each([
  { signal: 'SIGTERM', code: 143 },
  { signal: 'SIGINT', code: 130 },
] as const)('$signal in the middle ends it all and gives the lock back', async ({ signal, code }) => {
  const here = fresh();
  const stopped = here.start({ env: { TEST_GATE: NEVER_OPENED } });
  await installing(here);
  stopped.child.kill(signal);
  expect(await stopped.ended).toMatchObject({ code });
  await gone(Number(here.installations()[0]));
  expect(existsSync(stampOf(here))).toBe(false);
  expect(existsSync(lockOf(here))).toBe(false);
});

test('a lock whose process number is in use again blocks nobody', async () => {
  const here = fresh();
  await here.start({ args: ['exit', '0'] }).ended;
  rmSync(path.join(here.folder, 'node_modules'), { recursive: true });
  writeFileSync(lockOf(here), JSON.stringify({ pid: process.pid, start: '1' }));
  expect(await here.start({ args: ['exit', '0'] }).ended).toMatchObject({ code: 0 });
});

test('without npm: one message, exit code 6', async () => {
  using empty = temporaryFolder();
  const ended = await fresh().start({ env: { PATH: empty.folder } }).ended;
  expect(ended).toMatchObject({ code: 6, stdout: '' });
  expect(ended.stderr).toContain('expected npm on the PATH to install with, found none');
});

test('without a registry: one message, exit code 6', async () => {
  const here = fresh();
  writePackage(here.folder, PUBLISHED_ELSEWHERE);
  using cache = temporaryFolder();
  const ended = await here.start({
    env: {
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_cache: cache.folder,
      npm_config_fetch_retries: '0',
    },
  }).ended;
  expect(ended).toMatchObject({ code: 6, stdout: '' });
  expect(ended.stderr).toContain('expected to reach the npm registry, found no connection to it');
});
const PUBLISHED_ELSEWHERE = 'http://127.0.0.1:9/node/-/node.tgz';

test('package.json and lock file that disagree: one message, exit code 6', async () => {
  const here = fresh();
  const file = path.join(here.folder, 'package.json');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('"devDependencies":{', '"devDependencies":{"zod":"4.6.7",'),
  );
  const ended = await here.start().ended;
  expect(ended).toMatchObject({ code: 6, stdout: '' });
  expect(ended.stderr).toContain('expected package.json and package-lock.json to agree');
});

test('a pinned Node that is another one: one message, exit code 6', async () => {
  const here = fresh({ reportedVersion: '20.0.0' });
  const ended = await here.start().ended;
  expect(ended).toMatchObject({ code: 6, stdout: '' });
  expect(ended.stderr).toContain('the pinned Node is v20.0.0, not v26.99.0');
  expect(existsSync(stampOf(here))).toBe(false);
});

const isRoot = process.getuid?.() === 0;
test.runIf(isRoot)('a folder that may not be written to: one message, exit code 6', async () => {
  const ended = await fresh().start({ uid: NOBODY }).ended;
  expect(ended).toMatchObject({ code: 6, stdout: '' });
  expect(ended.stderr).toContain('found it read-only for this user');
});

test.runIf(isRoot)('an installed checkout may be read-only', async () => {
  const here = fresh();
  await here.start({ args: ['exit', '0'] }).ended;
  expect(await here.start({ args: ['exit', '0'], uid: NOBODY }).ended).toMatchObject({ code: 0, stderr: '' });
});

/** Resolves when the package's install script runs. */
async function installing(here: Checkout): Promise<void> {
  while (here.installations().length === 0) await tick();
}

/** Bounded by the test's own limit. A zombie counts as gone. */
async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) await tick();
}

function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

function temporaryFolder(): Disposable & { folder: string } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-test-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
