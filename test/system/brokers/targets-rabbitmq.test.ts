import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Trial } from '../../../src/record/record.ts';
import { askForBroker } from '../../support/broker-url.ts';
import { depthOf, openStranger, untilDepth } from '../../support/rabbitmq-place.ts';
import { startRun } from '../run.ts';

const broker = await askForBroker('rabbitmq');
const url = broker.state === 'here' ? broker.url : '';
if (broker.state === 'missing') process.stderr.write(`SKIPPED targets on RabbitMQ: ${broker.why}\n`);

const MOVER = fileURLToPath(new URL('../fixtures/queue-mover.ts', import.meta.url));
const DROPPED = [3, 57, 120];
const TWICE = [0, 119];
let names = 0;

/** Two queues' names of one test, deleted at its end. */
function openQueues() {
  const prefix = `own-queue-test.${process.pid}.${++names}`;
  const [from, to] = [`${prefix}.in`, `${prefix}.out`];
  return {
    from,
    to,
    async [Symbol.asyncDispose]() {
      await using channel = await openStranger(url);
      for (const queue of [from, to]) await channel.deleteQueue(queue);
    },
  };
}

/** @param fields of the target, as YAML */
function scenario(fields: readonly string[]): string {
  return [
    'name: own-queue\ntitle: A queue of our own\nrounds: 1\nnoop: false\ndurationMs: 1000\ndeadlineMs: 10000\ndrainMs: 2000',
    'warmUp: { calls: 0 }',
    'patterns:\n  - { id: orders, title: Orders, transport: rabbitmq, interaction: work-queue }',
    `targets:\n  orders:\n    url: ${url}`,
    ...fields.map((field) => `    ${field}`),
  ].join('\n');
}

const SENT = [
  'headers: { x-sequence: "{{id}}" }',
  'body: { number: "{{sequence}}", id: "{{id}}", note: "for {{key}}" }',
];

interface Queues {
  readonly from: string;
  readonly to: string;
}

/** @param does what it drops, what it writes twice, where it rests, and for how long */
function moved({ from, to }: Queues, correlate: string, does = [DROPPED.join(), TWICE.join()]): string[] {
  const args = [process.execPath, MOVER, url, from, to, ...does];
  return [
    `queue: ${from}`,
    ...SENT,
    `command: ${JSON.stringify(args)}`,
    'ready: { line: moving }',
    `completion: { queue: ${to}, correlate: ${correlate} }`,
  ];
}

function onlyTrial(trials: readonly Trial[]): Trial {
  expect(trials).toHaveLength(1);
  return trials[0]!;
}

describe.skipIf(broker.state === 'missing')('a queue of the user’s own', { timeout: 120_000 }, () => {
  it.each([
    ['a header', '{ header: x-sequence }'],
    ['a field of the body', '{ field: order.id }'],
  ])('loses exactly what its service drops, known by %s', async (_by, correlate) => {
    await using queues = openQueues();
    await using run = startRun(scenario(moved(queues, correlate)), ['--full']);
    expect(await run.ended, run.stderr()).toBe(0);
    const result = run.result();
    const trial = onlyTrial(result.trials);
    expect(trial).toMatchObject({ state: 'done', evidence: 'completion-queue', planned: 200 });
    const [ledger] = trial.ledgers;
    expect(ledger).toMatchObject({
      accepted: { done0: 3, done1: 195, doneMore: 2, deadLettered: 0 },
      lost: 3,
      duplicates: 2,
      phantom: 0,
    });
    expect(ledger!.examples['lost']).toEqual(DROPPED);
    expect(ledger!.examples['duplicates']).toEqual(TWICE);
    const [phase] = trial.phases;
    expect([phase!.done, phase!.completion.count, phase!.correct]).toEqual([197, 197, 200]);
    expect(trial.notes.join()).toMatch(/ignored messages of the queue .*\.out: 1 without an id of this run/);
    expect(result.patterns[0]).toMatchObject({ completion: `queue ${queues.to}`, subscribers: 1 });
    expect(run.stdout()).toMatch(/Observed at the queue/);
    expect(run.stderr() + run.stdout()).toMatch(/they did not come out at the queue/);
    // Nobody's process is left, and the user's queues are theirs.
    expect(run.find(/./)).toEqual([]);
    expect(await depthOf(url, queues.from)).toBe(0);
  });

  it('is one of several: operations and the steps of a flow each publish to their own', async () => {
    await using queues = openQueues();
    const fields = [
      'declare: true',
      'body: { number: "{{sequence}}", at: "{{uuid}}" }',
      `operations: { a: { share: 3, queue: ${queues.from} }, b: { queue: ${queues.to} } }`,
      `flows: { both: { steps: [{ queue: ${queues.from} }, { queue: ${queues.to} }] } }`,
    ];
    await using run = startRun(scenario(fields));
    expect(await run.ended, run.stderr()).toBe(0);
    const { operations = [], phases } = onlyTrial(run.result().trials);
    const counts = Object.fromEntries(
      operations.map(({ name, phases: [phase] }) => [name, [phase!.planned, phase!.outcomes.ok]]),
    );
    const of = (name: string) => counts[name]![0]!;
    expect(of('a') + of('b') + of('both')).toBe(phases[0]!.planned);
    for (const [planned, ok] of Object.values(counts)) expect(ok).toBe(planned);
    expect([of('both/1'), of('both/2')]).toEqual([of('both'), of('both')]);
    expect(of('both')).toBeGreaterThan(0);
    expect(await depthOf(url, queues.from)).toBe(of('a') + of('both'));
    expect(await depthOf(url, queues.to)).toBe(of('b') + of('both'));
  });

  it('is where an HTTP service that answers 202 is done: what it accepts and drops is lost', async () => {
    await using queues = openQueues();
    await using channel = await openStranger(url);
    await channel.assertQueue(queues.to, { durable: true });
    const server = createServer(({ headers }, response) => {
      response.writeHead(202).end();
      if (DROPPED.includes(Number(headers['x-number']))) return;
      channel.sendToQueue(queues.to, Buffer.from(JSON.stringify({ order: { id: headers['x-id'] } })));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const fields = [
      'headers: { x-id: "{{id}}", x-number: "{{sequence}}" }',
      'success: { status: 202 }',
      `completion: { queue: ${queues.to}, url: "${url}", correlate: { field: order.id } }`,
    ];
    const text = scenario(fields)
      .replace('transport: rabbitmq, interaction: work-queue', 'transport: rest, interaction: request-reply')
      .replace(`url: ${url}`, `url: http://127.0.0.1:${port}/orders`);
    await using run = startRun(text);
    expect(await run.ended, run.stderr()).toBe(0);
    server.close();
    const trial = onlyTrial(run.result().trials);
    expect(trial).toMatchObject({ state: 'done', evidence: 'completion-queue' });
    expect(trial.ledgers[0]).toMatchObject({ accepted: { done0: 3, done1: 197 }, lost: 3, duplicates: 0 });
    expect(trial.ledgers[0]!.examples['lost']).toEqual(DROPPED);
    const [phase] = trial.phases;
    expect([phase!.correct, phase!.response.count, phase!.completion.count]).toEqual([200, 200, 197]);
    expect(trial.waterfall).toMatchObject({ of: 'response' });
  });

  it('waits for a service that rests, as long as its queue has messages: late is not lost', async () => {
    await using queues = openQueues();
    const fields = moved(queues, '{ header: x-sequence }', ['', '', '150', '2500']);
    await using run = startRun(scenario(fields).replace('drainMs: 2000', 'drainMs: 300'));
    expect(await run.ended, run.stderr()).toBe(0);
    const trial = onlyTrial(run.result().trials);
    expect(trial.ledgers[0]).toMatchObject({ accepted: { done0: 0, done1: 200 }, lost: 0 });
    expect(trial.validity.causes.filter(({ cause }) => cause === 'incomplete')).toEqual([]);
  });

  it('with confirms off is sent to, and accepted by nobody that is known', async () => {
    await using queues = openQueues();
    await using run = startRun(
      scenario([`queue: ${queues.from}`, 'declare: true', 'confirm: false', ...SENT]),
    );
    expect(await run.ended, run.stderr()).toBe(0);
    const trial = onlyTrial(run.result().trials);
    expect(trial).toMatchObject({ evidence: 'none', ledgers: [] });
    expect(trial.phases[0]).toMatchObject({ outcomes: { ok: 200 }, response: { count: 0 } });
    // Nobody confirmed them, so that the last ones may still be on their way.
    await untilDepth(url, queues.from, 200);
  });

  it('takes a queue that is there as it is, however it was made', async () => {
    await using queues = openQueues();
    await using channel = await openStranger(url);
    await channel.assertQueue(queues.from, { durable: true, maxLength: 1_000_000 });
    await using run = startRun(scenario([`queue: ${queues.from}`, 'declare: true', ...SENT]));
    expect(await run.ended, run.stderr()).toBe(0);
    await untilDepth(url, queues.from, 200);
  });

  it.each([
    ['the queue', () => ['queue: no-such-queue', ...SENT], /The queue no-such-queue does not exist/],
    [
      'the exchange',
      () => ['exchange: no-such-exchange', ...SENT],
      /The exchange no-such-exchange does not exist/,
    ],
    [
      'the queue of completions',
      (queue: string) => [
        `queue: ${queue}`,
        'declare: true',
        ...SENT,
        'completion: { queue: no-such-outlet, correlate: { header: x-sequence } }',
      ],
      /The queue no-such-outlet does not exist/,
    ],
  ])('says that %s is not there', async (_what, fields, words) => {
    await using queues = openQueues();
    await using run = startRun(scenario(fields(queues.from)));
    expect(await run.ended, run.stderr()).toBe(3);
    expect(onlyTrial(run.result().trials).failure).toMatch(words);
  });

  it('is no trial where nothing of the warm-up comes out', async () => {
    await using queues = openQueues();
    const fields = moved(queues, '{ header: x-other }');
    const text = scenario(fields).replace('calls: 0', 'calls: 20, probeMs: 0');
    await using run = startRun(text);
    expect(await run.ended, run.stderr()).toBe(3);
    const { failure } = onlyTrial(run.result().trials);
    expect(failure).toMatch(/The queue .* reported none of the \d+ warm-up messages; \d+ messages came/);
  });
});
