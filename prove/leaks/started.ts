import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { plainEnv } from '../plain-env.ts';
import type { Course, Fault } from './course.ts';
import type { End } from './ends.ts';
import type { Ground } from './ground.ts';

/** Ten times as long as on a quiet machine. */
const LIMIT_MS = 480_000;

/** A run by `npx commbench`, as a user starts it. */
export interface Started {
  readonly child: ChildProcess;
  readonly out: string;
  /** How npx ended; what it started may live longer. */
  readonly ended: Promise<End>;
  /** @returns false when it ended without having said this so often */
  saw(line: RegExp, times: number): Promise<boolean>;
  text(): string;
}

export interface RunOptions {
  readonly name: string;
  readonly fault?: Fault;
  readonly args?: readonly string[];
}

export function startRun(
  { scenario }: Pick<Course, 'scenario'>,
  ground: Ground,
  { name, fault = 'kill', args = [] }: RunOptions,
): Started {
  const file = path.join(ground.work, `${name}.yaml`);
  writeFileSync(file, scenario(fault));
  const out = path.join(ground.work, `${name}.json`);
  return { ...startCommand(['run', file, '--out', out, ...args], ground), out };
}

/** What a command is started by, where npx alone is not enough: a shell, a namespace. */
export type Wrap = (command: readonly string[]) => readonly string[];

/** Any command of commbench by npx. Its input is a pipe: nothing comes on it but what is typed. */
export function startCommand(
  args: readonly string[],
  ground: Ground,
  wrap: Wrap = (command) => command,
): Omit<Started, 'out'> {
  const [program, ...words] = wrap(['npx', 'commbench', ...args]);
  const child = spawn(program!, words, {
    cwd: ground.clone,
    detached: true,
    env: {
      ...plainEnv(),
      XDG_CACHE_HOME: ground.cache,
      XDG_RUNTIME_DIR: '',
      TMPDIR: ground.tmp,
      NO_COLOR: '1',
      COMMBENCH_PROGRESS: 'stages',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (text += data));
  return {
    child,
    ended: Promise.race([endOf(child), sleep(LIMIT_MS, 'hung' as const, { ref: false })]),
    saw: (line, times) => saw(child, line, times, () => text),
    text: () => text,
  };
}

async function endOf(child: ChildProcess): Promise<End> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals];
  return code ?? signal;
}

function saw(child: ChildProcess, line: RegExp, times: number, text: () => string): Promise<boolean> {
  return new Promise((resolve) => {
    const look = () => {
      if ([...text().matchAll(line)].length >= times) resolve(true);
    };
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', look);
    child.once('close', () => resolve(false));
    setTimeout(() => resolve(false), LIMIT_MS).unref();
  });
}
