import { expect, test } from 'vitest';
import { askForBroker } from '../../support/broker-url.ts';
import { openTrials } from '../trials.ts';

const rabbitmq = await askForBroker('rabbitmq');
if (rabbitmq.state === 'missing') process.stderr.write(`SKIPPED a killed consumer: ${rabbitmq.why}\n`);

/** 8 at once, 20 ms each, are 400/s of 500/s that come: when it is killed, it handles 8 and some 100 more are waiting. */
test.skipIf(rabbitmq.state === 'missing')(
  'RabbitMQ, killed at full concurrency: acknowledged as it is given out, all of that is lost; after the effect, none',
  async () => {
    await using trials = await openTrials(
      `
name: killed
title: A consumer that is killed
rounds: 1
noop: false
warmUp: { calls: 0 }
contract: users
drainMs: 4000
patterns:
  - { id: after, title: By hand, transport: rabbitmq, interaction: work-queue }
  - { id: given, title: Automatic, transport: rabbitmq, interaction: work-queue, options: { acknowledge: on-delivery } }
service: { concurrency: 8, processingMs: 20 }
load: { shape: constant, ratePerS: 500 }
durationMs: 1500
deadlineMs: 10000
watchRecovery: false
faults: [{ do: kill, on: service, atMs: 1000, forMs: 500 }]
`,
      { rabbitmq: rabbitmq.state === 'here' ? rabbitmq.url : '' },
    );
    const byHand = await trials.run({ pattern: 'after' });
    const automatic = await trials.run({ pattern: 'given' });
    for (const { trial } of [byHand, automatic]) {
      expect(trial.maxConcurrent).toBe(8);
      const { accepted, unknown, refused } = trial.ledgers[0]!;
      const sum = [accepted, unknown, refused].reduce(
        (n, row) => n + row.done0 + row.done1 + row.doneMore,
        0,
      );
      expect(sum).toBe(750);
      expect(accepted.done0 + accepted.done1 + accepted.doneMore).toBe(750);
    }
    expect(byHand.trial.ledgers[0]!.lost).toBe(0);
    // What was in service, at the least; and what was not in service nobody has any more either.
    expect(automatic.trial.ledgers[0]!.lost).toBeGreaterThanOrEqual(8);
    expect(automatic.trial.ledgers[0]!.duplicates).toBe(0);
  },
  120_000,
);

/** Concurrency 1, occupied for longer than anybody waits: the one message is in hand, and the queue says that it is empty. */
test.skipIf(rabbitmq.state === 'missing')(
  'RabbitMQ, with a message still in hand at the end: it is late, not lost',
  async () => {
    const text = `
name: in-hand
title: Work that takes too long
rounds: 1
noop: false
warmUp: { calls: 0 }
contract: users
drainMs: 1000
patterns:
  - { id: queue, title: Queue, transport: rabbitmq, interaction: work-queue }
service: { concurrency: 1, processingMs: 60000 }
load: { shape: constant, ratePerS: 10 }
durationMs: 100
deadlineMs: 500
`;
    const url = rabbitmq.state === 'here' ? rabbitmq.url : '';
    await using trials = await openTrials(text, { rabbitmq: url });
    const { trial } = await trials.run({ kind: 'latency' });
    expect(trial.ledgers[0]).toMatchObject({ lost: 0, late: 1, accepted: { done0: 1 } });
    expect(trial.validity).toMatchObject({
      verdict: 'incomplete',
      causes: expect.arrayContaining([
        { cause: 'incomplete', detail: expect.stringContaining('the broker still had 1 message') },
      ]),
    });
  },
  120_000,
);
