import { expect, test } from 'vitest';
import { askForBroker } from '../../support/broker-url.ts';
import { openTrials } from '../trials.ts';

const rabbitmq = await askForBroker('rabbitmq');
const kafka = await askForBroker('kafka');
for (const one of [rabbitmq, kafka])
  if (one.state === 'missing') process.stderr.write(`SKIPPED consumers that end: ${one.why}\n`);
const urls = {
  rabbitmq: rabbitmq.state === 'here' ? rabbitmq.url : '',
  kafka: kafka.state === 'here' ? kafka.url : '',
};

const SMALL = `
title: A consumer that ends
rounds: 1
noop: false
warmUp: { calls: 0 }
contract: users
`;

/**
 * The service ends itself by the n-th message that it begins, when that one's effect is written and nobody is told. From
 * then on it does nothing, and what was done before is acknowledged in its last 100 ms. So, whatever the prefetch p: one
 * message is done and given out again; up to p - 1 others that it held are given out again too, but were not done. Done
 * twice = times it ended. With prefetch 1 nobody could tell that from "all that it held".
 */
test.skipIf(rabbitmq.state === 'missing')(
  'RabbitMQ, prefetch 8: of what a consumer holds when it ends itself, the one that was done is done again; nothing is lost',
  async () => {
    await using trials = await openTrials(
      `${SMALL}
name: ends
patterns: [{ id: rest, title: REST, transport: rest, interaction: request-reply }]
services: [{ id: front, concurrency: 50, queue: 500 }, { id: worker, concurrency: 8, processingMs: 20 }]
edges: [{ from: front, to: worker, transport: rabbitmq, interaction: work-queue }]
load: { shape: constant, ratePerS: 500 }
durationMs: 1500
deadlineMs: 10000
watchRecovery: false
faults:
  - { id: once, do: end-before-ack, on: worker, after: 100, atMs: 0, forMs: 750 }
  - { id: again, do: end-before-ack, on: worker, after: 40, atMs: 750, forMs: 750 }
`,
      urls,
    );
    const { trial, raw } = await trials.run();
    for (const one of trial.faults) expect(one).toMatchObject({ planned: 1, injected: 1, observed: 1 });
    const [front, worker] = trial.ledgers;
    expect(front).toMatchObject({ lost: 0, duplicates: 0, accepted: { done1: 750 } });
    expect(worker).toMatchObject({ lost: 0, duplicates: 2, accepted: { done0: 0, done1: 748, doneMore: 2 } });
    const struck = raw.logs.hopLog.events.flatMap((one) => (one.type === 'injected' ? [one.sequence] : []));
    expect(worker!.examples['duplicates']).toEqual(struck.toSorted((a, b) => a - b));
    // It held more than the one: 400/s can be done of 500/s.
    const ofWorker = raw.logs.effects.filter(({ subscriber }) => subscriber === 1);
    expect(Math.max(...ofWorker.map(({ concurrent }) => concurrent))).toBe(8);
  },
  120_000,
);

/**
 * kafkajs commits each message before it begins the next one of its partition, and with one slot there is one partition:
 * when the service ends itself, only the offset of the message that it ends by is not committed. Done twice = 1.
 */
test.skipIf(kafka.state === 'missing')(
  'Kafka, one partition: the record that a consumer ends itself by is done again, and nothing is lost',
  async () => {
    await using trials = await openTrials(
      `${SMALL}
name: ends
patterns: [{ id: rest, title: REST, transport: rest, interaction: request-reply }]
services: [{ id: front }, { id: worker, concurrency: 1 }]
edges: [{ from: front, to: worker, transport: kafka, interaction: event-stream }]
load: { shape: constant, ratePerS: 50 }
durationMs: 2000
deadlineMs: 10000
watchRecovery: false
faults: [{ id: once, do: end-before-ack, on: worker, after: 20, atMs: 500, forMs: 1500 }]
`,
      urls,
    );
    const { trial, raw } = await trials.run();
    expect(trial.faults[0]).toMatchObject({ planned: 1, injected: 1, observed: 1 });
    const [, worker] = trial.ledgers;
    expect(worker).toMatchObject({ lost: 0, duplicates: 1, accepted: { done0: 0, done1: 99, doneMore: 1 } });
    const struck = raw.logs.hopLog.events.flatMap((one) => (one.type === 'injected' ? [one.sequence] : []));
    expect(worker!.examples['duplicates']).toEqual(struck);
  },
  120_000,
);
