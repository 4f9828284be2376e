import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { BrokerDefinition, StartedBroker } from '../../../src/kernel/broker.ts';
import { neededBy, startBrokers } from '../../../src/trial/environment/broker-set.ts';
import { silentProgress } from '../../../src/trial/progress.ts';
import type { Testbed } from '../../../src/trial/environment/testbed.ts';
import type { ResolvedPattern } from '../../../src/plan/spec.ts';

/** Nothing is given: every broker is one of these. */
const choiceOf = (patterns: readonly ResolvedPattern[]) => ({
  urls: {},
  allowRemote: [],
  skip: false,
  load: async (name: string) => {
    return patterns.find((pattern) => pattern.definition.broker?.name === name)!.definition
      .broker as BrokerDefinition;
  },
});

/** Comes up, and is gone before it is warm. */
function shortLived(ended: string[]): BrokerDefinition {
  const started = {
    name: 'short',
    version: '1',
    source: 'path',
    pids: [],
    warm: () => Promise.reject(new Error('the broker closed the connection')),
    [Symbol.asyncDispose]: async () => void ended.push('short'),
  } as unknown as StartedBroker;
  return {
    name: 'short',
    title: 'Short',
    find: async () => ({ state: 'available' }),
    start: async () => started,
  } as unknown as BrokerDefinition;
}

function testbedOf(signal: AbortSignal): Testbed {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    signal,
    progress: silentProgress,
    brokers: new Map(),
    idleCpu: new Map(),
  } as unknown as Testbed;
}

test('a broker that is lost while it is warmed keeps its patterns from being run, and is no defect', async () => {
  const ended: string[] = [];
  const testbed = testbedOf(new AbortController().signal);
  const patterns = [{ definition: { broker: shortLived(ended) } }] as unknown as ResolvedPattern[];
  const { missing, warmed } = await startBrokers(testbed, neededBy(patterns), choiceOf(patterns));
  expect(missing.get('short')).toEqual({
    reason: 'Short was lost during its warm-up: the broker closed the connection',
    hint: 'run the command again',
  });
  expect([warmed.size, testbed.brokers.size, ended]).toEqual([0, 0, ['short']]);
});

test('one that was started earlier and is lost is replaced by one of the run', async () => {
  const ended: string[] = [];
  const testbed = testbedOf(new AbortController().signal);
  const early = shortLived(ended);
  const late = fetched('short', [], Promise.resolve(), false);
  const sources = ['persistent', 'package-cache'];
  const broker: BrokerDefinition = {
    ...early,
    find: async () => ({ state: 'available', source: sources.shift() }) as never,
    start: (plan, context) =>
      ('source' in plan && plan.source === 'persistent' ? early : late).start(plan, context),
  };
  const patterns = [{ definition: { broker } }] as unknown as ResolvedPattern[];
  const { missing, warmed } = await startBrokers(testbed, neededBy(patterns), choiceOf(patterns));
  expect([missing.size, warmed.get('short'), ended]).toEqual([0, 'warmed', ['short']]);
});

test('an interruption while it is warmed is not taken for its loss', async () => {
  const interruption = new AbortController();
  interruption.abort(new Error('interrupted'));
  const testbed = testbedOf(interruption.signal);
  const patterns = [{ definition: { broker: shortLived([]) } }] as unknown as ResolvedPattern[];
  await expect(startBrokers(testbed, neededBy(patterns), choiceOf(patterns))).rejects.toThrow('interrupted');
  expect(testbed.brokers.size).toBe(1);
});

/** Comes up when `start` lets it, and notes what happens to it. */
function fetched(name: string, seen: string[], start: Promise<void>, fetch = true): BrokerDefinition {
  const started = {
    name,
    version: '1',
    source: 'package-cache',
    pids: [],
    warm: async () => {
      seen.push(`${name} warmed`);
      return 'warmed';
    },
    [Symbol.asyncDispose]: async () => undefined,
  } as unknown as StartedBroker;
  const plan = { state: 'available', ...(fetch ? { fetch: { bytes: 1, seconds: 1 } } : {}) };
  return {
    name,
    title: name,
    find: async () => plan,
    start: async () => {
      await start;
      return started;
    },
  } as unknown as BrokerDefinition;
}

test('what goes on beside the fetching begins with it, and is over before anything is measured', async () => {
  const seen: string[] = [];
  const testbed = testbedOf(new AbortController().signal);
  const line = (text: string) => void seen.push(text);
  Object.assign(testbed, { progress: { ...silentProgress, line } });
  const go = Promise.withResolvers<void>();
  const patterns = [fetched('one', seen, go.promise), fetched('two', seen, Promise.resolve(), false)].map(
    (broker) => ({ definition: { broker } }),
  ) as unknown as ResolvedPattern[];
  const meanwhile = () => {
    seen.push('begun');
    go.resolve();
    return { [Symbol.asyncDispose]: async () => void seen.push('ended') };
  };
  await startBrokers(testbed, neededBy(patterns), choiceOf(patterns), meanwhile);
  expect(seen[0]).toBe('begun');
  expect(seen.slice(1, -1).toSorted()).toEqual(
    ['one 1 is up (package-cache)', 'one warmed', 'two 1 is up (package-cache)', 'two warmed'].toSorted(),
  );
  expect(seen.at(-1)).toBe('ended');
});

test('nothing goes on beside brokers that need no fetching', async () => {
  const patterns = [
    { definition: { broker: fetched('one', [], Promise.resolve(), false) } },
  ] as unknown as ResolvedPattern[];
  const meanwhile = () => expect.unreachable();
  await startBrokers(
    testbedOf(new AbortController().signal),
    neededBy(patterns),
    choiceOf(patterns),
    meanwhile,
  );
});
