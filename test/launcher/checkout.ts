import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';

/**
 * A small checkout of its own: the real launcher, and a lock file that asks for one package, "node", from a
 * local archive. So `npm ci` is real, quick and needs no network.
 */
export interface Checkout extends Disposable {
  readonly folder: string;
  /** One line, the process number, for each time that the package's install script began. */
  readonly installations: () => string[];
  start(options?: StartOptions): Launcher;
}

interface StartOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
}

export type Child = ChildProcessByStdio<null, Readable, Readable>;

export interface Launcher {
  readonly child: Child;
  readonly pid: number;
  /** Exit code and both outputs, when everybody who could write to them has ended. */
  readonly ended: Promise<Ended>;
  /** Resolves when a line on stdout or stderr matches; rejects when the program ends before. */
  saw(pattern: RegExp): Promise<RegExpExecArray>;
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const ROOT = path.resolve(import.meta.dirname, '../..');
const PINNED = '26.99.0';

/** The install script: says that it runs, then waits for as long as the file named by the gate is missing. */
const INSTALL_SCRIPT = `
const fs = require('node:fs');
fs.appendFileSync(process.env.TEST_INSTALLATIONS, process.pid + '\\n');
const gate = process.env.TEST_GATE;
if (gate) {
  console.log('waiting at the gate');
  const timer = setInterval(() => fs.existsSync(gate) && clearInterval(timer), 20);
}
`;

/** Says what it is told to, so that a test sees the signals and the arguments that arrive. */
const CLI = `
import { watchLauncher } from ${JSON.stringify(path.join(ROOT, 'src/platform/process/launcher-watch.ts'))};
const [what = '', ...rest] = process.argv.slice(2);
console.log('cli', process.pid, JSON.stringify(rest));
if (what === 'exit') process.exitCode = Number(rest[0]);
if (what === 'wait') {
  setInterval(() => {}, 1000);
  process.on('SIGINT', () => console.log('got SIGINT'));
  for (const name of ['SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      console.log('got', name);
      launcher[Symbol.dispose]();
      process.exit(143);
    });
  }
  const launcher = watchLauncher(() => {
    console.log('launcher gone');
    process.exit(143);
  });
  console.log('ready');
}
`;

export function createCheckout(options: { reportedVersion?: string } = {}): Checkout {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-checkout-'));
  chmodSync(folder, 0o755);
  cpSync(path.join(ROOT, 'bin'), path.join(folder, 'bin'), { recursive: true });
  mkdirSync(path.join(folder, 'src'));
  writeFileSync(path.join(folder, 'src/cli.ts'), CLI);
  packNode(folder, options.reportedVersion ?? PINNED);
  writePackage(folder, 'file:node.tgz');
  const record = path.join(folder, 'installations');
  writeFileSync(record, '');
  return {
    folder,
    installations: () => readFileSync(record, 'utf8').trim().split('\n').filter(Boolean),
    start: ({ args = [], env = {}, uid } = {}) =>
      launch(path.join(folder, 'bin/commbench.js'), args, {
        cwd: folder,
        env: { ...cleanEnv(), TEST_INSTALLATIONS: record, ...env },
        ...(uid === undefined ? {} : { uid, gid: uid }),
      }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** `npm test` leaves its own settings in the environment; a user's shell has none of them. */
export function cleanEnv(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_ENV$|VITEST|INIT_CWD$)/i.test(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
}

/** A stand-in for the package "node": it says the pinned version and otherwise is this test's own Node. */
function packNode(folder: string, reportedVersion: string): void {
  const content = path.join(folder, 'package');
  mkdirSync(path.join(content, 'bin'), { recursive: true });
  const manifest = {
    name: 'node',
    version: PINNED,
    bin: { node: 'bin/node' },
    scripts: { preinstall: 'node install.cjs' },
  };
  writeFileSync(path.join(content, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(content, 'install.cjs'), INSTALL_SCRIPT);
  const program = `#!/bin/sh\nif [ "$1" = -v ]; then echo v${reportedVersion}; else exec '${process.execPath}' "$@"; fi\n`;
  writeFileSync(path.join(content, 'bin/node'), program, { mode: 0o755 });
  execFileSync('tar', ['-czf', 'node.tgz', 'package'], { cwd: folder });
  rmSync(content, { recursive: true });
}

export function writePackage(folder: string, node: string): void {
  const own = { name: 'commbench', version: '0.0.0', type: 'module', devDependencies: { node } };
  const packages = {
    '': own,
    'node_modules/node': {
      version: PINNED,
      resolved: node,
      dev: true,
      hasInstallScript: true,
      bin: { node: 'bin/node' },
    },
  };
  const lock = { name: own.name, version: own.version, lockfileVersion: 3, requires: true, packages };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ ...own, allowScripts: { node: true } }));
  writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify(lock));
}

interface LaunchOptions {
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly uid?: number;
  readonly gid?: number;
}

export function launch(file: string, args: readonly string[], options: LaunchOptions): Launcher {
  const child = spawn(process.execPath, [file, ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  return observe(child);
}

export function observe(child: Child): Launcher {
  const text = { stdout: '', stderr: '' };
  let isOver = false;
  const wakers = new Set<() => void>();
  const wake = (): void => wakers.forEach((waker) => waker());
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (data: string) => {
      text[name] += data;
      wake();
    });
  }
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    isOver = true;
    wake();
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, ...text };
  });
  return {
    child,
    pid: child.pid!,
    ended,
    saw: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(`${text.stdout}\n${text.stderr}`);
          if (match) resolve(match);
          else if (isOver) reject(new Error(`ended without ${pattern}: ${text.stdout}${text.stderr}`));
          if (match || isOver) wakers.delete(look);
        };
        wakers.add(look);
        look();
      }),
  };
}
