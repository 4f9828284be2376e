import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Trial } from '../../src/record/record.ts';
import { askForBroker } from '../support/broker-url.ts';
import { startRun } from './run.ts';

/** No warm-up, no settling: only counts are looked at. */
const SMALL = `
title: A small topology
rounds: 1
noop: false
warmUp: { calls: 0 }
drainMs: 5000
contract: users
`;
const broker = await askForBroker('rabbitmq');
if (broker.state === 'missing') process.stderr.write(`SKIPPED topologies over RabbitMQ: ${broker.why}\n`);
const given = broker.state === 'here' ? ['--broker', `rabbitmq=${broker.url}`] : [];

const byCase = (trials: readonly Trial[], id: string | null) => trials.find((trial) => trial.case === id)!;
const times = (trial: Trial) => trial.ledgers.map(({ accepted }) => accepted.done1);

test('a chain: each service does what gets to it, errors strike exactly who was planned, a killed leaf takes its callers along', async () => {
  await using run = startRun(`${SMALL}
name: chain
patterns: [{ id: rest, title: REST, transport: rest, interaction: request-reply }]
mix: [{ operation: createUser, share: 1 }, { operation: getUser, share: 1 }]
services: [{ id: front, queue: 500 }, { id: middle, queue: 500 }, { id: leaf, queue: 500 }]
edges:
  - { from: front, to: middle, operations: [createUser], transport: grpc }
  - { from: middle, to: leaf, transport: grpc }
load: { shape: constant, ratePerS: 100 }
durationMs: 4000
deadlineMs: 4000
watchRecovery: false
cases:
  - { id: errors, title: errors, faults: [{ do: error, on: leaf, share: 0.1, atMs: 1000, forMs: 2000 }] }
  - { id: killed, title: killed, faults: [{ do: kill, on: leaf, atMs: 500, forMs: 2000 }] }
`);
  expect(await run.ended, run.stderr()).toBe(0);
  const { state, trials } = run.result();
  expect(state).toBe('complete');
  const [control, errors, killed] = [null, 'errors', 'killed'].map((id) => byCase(trials, id)) as [
    Trial,
    Trial,
    Trial,
  ];
  const [all, orders] = times(control) as [number, number];
  expect(all).toBe(400);
  expect(times(control)).toEqual([all, orders, orders]);
  expect(control.faults).toEqual([]);

  const struck = errors.faults[0]!.planned!;
  expect(struck).toBeGreaterThan(0);
  expect(errors.faults[0]).toMatchObject({ injected: struck, observed: struck });
  expect(times(errors)).toEqual([all - struck, orders - struck, orders - struck]);
  expect(errors.hops!.edges.map(({ id }) => id)).toEqual(['front-middle', 'middle-leaf']);

  const failed = all - times(killed)[0]!;
  expect(failed).toBeGreaterThan(0);
  expect(killed.hops!.endpoints.map(({ operation }) => operation).toSorted()).toEqual([
    'createUser',
    'getUser',
  ]);
  // Reads go nowhere: all are served.
  const reads = killed.hops!.endpoints.find(({ operation }) => operation === 'getUser')!;
  const sum = (of: 'planned' | 'done') => reads.phases.reduce((n, phase) => n + phase[of], 0);
  expect(sum('done')).toBe(sum('planned'));
  for (const { ledgers } of trials)
    expect(ledgers.map(({ lost, phantom }) => [lost, phantom])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
}, 180_000);

test.skipIf(given.length === 0)(
  'a consumer that ends itself between effect and acknowledgement: done twice as often as planned, nothing lost',
  async () => {
    await using run = startRun(
      `${SMALL}
name: ends
patterns: [{ id: rest, title: REST, transport: rest, interaction: request-reply }]
services: [{ id: front }, { id: worker, concurrency: 1 }]
edges: [{ from: front, to: worker, transport: rabbitmq, interaction: work-queue }]
load: { shape: constant, ratePerS: 50 }
durationMs: 3000
deadlineMs: 3000
watchRecovery: false
faults:
  - { id: once, do: end-before-ack, on: worker, after: 20, atMs: 500, forMs: 2000 }
  - { id: again, do: end-before-ack, on: worker, after: 5, atMs: 2500, forMs: 500 }
`,
      given,
    );
    expect(await run.ended, run.stderr()).toBe(0);
    const fault = run.result().trials.find(({ kind }) => kind === 'fault')!;
    expect(fault.state, fault.failure ?? '').toBe('done');
    for (const one of fault.faults) expect(one).toMatchObject({ planned: 1, injected: 1, observed: 1 });
    const [front, worker] = fault.ledgers;
    expect(front).toMatchObject({ lost: 0, duplicates: 0, accepted: { done1: 150 } });
    expect(worker).toMatchObject({ lost: 0, duplicates: 2, accepted: { done0: 0, done1: 148, doneMore: 2 } });
  },
  180_000,
);

test.skipIf(given.length === 0)(
  'the diamond that was written from the docs alone runs',
  async () => {
    const text = readFileSync(new URL('../../scenarios/examples/diamond.yaml', import.meta.url), 'utf8');
    const shorter = [
      'watchRecovery=false',
      'durationMs=2500ms',
      'faults.0.atMs=500ms',
      'faults.0.forMs=1000ms',
      'warmUp.calls=0',
    ];
    await using run = startRun(text, [...given, ...shorter.flatMap((value) => ['--set', value])]);
    expect(await run.ended, run.stderr()).toBe(0);
    const { trials } = run.result();
    const control = trials.find(({ kind }) => kind === 'control')!;
    const [a, b, c, d] = times(control);
    expect(a).toBe(300);
    expect([b, c, d]).toEqual([b, b, b]);
    // Twice each, by two ways.
    expect(control.hops!.services[3]!.phases.reduce((n, { effects }) => n + effects, 0)).toBe(2 * b!);
    for (const { ledgers } of trials) expect(ledgers.map(({ lost }) => lost)).toEqual([0, 0, 0, 0]);
  },
  180_000,
);
