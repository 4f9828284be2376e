import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Checkout, cleanEnv, createCheckout, launch, type Launcher, observe } from './checkout.ts';

describe('in a checkout', () => {
  let checkout: Checkout;
  beforeAll(async () => {
    checkout = createCheckout();
    await checkout.start({ args: ['exit', '0'] }).ended;
  });
  afterAll(() => checkout[Symbol.dispose]());

  async function startWaiting(): Promise<Launcher & { readonly cliPid: number }> {
    const launcher = checkout.start({ args: ['wait'] });
    const [, cliPid] = await launcher.saw(/cli (\d+)/);
    await launcher.saw(/ready/);
    return { ...launcher, cliPid: Number(cliPid) };
  }

  test.each([0, 3, 11])('exit code %i passes through, arguments too', async (code) => {
    const ended = await checkout.start({ args: ['exit', String(code), '--set', 'a b=ü', ''] }).ended;
    expect(ended.code).toBe(code);
    expect(ended.stdout).toContain(JSON.stringify([String(code), '--set', 'a b=ü', '']));
  });

  test.each(['SIGTERM', 'SIGHUP'] as const)('%s reaches the CLI, whose exit code counts', async (signal) => {
    const launcher = await startWaiting();
    launcher.child.kill(signal);
    const ended = await launcher.ended;
    expect(ended.code).toBe(143);
    expect(ended.stdout).toContain(`got ${signal}`);
  });

  test('SIGINT is not passed on: the terminal has told the CLI already', async () => {
    const launcher = await startWaiting();
    launcher.child.kill('SIGINT');
    launcher.child.kill('SIGTERM');
    const ended = await launcher.ended;
    expect(ended.stdout).toContain('got SIGTERM');
    expect(ended.stdout).not.toContain('got SIGINT');
  });

  test('kill -9 of the launcher is seen by the CLI', async () => {
    const launcher = await startWaiting();
    launcher.child.kill('SIGKILL');
    const ended = await launcher.ended;
    expect(ended.stdout).toContain('launcher gone');
  });

  test('kill -9 of the CLI ends the launcher with 137', async () => {
    const launcher = await startWaiting();
    process.kill(launcher.cliPid, 'SIGKILL');
    expect(await launcher.ended).toMatchObject({ code: 137 });
  });

  test('a CLI that alone is stopped is continued and ended', async () => {
    const launcher = await startWaiting();
    process.kill(launcher.cliPid, 'SIGSTOP');
    const ended = await launcher.ended;
    expect(ended).toMatchObject({ code: 143, stdout: expect.stringContaining('got SIGTERM') });
    expect(ended.stderr).toBe(
      `commbench: its main process (pid ${launcher.cliPid}) stood still for 10 s; the run ends\n`,
    );
  });

  test('a launcher that is stopped goes on at the end of the run', async () => {
    const launcher = await startWaiting();
    launcher.child.kill('SIGSTOP');
    process.kill(launcher.cliPid, 'SIGHUP');
    expect(await launcher.ended).toMatchObject({ code: 143 });
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)('%s to the parent alone counts as SIGTERM', async (signal) => {
    const bin = path.join(checkout.folder, 'bin/commbench.js');
    const parentProgram = `
      const { spawn } = require('node:child_process');
      spawn(process.execPath, [${JSON.stringify(bin)}, 'wait'], { stdio: 'inherit' });
    `;
    const parent = observe(
      spawn(process.execPath, ['-e', parentProgram], { env: cleanEnv(), stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    await parent.saw(/ready/);
    parent.child.kill(signal);
    const ended = await parent.ended;
    expect(ended.stdout).toContain('got SIGTERM');
    expect(ended.stdout).not.toContain('launcher gone');
  });
});

describe('asked for help in a checkout', () => {
  let checkout: Checkout;
  beforeAll(async () => {
    checkout = createCheckout();
    await checkout.start({ args: ['exit', '0'] }).ended;
    mkdirSync(path.join(checkout.folder, 'node_modules/commander'));
  });
  afterAll(() => checkout[Symbol.dispose]());

  async function isOneProcess(args: readonly string[], engine = '>=24.6.0'): Promise<boolean> {
    const manifest = { name: 'commbench', version: '1.2.3', type: 'module', engines: { node: engine } };
    writeFileSync(path.join(checkout.folder, 'package.json'), JSON.stringify(manifest));
    const launcher = checkout.start({ args });
    const ended = await launcher.ended;
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    return Number(/^cli (\d+)/.exec(ended.stdout)![1]) === launcher.pid;
  }

  test.each([[[]], [['--help']], [['run', '-h']], [['help', 'run']], [['--version']]])(
    'a Node that is new enough answers %j itself',
    async (args) => {
      expect(await isOneProcess(args)).toBe(true);
    },
  );

  test.each([[['list']], [['run', 'x', '--help']], [['--help', 'run']]])(
    'the pinned Node answers %j',
    async (args) => {
      expect(await isOneProcess(args)).toBe(false);
    },
  );

  test('the pinned Node answers where the running one is too old', async () => {
    expect(await isOneProcess(['--help'], '>=99.1.0')).toBe(false);
  });
});

describe('in the published package', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-published-'));
    const bin = path.resolve(import.meta.dirname, '../../bin');
    mkdirSync(path.join(folder, 'bin'));
    for (const file of [
      'commbench.js',
      'compile-cache.js',
      'engine.js',
      'file-limit.js',
      'published.js',
      'parent.js',
      'problem.js',
    ]) {
      cpSync(path.join(bin, file), path.join(folder, 'bin', file));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function start(engine: string, args: readonly string[] = []): Launcher {
    const manifest = { name: 'commbench', version: '1.2.3', type: 'module', engines: { node: engine } };
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
    return launch(path.join(folder, 'bin/commbench.js'), args, { cwd: folder, env: cleanEnv() });
  }

  test('a Node that is too old: what was expected, what was found, what to do; exit code 6', async () => {
    const ended = await start('>=99.1.0').ended;
    expect(ended).toMatchObject({ code: 6, stdout: '' });
    expect(ended.stderr).toContain(`expected Node 99.1.0 or newer, found ${process.versions.node}`);
    expect(ended.stderr).toContain('npx --package=node@26 --package=commbench@1.2.3 commbench');
  });

  test('a package without its compiled program: one message, exit code 6', async () => {
    const ended = await start('>=18.0.0').ended;
    expect(ended).toMatchObject({ code: 6, stdout: '' });
    expect(ended.stderr).toContain('install commbench again');
  });

  test('runs the compiled program in the same process', async () => {
    mkdirSync(path.join(folder, 'dist'));
    const program = `console.log(process.pid, process.argv.slice(2)); process.exitCode = 4;`;
    writeFileSync(path.join(folder, 'dist/cli.js'), program);
    const launcher = start('>=24.6.0', ['list', '--all']);
    const ended = await launcher.ended;
    expect(ended).toMatchObject({ code: 4, stdout: `${launcher.pid} [ 'list', '--all' ]\n` });
  });
});
