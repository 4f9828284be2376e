import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { placeOf } from '../../src/transports/kafka/address.ts';
import { kafkaOptionsSchema } from '../../src/transports/kafka/options.ts';
import { withAdmin } from '../../src/transports/kafka/provision-admin.ts';
import { askForBroker } from '../support/broker-url.ts';
import { namesIn, recordsIn } from '../support/kafka-place.ts';
import { startRun } from './run.ts';

const broker = await askForBroker('kafka');
const url = broker.state === 'here' ? broker.url : '';
if (broker.state === 'missing') process.stderr.write(`SKIPPED targets on Kafka: ${broker.why}\n`);

const MOVER = fileURLToPath(new URL('fixtures/topic-mover.ts', import.meta.url));
const DROPPED = [3, 57, 120];
const TWICE = [0, 119];
const OPTIONS = kafkaOptionsSchema.parse({});
let names = 0;

/** Two topics of one test, with what an earlier run left in the second; deleted at its end. */
async function makeTopics() {
  const prefix = `own-topic-test.${process.pid}.${++names}`;
  const [from, to] = [`${prefix}.in`, `${prefix}.out`];
  await withAdmin(placeOf({ url }), OPTIONS, (admin) =>
    admin.createTopics({ topics: [{ topic: from }, { topic: to }], waitForLeaders: true }),
  );
  return {
    from,
    to,
    [Symbol.asyncDispose]: () =>
      withAdmin(placeOf({ url }), OPTIONS, (admin) => admin.deleteTopics({ topics: [from, to] })),
  };
}

/** @param fields of the target, as YAML */
function scenario(fields: readonly string[], warmUpCalls = 0): string {
  return [
    'name: own-topic\ntitle: A topic of our own\nrounds: 1\nfloor: false\ndurationMs: 1000\ndeadlineMs: 10000\ndrainMs: 3000',
    `warmUp: { calls: ${warmUpCalls}, probeMs: 0 }`,
    'patterns:\n  - { id: events, title: Events, transport: kafka, interaction: publish-subscribe, subscribers: 2 }',
    'targets:\n  events:',
    ...fields.map((field) => `    ${field}`),
    '    headers: { x-sequence: "{{id}}" }',
    '    body: { number: "{{sequence}}" }',
  ].join('\n');
}

describe.skipIf(broker.state === 'missing')('a topic of the user’s own', () => {
  it.each(['kafkajs', 'platformatic'])('loses exactly what its service drops, read by %s', async (client) => {
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
      60,
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
    expect(ledger).toMatchObject({ accepted: { done0: 3, done1: 195, doneMore: 2 }, lost: 3, duplicates: 2 });
    expect(ledger!.examples['lost']).toEqual(DROPPED);
    expect(ledger!.examples['duplicates']).toEqual(TWICE);
    expect(result.patterns[0]!.completion).toBe(`topic ${topics.to}`);
    expect(run.find(/./)).toEqual([]);
    // The group in which it was read is gone, the user's topics are not.
    expect((await namesIn(url, 'commbench.')).groups.filter((name) => name.endsWith('.completion'))).toEqual(
      [],
    );
    expect(await recordsIn(url, topics.from)).toBeGreaterThanOrEqual(260);
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
    ['the topic', 'topic: no-such-topic', /Expected a topic no-such-topic at .*, found none/],
    [
      'the topic of completions',
      'topic: __consumer_offsets\n    completion: { topic: no-such-outlet, correlate: { header: x-sequence } }',
      /Expected a topic no-such-outlet at .*, found none/,
    ],
  ])('says that %s is not there', async (_what, fields, words) => {
    await using run = startRun(scenario([`url: ${url}`, fields]));
    expect(await run.ended, run.stderr()).toBe(3);
    expect(run.result().trials[0]!.failure).toMatch(words);
  });
});
