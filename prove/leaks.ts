import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { draw } from '../src/kernel/random.ts';
import { resultSchema } from '../src/results/record.ts';
import { findProcesses, type Found } from './processes.ts';

/**
 * `npm run prove -- leaks [cases] [seed]`: kills a part of a real run at a random moment, many times
 * over, and looks from outside (/proc, the result file) whether anything stayed behind. Resumable:
 * cases already in docs/evidence/leaks.json with the same seed are not repeated.
 */
const ROOT = path.resolve(fileURLToPath(import.meta.url), '../..');
const EVIDENCE = path.join(ROOT, 'docs/evidence/leaks.json');

const STAGES = [
  'install',
  'fetch',
  'provisioning',
  'warm-up',
  'measuring',
  'outage',
  'drain',
  'report',
] as const;
type Stage = (typeof STAGES)[number];
const VICTIMS = ['launcher', 'cli', 'reaper', 'generator', 'service', 'broker', 'npx', 'ctrl-c'] as const;
type Victim = (typeof VICTIMS)[number];

/** Who lives in a stage: only they can be killed in it. */
const ALIVE: Record<Stage, readonly Victim[]> = {
  install: ['launcher', 'npx', 'ctrl-c'],
  fetch: ['launcher', 'cli', 'reaper', 'npx', 'ctrl-c'],
  provisioning: ['broker', 'launcher', 'cli', 'reaper', 'npx', 'ctrl-c'],
  'warm-up': ['generator', 'service', 'broker', 'launcher', 'cli', 'reaper', 'npx', 'ctrl-c'],
  measuring: ['generator', 'service', 'broker', 'reaper', 'cli', 'launcher', 'npx', 'ctrl-c'],
  outage: ['reaper', 'cli', 'generator', 'broker', 'launcher', 'npx', 'ctrl-c'],
  drain: ['service', 'cli', 'generator', 'reaper', 'ctrl-c', 'broker', 'npx', 'launcher'],
  report: ['cli', 'launcher', 'reaper', 'ctrl-c', 'npx'],
};

/** The line of plain progress after which a stage has begun. */
const BEGINS: Record<Stage, RegExp> = {
  install: /commbench: install/,
  fetch: /RabbitMQ: (fetching|reading)/,
  provisioning: /RabbitMQ [\d.]+: starting/,
  'warm-up': /warm-up/,
  measuring: /baseline/,
  outage: /outage, \d/,
  drain: /draining/,
  report: /6\/6 .*: (?!started)/,
};

const SCENARIO = `name: leaks
title: A short run to be killed
patterns:
  - { id: rest, title: REST, transport: rest, interaction: request-reply }
  - { id: queue, title: Message queue, transport: rabbitmq, interaction: work-queue }
durationMs: 1000
deadlineMs: 250
rounds: 1
warmUp: { calls: 1500, probeMs: 500 }
outage: { atMs: 1000, forMs: 1000, recoveryMs: 500 }
`;

interface Case {
  readonly id: number;
  readonly seed: number;
  readonly stage: Stage;
  readonly victim: Victim;
  /** After the stage was seen to begin. */
  readonly delayMs: number;
}

interface Verdict extends Case {
  readonly killed: boolean;
  readonly exitCode: number | string | null;
  readonly trialsAnnounced: number;
  readonly trialsInResult: number | null;
  readonly leftProcesses: readonly string[];
  readonly leftFolders: readonly string[];
  readonly problems: readonly string[];
}

export async function run(args: string[]): Promise<number> {
  const count = Number(args[0] ?? 50);
  const seed = Number(args[1] ?? 1);
  const home = mkdtempSync(path.join(os.tmpdir(), 'cbleak-'));
  const clone = path.join(home, 'checkout');
  execFileSync('git', ['clone', '-q', ROOT, clone]);
  const verdicts: Verdict[] = loadEvidence(seed);
  for (const one of planCases(count, seed).slice(verdicts.length)) {
    const verdict = await runCase(one, clone, home);
    verdicts.push(verdict);
    saveEvidence(verdicts, seed);
    const state = verdict.problems.length === 0 ? 'ok' : verdict.problems.join('; ');
    console.log(
      `${one.id + 1}/${count} ${one.stage} ${one.victim} +${one.delayMs} ms: exit ${verdict.exitCode}: ${state}`,
    );
  }
  const last = await runWhole(clone, home);
  const bad = verdicts.filter((v) => v.problems.length > 0).length + (last ? 0 : 1);
  console.log(last ? 'the next run works' : 'the run after all kills does not work');
  rmSync(home, { recursive: true, force: true });
  console.log(`${verdicts.length - bad} passed, ${bad} failed`);
  return bad === 0 ? 0 : 1;
}

/** Stages in turn, so that each gets its share; the victim and the moment are drawn. */
function planCases(count: number, seed: number): Case[] {
  return Array.from({ length: count }, (_, id) => {
    const stage = STAGES[id % STAGES.length]!;
    const alive = ALIVE[stage];
    const turn = Math.floor(id / STAGES.length);
    const offset = Math.floor(draw(seed, 'victim', id % STAGES.length) * alive.length);
    return {
      id,
      seed,
      stage,
      victim: alive[(turn + offset) % alive.length]!,
      delayMs: Math.floor(draw(seed, 'moment', id) * MOMENTS_MS[stage]),
    };
  });
}

/** How long a stage lasts at least: the moment is drawn within. */
const MOMENTS_MS: Record<Stage, number> = {
  install: 8000,
  fetch: 4000,
  provisioning: 2500,
  'warm-up': 900,
  measuring: 900,
  outage: 900,
  drain: 200,
  report: 5,
};

async function runCase(one: Case, clone: string, home: string): Promise<Verdict> {
  if (one.stage === 'install') rmSync(path.join(clone, 'node_modules'), { recursive: true, force: true });
  if (one.stage === 'fetch') rmSync(path.join(home, 'cache/commbench'), { recursive: true, force: true });
  const started = startRun(one.id, clone, home);
  const seen = await Promise.race([started.saw(BEGINS[one.stage]), started.closed.then(() => false)]);
  if (seen) await sleep(one.delayMs);
  const announced = started.trialsEnded();
  const killed = seen && kill(one.victim, started);
  const problems: string[] = [];
  if (!seen) problems.push(`stage ${one.stage} never began: ${started.output().slice(-300)}`);
  const exitCode = await Promise.race([started.closed, sleep(240_000).then(() => 'hung')]);
  if (exitCode === 'hung') problems.push('it did not end within 240 s');
  const left = await waitForNobody(started.marker, clone);
  if (left.length > 0) problems.push(`left running: ${left.map((p) => p.command).join(', ')}`);
  for (const p of left) endByPid(p);
  const inResult = trialsInResult(started.out, problems);
  if ((inResult ?? 0) < announced)
    problems.push(`${announced} trials were finished, ${inResult ?? 'none'} in the result`);
  // A process that was killed with -9 leaves its temporary folder to the reaper or to the next command.
  const leftFolders = one.victim === 'cli' || one.victim === 'launcher' ? [] : started.foldersLeft();
  return {
    ...one,
    killed,
    exitCode,
    trialsAnnounced: announced,
    trialsInResult: inResult,
    leftProcesses: left.map((p) => p.command),
    leftFolders,
    problems,
  };
}

interface Started {
  readonly child: ChildProcess;
  readonly marker: string;
  readonly out: string;
  readonly closed: Promise<number | string | null>;
  saw(line: RegExp): Promise<boolean>;
  output(): string;
  trialsEnded(): number;
  foldersLeft(): string[];
}

function startRun(id: number, clone: string, home: string): Started {
  const tmp = path.join(home, `t${id}`);
  mkdirSync(tmp);
  const scenario = path.join(tmp, 'leaks.yaml');
  writeFileSync(scenario, SCENARIO);
  const out = path.join(tmp, 'result.json');
  const child = spawn('npx', ['commbench', 'run', scenario, '--out', out], {
    cwd: clone,
    detached: true,
    env: {
      ...process.env,
      XDG_CACHE_HOME: path.join(home, 'cache'),
      XDG_RUNTIME_DIR: '',
      TMPDIR: tmp,
      NO_COLOR: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const wake = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      text += data.toString();
      for (const w of wake) w();
    });
  }
  return {
    child,
    marker: tmp,
    out,
    closed: new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal))),
    saw: (line) =>
      new Promise((resolve) => {
        const look = () => {
          if (!line.test(text)) return;
          wake.delete(look);
          resolve(true);
        };
        wake.add(look);
        look();
      }),
    output: () => text,
    trialsEnded: () => [...text.matchAll(/^\d+\/\d+ .*: (?!started)/gm)].length,
    foldersLeft: () =>
      execFileSync('ls', [tmp])
        .toString()
        .split('\n')
        .filter((name) => name.startsWith('commbench')),
  };
}

/** What to look for in the command line or environment of each victim. */
const LOOKS_LIKE: Record<Exclude<Victim, 'npx' | 'ctrl-c'>, RegExp> = {
  launcher: /bin\/commbench(\.js)? run/,
  cli: /src\/cli\.ts run/,
  reaper: /services\/reaper\.ts/,
  generator: /load\/generator\.ts/,
  service: /services\/service\.ts/,
  broker: /beam\.smp/,
};

/** @returns whether there was somebody to kill */
function kill(victim: Victim, started: Started): boolean {
  if (victim === 'npx') return process.kill(started.child.pid!, 'SIGTERM');
  if (victim === 'ctrl-c') return process.kill(-started.child.pid!, 'SIGINT');
  const found = findProcesses(started.marker).find((p) => LOOKS_LIKE[victim].test(p.command));
  return found !== undefined && endByPid(found);
}

function endByPid(found: Found): boolean {
  try {
    return process.kill(found.pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** Everything that still carries the case's folder in its environment, after a bounded wait. */
async function waitForNobody(marker: string, clone: string): Promise<Found[]> {
  void clone;
  for (let i = 0; i < 150; i++) {
    if (findProcesses(marker).length === 0) return [];
    await sleep(100);
  }
  return findProcesses(marker);
}

function trialsInResult(file: string, problems: string[]): number | null {
  if (!existsSync(file)) return null;
  const parsed = resultSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data.trials.length;
  problems.push('the result file is damaged');
  return null;
}

async function runWhole(clone: string, home: string): Promise<boolean> {
  const started = startRun(999_999, clone, home);
  return (await started.closed) === 0 && trialsInResult(started.out, []) === 6;
}

function loadEvidence(seed: number): Verdict[] {
  if (!existsSync(EVIDENCE)) return [];
  const stored = JSON.parse(readFileSync(EVIDENCE, 'utf8')) as { seed: number; verdicts: Verdict[] };
  return stored.seed === seed ? stored.verdicts : [];
}

function saveEvidence(verdicts: readonly Verdict[], seed: number): void {
  mkdirSync(path.dirname(EVIDENCE), { recursive: true });
  const machine = `${os.cpus()[0]?.model ?? 'unknown CPU'}, ${os.cpus().length} cores, ${os.type()} ${os.release()}`;
  writeFileSync(EVIDENCE, `${JSON.stringify({ seed, machine, verdicts }, null, 1)}\n`);
}
