import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../src/measure/figures/figures.ts';
import { topicLocationOf } from '../../../src/transports/kafka/address.ts';
import { kafkaOptionsSchema } from '../../../src/transports/kafka/options.ts';
import { withAdmin } from '../../../src/transports/kafka/provision-admin.ts';
import { askForBroker } from '../../support/broker-url.ts';
import { namesIn, recordsIn } from '../../support/kafka-place.ts';
import { startRun } from '../run.ts';

const broker = await askForBroker('kafka');
const url = broker.state === 'here' ? broker.url : '';
if (broker.state === 'missing') process.stderr.write(`SKIPPED targets on Kafka: ${broker.why}\n`);

const MOVER = fileURLToPath(new URL('../fixtures/topic-mover.ts', import.meta.url));
const DROPPED = [3, 57, 120];
const TWICE = [0, 119];
const OPTIONS = kafkaOptionsSchema.parse({});
let names = 0;

/** Two topics of one test, with what an earlier run left in the second; deleted at its end. */
async function makeTopics() {
  const prefix = `own-topic-test.${process.pid}.${++names}`;
  const [from, to] = [`${prefix}.in`, `${prefix}.out`];
  await withAdmin(topicLocationOf({ url }), OPTIONS, (admin) =>
    admin.createTopics({ topics: [{ topic: from }, { topic: to }], waitForLeaders: true }),
  );
  return {
    from,
    to,
    [Symbol.asyncDispose]: () =>
      withAdmin(topicLocationOf({ url }), OPTIONS, (admin) => admin.deleteTopics({ topics: [from, to] })),
  };
}

/** @param fields of the target, as YAML */
function scenario(fields: readonly string[], warmUpCalls = 0): string {
  return [
    'name: own-topic\ntitle: A topic of our own\nrounds: 1\nnoop: false\ndurationMs: 1000\ndeadlineMs: 10000\ndrainMs: 5000',
    `warmUp: { calls: ${warmUpCalls}, probeMs: 0 }`,
    'patterns:\n  - { id: events, title: Events, transport: kafka, interaction: publish-subscribe, subscribers: 2 }',
    'targets:\n  events:',
    ...fields.map((field) => `    ${field}`),
    '    headers: { x-sequence: "{{id}}" }',
    '    body: { number: "{{sequence}}" }',
  ].join('\n');
}

/** However they were accepted. */
function sumOf({ accepted, refused, unknown }: Ledger) {
  const sum = (cell: keyof Ledger['accepted']) => accepted[cell] + refused[cell] + unknown[cell];
  return { done0: sum('done0'), done1: sum('done1'), doneMore: sum('doneMore') };
}

/** Joining two groups takes its time on a busy machine. */
const HANG_GUARD = { timeout: 240_000 };

describe.skipIf(broker.state === 'missing')('a topic of the user’s own', HANG_GUARD, () => {
  it.each([
    ['kafkajs', 60],
    ['platformatic', 0],
  ])('loses exactly what its service drops, read by %s, after %d calls to warm up', async (client, calls) => {
    await using topics = await makeTopics();
    const args = [
      process.execPath,
      MOVER,
      new URL(url).host,
      topics.from,
      topics.to,
      DROPPED.join(),
      TWICE.join(),
    ];
    const text = scenario(
      [
        `topic: ${topics.from}`,
        `command: ${JSON.stringify(args)}`,
        'ready: { line: moving }',
        `completion: { topic: ${topics.to}, correlate: { header: x-sequence } }`,
      ],
      calls,
    );
    // The broker of the target, where it names none.
    await using run = startRun(
      text.replace('publish-subscribe,', `publish-subscribe, options: { client: ${client} },`),
      ['--broker', `kafka=${url}`],
    );
    expect(await run.ended, run.stderr()).toBe(0);
    const result = run.result();
    const [trial] = result.trials;
    expect(trial).toMatchObject({ state: 'done', evidence: 'completion-queue', planned: 200 });
    // However many the pattern says: what comes out is seen once.
    expect(trial!.ledgers).toHaveLength(1);
    const [ledger] = trial!.ledgers;
    // On a busy machine the client may give up waiting for a record that the broker has.
    const { done0, done1, doneMore } = sumOf(ledger!);
    expect([done0, done1, doneMore, ledger!.phantom]).toEqual([3, 195, 2, 0]);
    expect(DROPPED).toEqual(expect.arrayContaining(ledger!.examples['lost']!));
    expect(ledger!.examples['duplicates']).toEqual(TWICE);
    expect(result.patterns[0]!.completion).toBe(`topic ${topics.to}`);
    expect(run.find(/./)).toEqual([]);
    // The group in which it was read is gone, the user's topics are not.
    expect((await namesIn(url, 'commbench.')).groups.filter((name) => name.endsWith('.completion'))).toEqual(
      [],
    );
    expect(await recordsIn(url, topics.from)).toBeGreaterThanOrEqual(200 + calls);
  });

  it('is cut off by a fault on the way to it, for its sender alone', async () => {
    await using topics = await makeTopics();
    const args = [process.execPath, MOVER, new URL(url).host, topics.from, topics.to, '', ''];
    const text = scenario([
      `url: ${url}`,
      `topic: ${topics.from}`,
      `command: ${JSON.stringify(args)}`,
      'ready: { line: moving }',
      `completion: { topic: ${topics.to}, correlate: { header: x-sequence } }`,
    ]);
    const faults = 'watchRecovery: false\nfaults:\n  - { do: reset, on: target, atMs: 400, forMs: 300 }\n';
    await using run = startRun(`${text}\n${faults}`);
    expect(await run.ended, run.stderr()).toBe(0);
    const { trials } = run.result();
    expect(trials.map(({ kind, state }) => [kind, state]).toSorted()).toEqual([
      ['control', 'done'],
      ['fault', 'done'],
    ]);
    for (const { kind, ledgers, faults: ran } of trials) {
      expect(ledgers[0]).toMatchObject({ lost: 0, phantom: 0 });
      expect(ran.map(({ on, observed }) => [on, observed !== null])).toEqual(
        kind === 'fault' ? [['target', true]] : [],
      );
    }
  });

  it('with acks 0 is sent to, and accepted by nobody that is known', async () => {
    await using topics = await makeTopics();
    await using run = startRun(scenario([`topic: ${topics.from}`, `url: ${url}`, 'acks: 0']));
    expect(await run.ended, run.stderr()).toBe(0);
    expect(run.result().trials[0]).toMatchObject({
      evidence: 'none',
      phases: [{ outcomes: { ok: 200 }, response: { count: 0 } }],
    });
  });

  it.each([
    ['the topic', 'topic: no-such-topic', /The topic no-such-topic does not exist at /],
    [
      'the topic of completions',
      'topic: __consumer_offsets\n    completion: { topic: no-such-outlet, correlate: { header: x-sequence } }',
      /The topic no-such-outlet does not exist at /,
    ],
  ])('says that %s is not there', async (_what, fields, words) => {
    await using run = startRun(scenario([`url: ${url}`, fields]));
    expect(await run.ended, run.stderr()).toBe(3);
    expect(run.result().trials[0]!.failure).toMatch(words);
  });
});
