import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProcesses } from '../../processes.ts';
import type { Ground } from '../ground.ts';
import { startCommand } from '../started.ts';
import { pidsOf, signal } from '../victims.ts';
import { expectIn, FIRST_LOAD, meet, MOST_MS, type Moment, type RunPlan, scenarioOf } from './moment.ts';

/**
 * A machine that sleeps cannot be had in a container: its clocks are the kernel's own, and a time namespace keeps its
 * offsets from its first process on. What comes nearest is a freezer: it holds all processes of the run at one instant,
 * as a host does with a virtual machine, and the system shows none of them as stopped.
 */
const FREEZER = '/sys/fs/cgroup/freezer';

interface Freezer extends Disposable {
  readonly folder: string;
  set(state: 'FROZEN' | 'THAWED'): void;
}

function openFreezer(): Freezer | undefined {
  if (!existsSync(path.join(FREEZER, 'cgroup.procs'))) return undefined;
  const folder = path.join(FREEZER, `cbleak-${process.pid}`);
  mkdirSync(folder);
  const set: Freezer['set'] = (state) => writeFileSync(path.join(folder, 'freezer.state'), state);
  return {
    folder,
    set,
    [Symbol.dispose]() {
      set('THAWED');
      rmdirSync(folder);
    },
  };
}

/** Without a freezer: the CLI is stopped first and continued last, so that it sees no other one stopped. */
async function stopAll(ground: Ground, forMs: number): Promise<void> {
  const clis = pidsOf('cli', ground);
  const others = findProcesses(ground.home).flatMap(({ pid }) => (clis.includes(pid) ? [] : [pid]));
  for (const pid of [...clis, ...others]) signal(pid, 'SIGSTOP');
  await sleep(forMs);
  for (const pid of [...others, ...clis]) signal(pid, 'SIGCONT');
}

async function frozen(freezer: Freezer, forMs: number): Promise<void> {
  freezer.set('FROZEN');
  await sleep(forMs);
  freezer.set('THAWED');
}

type Asleep = Pick<RunPlan, 'scenario' | 'begins' | 'afterMs' | 'check'>;

/** Everything that was started sleeps. */
function asleep(id: string, forMs: number, by: 'freezer' | 'signals', plan: Asleep): Moment {
  return {
    id,
    async run(ground) {
      using freezer = by === 'freezer' ? openFreezer() : undefined;
      const enter = freezer && `echo $$ > ${freezer.folder}/cgroup.procs; exec "$@"`;
      // Awaited here, as the freezer ends with this function.
      return await meet(
        id,
        {
          afterMs: 500,
          ...plan,
          wrap: (command) => (enter ? ['sh', '-c', enter, 'sh', ...command] : command),
          act: () => (freezer ? frozen(freezer, forMs) : stopAll(ground, forMs)),
          ends: [0, 3],
        },
        ground,
      );
    },
  };
}

/** A broker alone, that no system shows as stopped: it hangs. */
function brokerHangs(id: string, forMs: number): Moment {
  return {
    id,
    async run(ground) {
      using freezer = openFreezer();
      return await meet(
        id,
        {
          scenario: scenarioOf('queue'),
          begins: FIRST_LOAD,
          afterMs: 500,
          async act() {
            if (!freezer) throw new Error('there is no freezer on this machine');
            for (const pid of pidsOf('broker', ground))
              writeFileSync(path.join(freezer.folder, 'cgroup.procs'), String(pid));
            await frozen(freezer, forMs);
          },
          ends: [0, 3],
          check: ({ trials }) =>
            expectIn(
              trials.slice(0, 1),
              /RabbitMQ stood still for [\d.]+ s .*: nothing was answered or done/,
              'the first trial',
            ),
        },
        ground,
      );
    },
  };
}

/** A persistent broker hangs, and goes on only when the run is over: all that waits for it must have its bound. */
function persistentHangs(id: string, pattern: 'queue' | 'kafka', name: string): Moment {
  return {
    id,
    async run(ground) {
      using freezer = openFreezer();
      await startCommand(['up', name], ground).ended;
      return await meet(
        id,
        {
          scenario: scenarioOf(pattern),
          begins: FIRST_LOAD,
          afterMs: 500,
          async act(run) {
            if (!freezer) throw new Error('there is no freezer on this machine');
            for (const pid of pidsOf('broker', ground))
              writeFileSync(path.join(freezer.folder, 'cgroup.procs'), String(pid));
            freezer.set('FROZEN');
            await Promise.race([run.ended, sleep(MOST_MS, undefined, { ref: false })]);
            freezer.set('THAWED');
            await startCommand(['down'], ground).ended;
          },
          ends: [3],
          check: ({ trials }) =>
            (trials[0] ?? 'valid').startsWith('valid') ? [`the struck trial is ${trials[0]}`] : [],
        },
        ground,
      );
    },
  };
}

const marked: Asleep['check'] = ({ trials }) => [
  ...expectIn(
    trials.slice(0, 1),
    /^incomplete: commbench itself stood still for .*, and its load generator with it/,
    'the first trial',
  ),
  ...(trials[1]?.includes('stood still') === false ? [] : [`the second trial is ${trials[1]}`]),
];

export const moments: readonly Moment[] = [
  asleep('sleep 5 s, REST', 5000, 'freezer', {
    scenario: scenarioOf('rest'),
    begins: FIRST_LOAD,
    check: marked,
  }),
  asleep('sleep 5 s, RabbitMQ', 5000, 'freezer', {
    scenario: scenarioOf('queue'),
    begins: FIRST_LOAD,
    check: marked,
  }),
  asleep('sleep 40 s, RabbitMQ, draining', 40_000, 'freezer', {
    scenario: scenarioOf('queue'),
    begins: /^ {2}draining/gm,
    afterMs: 50,
    // Who slept did not do its work in that time, and lost none of it. What was just being opened may break.
    check({ result, trials }) {
      const done = (result?.trials ?? []).filter(({ state }) => state === 'done');
      const lost = done.flatMap(({ ledgers }) => ledgers.map((ledger) => ledger.lost));
      const isWhole = lost.length > 0 && lost.every((count) => count === 0);
      return isWhole ? [] : [`lost in each trial: ${lost.join(', ')} of ${trials.join(' | ')}`];
    },
  }),
  asleep('sleep 5 s, REST, by signals', 5000, 'signals', {
    scenario: scenarioOf('rest'),
    begins: FIRST_LOAD,
    check: marked,
  }),
  brokerHangs('sleep of the broker alone', 2000),
  persistentHangs('sleep of a persistent RabbitMQ, for good', 'queue', 'rabbitmq'),
  persistentHangs('sleep of a persistent Kafka, for good', 'kafka', 'kafka'),
];
