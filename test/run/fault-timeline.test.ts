import { expect, it } from 'vitest';
import { nowNs } from '../../src/kernel/clock.ts';
import type { FaultActor } from '../../src/run/fault-actor.ts';
import { runFault } from '../../src/run/fault-timeline.ts';

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

it('does nothing to anybody when the trial ends before the fault', async () => {
  const did: string[] = [];
  const note = (what: string) => async () => void did.push(what);
  const actor = { name: 'kafka', injected: null, apply: note('a'), lift: note('l'), release: note('r') };
  const late = { ...planned, atMs: HOUR_MS };
  await expect(runFault(late, actor, nowNs(), AbortSignal.abort())).rejects.toThrow(/abort/);
  expect(did).toEqual([]);
});
