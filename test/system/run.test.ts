import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Trial } from '../../src/record/record.ts';
import { askForBroker } from '../support/broker-url.ts';
import { startRun } from './run.ts';

const REST = '  - { id: rest, title: REST, transport: rest, interaction: request-reply }';
const QUEUE = '  - { id: queue, title: Queue, transport: rabbitmq, interaction: work-queue }';

function scenario(patterns: readonly string[], more: string): string {
  return `name: small\ntitle: A small run\nrounds: 1\nnoop: false\nwarmUp: { calls: 300, probeMs: 0 }\npatterns:\n${patterns.join('\n')}\n${more}`;
}

const EVENTS =
  '  - { id: events, title: Events, transport: rabbitmq, interaction: publish-subscribe, subscribers: 2 }';

const find = (trials: readonly Trial[], pattern: string, kind: Trial['kind']) =>
  trials.find((t) => t.pattern === pattern && t.kind === kind)!;

test('both patterns, the service killed once in each: counts follow from the plan', async () => {
  const outage =
    'durationMs: 1000\ndeadlineMs: 1000\nserviceOutage: { atMs: 500, forMs: 4000, recoveryMs: 500 }\n';
  await using run = startRun(scenario([REST, QUEUE], outage));
  expect(await run.ended, run.stderr()).toBe(0);
  const { state, trials } = run.result();
  expect(state).toBe('complete');
  expect(trials.map((t) => [t.state, t.planned]).toSorted()).toEqual([
    ['done', 1000],
    ['done', 1000],
    ['done', 200],
    ['done', 200],
  ]);
  for (const trial of trials) {
    for (const ledger of trial.ledgers) {
      const cells = [ledger.accepted, ledger.refused, ledger.unknown];
      expect(cells.reduce((n, c) => n + c.done0 + c.done1 + c.doneMore + c.deadLettered, 0)).toBe(
        trial.planned,
      );
      expect(ledger.lost).toBe(0);
      expect(ledger.phantom).toBe(0);
    }
  }
  const rest = find(trials, 'rest', 'service-outage');
  const queue = find(trials, 'queue', 'service-outage');
  expect(rest.coupling!.verdict).toBe('tight');
  // It serves for an instant before it is heard to be ready: at the very end of the outage, and at no other time.
  const away = rest.phases.find(({ name }) => name === 'outage')!;
  const intervals = Math.floor((away.toNs - away.fromNs) / 1e8);
  const first = away.response.intervalMaximaUs.findIndex((us) => us !== null);
  expect(first < 0 ? intervals : first).toBeGreaterThanOrEqual(intervals - 2);
  expect(queue.ledgers[0]!.accepted.done0 + queue.ledgers[0]!.unknown.done0).toBe(0);
  expect(queue.coupling!.finallyDone).toBe(queue.coupling!.intended);
  expect(rest.faults[0]!.readyNs).toBeGreaterThan(rest.faults[0]!.liftedNs!);
  expect(run.stdout()).toMatch(/^Tolerates consumer downtime: Queue/m);
  const page = path.join(run.folder, 'result.html');
  expect(run.stderr().trimEnd().split('\n').at(-1)).toBe(`Page: ${page} (open it in a browser)`);
  expect(readFileSync(page, 'utf8')).toContain('data-chart="service-outage"');
}, 180_000);

test('two subscribers, a killed broker, idle and busy, bytes: every kind of trial once', async () => {
  const taken = '{ atMs: 500, forMs: 2000, recoveryMs: 500 }';
  const kinds = `durationMs: 500\ndeadlineMs: 500\nserviceOutage: ${taken}\nbrokerOutage: ${taken}\nwireBytes: { calls: 50 }\nidleBusy: { idleMs: 500, busyMs: 100, blocks: 3 }\n`;
  const text = scenario([REST, EVENTS], kinds).replace('probeMs: 0', 'probeMs: 1000');
  await using run = startRun(text);
  expect(await run.ended, run.stderr()).toBe(0);
  const { state, trials } = run.result();
  expect(state).toBe('complete');
  const kindsSeen =
    'latency latency wire-bytes wire-bytes idle-busy idle-busy service-outage service-outage broker-outage';
  expect(trials.map((t) => t.kind).join(' ')).toBe(kindsSeen);
  const events = trials.filter((t) => t.pattern === 'events');
  for (const trial of events) {
    expect(trial.ledgers.map((l) => l.subscriber)).toEqual([0, 1]);
    for (const { accepted, lost, phantom } of trial.ledgers) {
      expect([accepted.done0, lost, phantom]).toEqual([0, 0, 0]);
    }
    for (const phase of trial.phases) expect(phase.firstCompletion!.count).toBeGreaterThanOrEqual(phase.done);
  }
  const outage = find(trials, 'events', 'service-outage');
  expect(outage.coupling).toMatchObject({ served: outage.coupling!.intended, verdict: 'loose' });
  expect(outage.faults[0]).toMatchObject({ do: 'kill', on: expect.stringMatching(/^service-events/) });
  const middle = trials.at(-1)!;
  expect(middle).toMatchObject({ pattern: 'events', kind: 'broker-outage', coupling: { verdict: 'tight' } });
  expect(middle.faults[0]!.on).toBe('rabbitmq');
  expect(middle.cost.brokerUs).toBeNull();
  for (const pattern of ['rest', 'events']) {
    const wire = find(trials, pattern, 'wire-bytes').wire!;
    expect(wire.calls).toBe(50);
    // A user's name and address are in every request, and in what the service got of the broker.
    expect(wire.callerSent).toBeGreaterThan(60);
    expect(wire.serviceReceived ?? Infinity).toBeGreaterThan(2 * 60);
  }
  const idle = find(trials, 'rest', 'idle-busy');
  expect(idle.phases.map((p) => p.name)).toEqual([
    'idle-1',
    'busy-1',
    'idle-2',
    'busy-2',
    'idle-3',
    'busy-3',
  ]);
  expect(idle.notes[0]).toMatch(/^busy: \d+\/s/);
}, 240_000);

test('a broker that is not ours is never taken away: said, and no failure', async () => {
  const given = await askForBroker('rabbitmq');
  if (given.state === 'missing') throw new Error(given.why);
  const text = scenario([QUEUE], 'durationMs: 500\ndeadlineMs: 500\nbrokerOutage: { forMs: 2000 }\n');
  await using run = startRun(text, ['--broker', `rabbitmq=${given.url}`]);
  expect(await run.ended, run.stderr()).toBe(0);
  const { state, trials } = run.result();
  expect(state).toBe('complete');
  expect(trials.map((t) => [t.kind, t.state])).toEqual([
    ['latency', 'done'],
    ['broker-outage', 'skipped'],
  ]);
  expect(trials[1]!.failure).toBe('not ours: RabbitMQ was given by its URL, and is never killed or frozen');
}, 120_000);

test('a backlog that is worked off slowly is waited for, not called lost', async () => {
  const slow = 'durationMs: 1000\ndrainMs: 500\nservice: { processingMs: 100 }\n';
  await using run = startRun(scenario([QUEUE], slow));
  expect(await run.ended, run.stderr()).toBe(0);
  const [trial] = run.result().trials;
  expect(trial).toMatchObject({ planned: 200, load: { verdict: 'saturated' } });
  expect(trial!.ledgers[0]).toMatchObject({ lost: 0, accepted: { done1: 200 } });
}, 120_000);

test.each([
  ['the service', /service\/service\.ts/, 'rest', /service-rest-1 was ended by SIGKILL/],
  ['the generator', /generator\/generator\.ts/, 'rest', /generator-rest-1 was ended by SIGKILL/],
  ['the broker', /beam\.smp/, 'queue', /broker rabbitmq was lost/],
] as const)(
  'kill -9 of %s in mid-trial fails that trial in its own words, and the run goes on',
  async (_who, victim, pattern, words) => {
    const patterns = pattern === 'rest' ? [REST] : [QUEUE];
    await using run = startRun(
      scenario(patterns, 'durationMs: 3000\nrounds: 2\n').replace('rounds: 1\n', ''),
    );
    await run.saw(/baseline/);
    process.kill(run.find(victim)[0]!.pid, 'SIGKILL');
    expect(await run.ended, run.stderr()).toBe(3);
    const { state, trials } = run.result();
    expect(state).toBe('incomplete');
    expect(trials.map((t) => t.state)).toEqual(['failed', 'done']);
    expect(trials[0]!.failure).toMatch(words);
    expect(run.find(/./)).toEqual([]);
  },
  180_000,
);

test('Ctrl-C keeps the finished trials, says where, and leaves nothing running', async () => {
  await using run = startRun(scenario([REST], 'durationMs: 1000\nrounds: 3\n').replace('rounds: 1\n', ''));
  await run.saw(/2\/3 .*started/);
  process.kill(-run.child.pid!, 'SIGINT');
  expect(await run.ended).toBe(130);
  expect(run.result()).toMatchObject({ state: 'interrupted', trials: [{ state: 'done' }] });
  expect(run.stdout()).toMatch(/result\.json/);
  expect(run.find(/./)).toEqual([]);
}, 120_000);

test('an unreachable broker makes its pattern not run, with the hint; the other pattern runs; exit code 3', async () => {
  await using run = startRun(scenario([REST, QUEUE], 'durationMs: 500\n'), [
    '--broker',
    'rabbitmq=amqp://127.0.0.1:1',
  ]);
  expect(await run.ended, run.stderr()).toBe(3);
  const { patterns, trials } = run.result();
  expect(patterns.map((p) => p.state)).toEqual(['run', 'not-run']);
  expect(patterns[1]!.reason).toMatch(/127\.0\.0\.1:1/);
  expect(trials.map((t) => [t.pattern, t.state])).toEqual([['rest', 'done']]);
}, 120_000);
