import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { BrokerDefinition, StartedBroker } from '../../src/kernel/broker.ts';
import { startBrokers } from '../../src/run/broker-set.ts';
import { silentProgress } from '../../src/run/progress.ts';
import type { Rig } from '../../src/run/rig.ts';
import type { Row } from '../../src/run/spec.ts';

const CHOICE = { urls: {}, allowRemote: [], skip: false };

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

function rigOf(signal: AbortSignal): Rig {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    signal,
    progress: silentProgress,
    brokers: new Map(),
    idleCpu: new Map(),
  } as unknown as Rig;
}

test('a broker that is lost while it is warmed keeps its rows from being run, and is no defect', async () => {
  const ended: string[] = [];
  const rig = rigOf(new AbortController().signal);
  const rows = [{ definition: { broker: shortLived(ended) } }] as unknown as Row[];
  const { missing, warmed } = await startBrokers(rig, rows, CHOICE);
  expect(missing.get('short')).toEqual({
    reason: 'Short did not last through its warming: the broker closed the connection',
    cure: 'run the command again',
  });
  expect([warmed.size, rig.brokers.size, ended]).toEqual([0, 0, ['short']]);
});

test('an interruption while it is warmed is not taken for its loss', async () => {
  const interruption = new AbortController();
  interruption.abort(new Error('interrupted'));
  const rig = rigOf(interruption.signal);
  const rows = [{ definition: { broker: shortLived([]) } }] as unknown as Row[];
  await expect(startBrokers(rig, rows, CHOICE)).rejects.toThrow('interrupted');
  expect(rig.brokers.size).toBe(1);
});
