import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findByEnvironment, type ProcessIdentity } from '../../src/platform/process/proc.ts';
import { type Result, resultSchema } from '../../src/record/record.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** A real `commbench run` in a process of its own, with a folder of its own that marks all it starts. */
export interface CliRun extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Of its scenario, its result and its temporary files. */
  readonly folder: string;
  /** Resolves when a line of the progress matches; rejects when the run ends without it. */
  saw(line: RegExp): Promise<void>;
  /** Exit code or signal. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  result(): Result;
  /** The result file as it stands. */
  json(): unknown;
  /** Living processes of this run whose command line matches. */
  find(command: RegExp): ProcessIdentity[];
}

/** Starts `run` on a scenario text. */
export function startRun(scenario: string, args: readonly string[] = []): CliRun {
  return startCli((file, out) => ['run', file, '--out', out, '--seed', '1', ...args], scenario);
}

/** Starts any command. @param argsOf given the files of the scenario and of the result @param cwd default: ours */
export function startCli(
  argsOf: (file: string, out: string) => readonly string[],
  scenario = '',
  program = CLI,
  variables: Readonly<Record<string, string>> = {},
  cwd = process.cwd(),
): CliRun {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cbrun-'));
  const file = path.join(folder, 'scenario.yaml');
  const out = path.join(folder, 'result.json');
  writeFileSync(file, scenario);
  const child = spawn(process.execPath, [program, ...argsOf(file, out)], {
    env: { ...process.env, TMPDIR: folder, NO_COLOR: '1', COMMBENCH_PROGRESS: 'stages', ...variables },
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
      for (const look of watchers) look();
    });
  }
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal!));
  });
  const ownProcesses = () => findByEnvironment('TMPDIR', folder);
  return {
    child,
    folder,
    ended,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    async saw(line) {
      const seen = Promise.withResolvers<void>();
      const look = () => line.test(text.stderr) && seen.resolve();
      watchers.add(look);
      look();
      const over = ended.then(() => Promise.reject(new Error(`Expected ${line}, found:\n${text.stderr}`)));
      await Promise.race([seen.promise, over]).finally(() => watchers.delete(look));
    },
    result: () => resultSchema.parse(JSON.parse(readFileSync(out, 'utf8'))),
    json: () => JSON.parse(readFileSync(out, 'utf8')) as unknown,
    find: (command) => ownProcesses().filter(({ pid }) => command.test(commandOf(pid))),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
      while (ownProcesses().length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
