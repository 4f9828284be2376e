import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ground } from '../ground.ts';
import { traces, untilNobody } from '../left.ts';
import { readResult } from '../result.ts';
import { startCommand } from '../started.ts';
import { pidsOf, signal } from '../victims.ts';
import {
  expectState,
  FIRST_LOAD,
  type Moment,
  type MomentVerdict,
  nothing,
  scenarioOf,
  trialsOf,
} from './moment.ts';

interface Pair {
  /** Before both: brokers to be used by both. */
  readonly up?: readonly string[];
  readonly patterns: readonly [Pattern, Pattern];
  /** Kills the first one amid its load: the other goes on. */
  readonly isKilled?: true;
}

type Pattern = Parameters<typeof scenarioOf>[0];

/** Two runs begun in one instant, in one folder, for one user, without a name for their results. */
function together(id: string, pair: Pair): Moment {
  return { id, run: (ground) => runBoth(id, pair, ground) };
}

async function runBoth(
  id: string,
  { up = [], patterns, isKilled }: Pair,
  ground: Ground,
): Promise<MomentVerdict> {
  const results = path.join(ground.clone, 'results');
  rmSync(results, { recursive: true, force: true });
  if (up.length > 0) await startCommand(['up', ...up], ground).ended;
  const beganMs = performance.now();
  const runs = patterns.map((pattern, i) => {
    const file = path.join(ground.work, `${i}.yaml`);
    writeFileSync(file, scenarioOf(pattern));
    return startCommand(['run', file, '--seed', String(i + 1)], ground);
  });
  if (isKilled) {
    await runs[0]!.saw(FIRST_LOAD, 1);
    const [first] = pidsOf('cli', ground);
    await sleep(300);
    signal(first!, 'SIGKILL');
  }
  const ends = await Promise.all(runs.map(({ ended }) => ended));
  const endedAfterMs = Math.round(performance.now() - beganMs);
  const whole = isKilled ? 1 : 2;
  const files = filesIn(results);
  const problems: string[] = [];
  const trials: string[] = [];
  for (const file of files) {
    const { result, problems: damage } = await readResult(path.join(results, file), ground);
    problems.push(...damage, ...expectState(result, 'complete'));
    trials.push(...trialsOf(result));
    if (result?.trials.some(({ state }) => state !== 'done'))
      problems.push(`${file} has a trial that is not done`);
  }
  if (files.length !== whole) problems.push(`expected ${whole} result files, found ${files.join(', ')}`);
  const good = ends.filter((end) => end === 0).length;
  if (good !== whole) problems.push(`expected ${whole} to end with 0, found ${ends.join(', ')}`);
  problems.push(...(up.length > 0 ? await endShared(ground, up) : []));
  const { left: stayed, afterMs: goneAfterMs } = await untilNobody(ground, []);
  const left = [...stayed, ...traces(ground)];
  if (left.length > 0) problems.push(`left: ${left.join(', ')}`);
  rmSync(results, { recursive: true, force: true });
  const tails = problems.length > 0 ? runs.map(({ text }) => `its last output: ${text().slice(-1000)}`) : [];
  return {
    ...nothing(id, ground),
    end: ends[1] ?? null,
    endedAfterMs,
    goneAfterMs,
    trials,
    left,
    problems: [...problems, ...tails],
  };
}

/** A run that was killed before its first trial was over has only taken a name: its file is empty. */
function filesIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.filter((name) => statSync(path.join(folder, name)).size > 0);
}

/** Both went over it, it outlived both, and it ends. */
async function endShared(ground: Ground, names: readonly string[]): Promise<string[]> {
  const status = startCommand(['status', '--json'], ground);
  await status.ended;
  const lines = status.text();
  const missing = names.filter(
    (name) => !lines.includes(`"name":"${name}"`) && !lines.includes(`"name": "${name}"`),
  );
  const down = await startCommand(['down'], ground).ended;
  return [
    ...missing.map((name) => `the persistent ${name} did not outlive the runs`),
    ...(down === 0 ? [] : [`down ended with ${down}`]),
  ];
}

export const moments: readonly Moment[] = [
  together('together, REST', { patterns: ['rest', 'rest'] }),
  together('together, each with a RabbitMQ', { patterns: ['queue', 'queue'] }),
  together('together, one RabbitMQ', { up: ['rabbitmq'], patterns: ['queue', 'queue'] }),
  together('together, one Kafka', { up: ['kafka'], patterns: ['kafka', 'kafka'] }),
  together('together, one RabbitMQ, one run killed', {
    up: ['rabbitmq'],
    patterns: ['queue', 'queue'],
    isKilled: true,
  }),
];
