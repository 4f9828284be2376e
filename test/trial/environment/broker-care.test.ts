import { expect, test } from 'vitest';
import type { BrokerDefinition, StartedBroker } from '../../../src/kernel/broker.ts';
import type { Trial } from '../../../src/record/record.ts';
import { careForBrokers } from '../../../src/trial/environment/broker-care.ts';
import { silentProgress } from '../../../src/trial/progress.ts';
import type { Testbed } from '../../../src/trial/environment/testbed.ts';
import { whyNotTaken } from '../../../src/trial/environment/broker-care.ts';

/** A testbed with one broker that is up, and what was done to it. */
function testbedWith(more: Partial<StartedBroker> = {}) {
  const done: string[] = [];
  const broker = {
    name: 'rabbit',
    source: 'installed',
    lost: new Promise(() => undefined),
    warm: async () => void done.push('warmed'),
    [Symbol.asyncDispose]: async () => void done.push('ended'),
    ...more,
  } as unknown as StartedBroker;
  const signal = new AbortController().signal;
  const testbed = {
    brokers: new Map([['rabbit', broker]]),
    progress: silentProgress,
    signal,
  } as unknown as Testbed;
  return { testbed, done };
}

const definition = {
  name: 'rabbit',
  title: 'Rabbit',
  find: async () => ({ state: 'unavailable', searched: [], hint: '' }),
} as unknown as BrokerDefinition;
const CHOICE = { urls: {}, allowRemote: [], load: async () => definition };
const ended = (state: Trial['state']) => ({ state });

test('a broker that was killed is warmed again before its next trial, once', async () => {
  const { testbed, done } = testbedWith();
  const care = careForBrokers(testbed, [definition], CHOICE);
  await care.after(ended('done'), []);
  await care.before([definition]);
  expect(done).toEqual([]);
  await care.after(ended('done'), [definition]);
  await care.before([]);
  expect(done).toEqual([]);
  await care.before([definition]);
  await care.before([definition]);
  expect(done).toEqual(['warmed']);
});

test('one that did not come back from its killing is ended: the next trial has another, or none', async () => {
  const { testbed, done } = testbedWith();
  const care = careForBrokers(testbed, [definition], CHOICE);
  await care.after(ended('failed'), [definition]);
  expect(done).toEqual(['ended']);
  expect(testbed.brokers.size).toBe(0);
});

test('a skipped trial of the middle leaves its broker as it was', async () => {
  const { testbed, done } = testbedWith();
  const care = careForBrokers(testbed, [definition], CHOICE);
  await care.after(ended('skipped'), [definition]);
  await care.before([definition]);
  expect(done).toEqual([]);
  expect(testbed.brokers.size).toBe(1);
});

test.each([
  ['url', 'not ours: Rabbit was given by its URL, and is never killed or frozen'],
  ['persistent', 'not ours: Rabbit is started by `commbench up`, and is never killed or frozen'],
] as const)('a broker from %s is not taken away', (source, why) => {
  expect(whyNotTaken(testbedWith({ source }).testbed, definition)).toBe(why);
});

test('a broker of this run may be taken away', () => {
  const faultTarget = {} as NonNullable<StartedBroker['faultTarget']>;
  expect(whyNotTaken(testbedWith({ faultTarget }).testbed, definition)).toBeUndefined();
});
