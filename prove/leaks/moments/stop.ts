import type { End } from '../ends.ts';
import { pidsOf, signal } from '../victims.ts';
import { startCommand } from '../started.ts';
import {
  expectIn,
  expectState,
  FIRST_LOAD,
  meet,
  type Moment,
  type RunPlan,
  scenarioOf,
  type Seen,
} from './moment.ts';

type Role = Parameters<typeof pidsOf>[0];

/** Stopped, and continued by nobody. */
function stop(
  role: Role,
  plan: Omit<RunPlan, 'begins' | 'act'> & Partial<RunPlan>,
  id = `stop ${role}`,
): Moment {
  const act: RunPlan['act'] = (_run, ground) => {
    const pids = pidsOf(role, ground);
    if (pids.length === 0) throw new Error(`Expected a ${role}, found none`);
    for (const pid of pids) signal(pid, 'SIGSTOP');
  };
  return { id, run: (ground) => meet(id, { begins: FIRST_LOAD, afterMs: 500, act, ...plan }, ground) };
}

/** The first trial fails by name, the second one has parts that go on. */
function failsOne(words: RegExp) {
  return ({ result, trials }: Seen) => [
    ...expectState(result, 'incomplete'),
    ...expectIn(trials.slice(0, 1), words, 'the first trial'),
    ...(result?.trials[1]?.state === 'done'
      ? []
      : [`expected a second trial that is done, found ${trials[1]}`]),
  ];
}

const REST = scenarioOf('rest');
/** A link with a proxy, whose fault comes after the moment. */
const PROXIED = scenarioOf(
  'rest',
  `services: [{ id: storefront }, { id: orders }]
edges: [{ from: storefront, to: orders }]
watchRecovery: false
faults: [{ do: delay, on: storefront-orders, atMs: 3000, forMs: 500, delayMs: 10 }]
`,
).replace('rounds: 2', 'rounds: 1');
const INCOMPLETE: readonly End[] = [3];

/** In place of the run's own broker, one that was started before. */
function persistent(id: string, whenIdle: boolean): Moment {
  const scenario = scenarioOf('queue');
  return {
    id,
    async run(ground) {
      await startCommand(['up', 'rabbitmq'], ground).ended;
      const stopIt = () => pidsOf('broker', ground).forEach((pid) => signal(pid, 'SIGSTOP'));
      if (whenIdle) stopIt();
      let down: End | null = null;
      const verdict = await meet(
        id,
        {
          scenario,
          begins: whenIdle ? /1\/2 .*: started/g : FIRST_LOAD,
          afterMs: 500,
          act: async (run) => {
            if (!whenIdle) stopIt();
            await run.ended;
            down = await startCommand(['down'], ground).ended;
          },
          ends: whenIdle ? [0] : INCOMPLETE,
          check: whenIdle
            ? ({ result }) => expectState(result, 'complete')
            : failsOne(/RabbitMQ .*stood still/),
        },
        ground,
      );
      return down === 0
        ? verdict
        : { ...verdict, problems: [...verdict.problems, `down ended with ${down}`] };
    },
  };
}

export const moments: readonly Moment[] = [
  stop('launcher', { scenario: REST, ends: [0], check: ({ result }) => expectState(result, 'complete') }),
  stop('cli', {
    scenario: REST,
    ends: [143],
    check: ({ messages }) =>
      expectIn(messages, /its main process \(pid \d+\) stood still for 10 s/, 'the messages'),
  }),
  stop('reaper', {
    scenario: REST,
    ends: INCOMPLETE,
    check: ({ messages }) => expectIn(messages, /the reaper \(pid \d+\) stood still for 2 s/, 'the messages'),
  }),
  stop('generator', {
    scenario: REST,
    ends: INCOMPLETE,
    check: failsOne(/^the load generator stood still .* nobody planned it$/),
  }),
  stop('service', {
    scenario: REST,
    ends: INCOMPLETE,
    check: failsOne(/^the service stood still .* nobody planned it$/),
  }),
  stop('proxy', {
    scenario: PROXIED,
    ends: INCOMPLETE,
    check: failsOne(/^the proxy on storefront-orders stood still .* nobody planned it$/),
  }),
  stop('broker', {
    scenario: scenarioOf('queue'),
    ends: INCOMPLETE,
    check: failsOne(/^RabbitMQ stood still .* nobody planned it$/),
  }),
  stop(
    'broker',
    {
      scenario: scenarioOf('kafka'),
      ends: INCOMPLETE,
      check: failsOne(
        /^Apache Kafka stood still .* nobody planned it$|^Kafka stood still .* nobody planned it$/,
      ),
    },
    'stop broker, Kafka',
  ),
  stop(
    'broker',
    {
      scenario: scenarioOf('queue'),
      begins: /RabbitMQ [\d.]+ is up/g,
      afterMs: 0,
      ends: INCOMPLETE,
      check: ({ text }) =>
        expectIn([text], /RabbitMQ was lost during its warm-up: it \(pid \d+\) stood still/, 'the output'),
    },
    'stop broker, warming',
  ),
  persistent('stop broker, persistent', false),
  persistent('stop broker, persistent and idle', true),
];
