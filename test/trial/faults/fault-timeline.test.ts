import { expect, it } from 'vitest';
import { nowNs } from '../../../src/kernel/clock.ts';
import type { FaultTarget } from '../../../src/kernel/fault-target.ts';
import type { Drive } from '../../../src/trial/drive-parts.ts';
import { actorOf, type FaultActor } from '../../../src/trial/faults/fault-actor.ts';
import { runFault } from '../../../src/trial/faults/fault-timeline.ts';

const HOUR_MS = 3_600_000;
const planned = { id: 'f', do: 'freeze', on: 'kafka', atMs: 0, forMs: HOUR_MS, options: {} };

it('lets go of whom it holds when the trial ends in the midst of a fault, and does not lift it', async () => {
  const over = new AbortController();
  const did: string[] = [];
  const actor: FaultActor = {
    name: 'kafka',
    injected: null,
    async apply() {
      did.push('apply');
      over.abort(new Error('the trial is over'));
    },
    lift: async () => void did.push('lift'),
    release: async () => void did.push('release'),
  };
  await expect(runFault(planned, actor, nowNs(), over.signal)).rejects.toThrow(/abort/);
  expect(did).toEqual(['apply', 'release']);
});

it('lets go of whom it could not get hold of whole', async () => {
  const did: string[] = [];
  const actor: FaultActor = {
    name: 'kafka',
    injected: null,
    apply: () => Promise.reject(new Error('it did not stop')),
    lift: async () => void did.push('lift'),
    release: async () => void did.push('release'),
  };
  const signal = new AbortController().signal;
  await expect(runFault(planned, actor, nowNs(), signal)).rejects.toThrow('it did not stop');
  expect(did).toEqual(['release']);
});

it('a fault waits for the restart of its target, and is not upon a process that is not there', async () => {
  const did: string[] = [];
  const restarted = Promise.withResolvers<void>();
  const target: FaultTarget = {
    name: 'b',
    pids: [],
    signal: async (name) => void did.push(name),
    ended: async () => undefined,
    async restart() {
      did.push('restart');
      await restarted.promise;
      did.push('ready');
    },
  };
  const drive = { targets: new Map([['b', target]]), spec: { topology: {} } } as unknown as Drive;
  const [kill, freeze] = ['kill', 'freeze'].map((what) => actorOf({ ...planned, do: what, on: 'b' }, drive)!);
  await kill!.apply();
  const lifted = kill!.lift();
  const frozen = freeze!.apply();
  // Whatever is to happen without the restart's end has happened after a turn of the loop.
  await new Promise((resolve) => setImmediate(resolve));
  expect(did).toEqual(['SIGKILL', 'restart']);
  restarted.resolve();
  await Promise.all([lifted, frozen]);
  expect(did).toEqual(['SIGKILL', 'restart', 'ready', 'SIGSTOP']);
});

it('does nothing to anybody when the trial ends before the fault', async () => {
  const did: string[] = [];
  const note = (what: string) => async () => void did.push(what);
  const actor = { name: 'kafka', injected: null, apply: note('a'), lift: note('l'), release: note('r') };
  const late = { ...planned, atMs: HOUR_MS };
  await expect(runFault(late, actor, nowNs(), AbortSignal.abort())).rejects.toThrow(/abort/);
  expect(did).toEqual([]);
});
