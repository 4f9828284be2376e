import { expect, it } from 'vitest';
import { nowNs } from '../../../src/kernel/clock.ts';
import type { FaultTarget } from '../../../src/kernel/fault-target.ts';
import type { Drive } from '../../../src/trial/drive-parts.ts';
import { actorOf, type FaultActor } from '../../../src/trial/faults/fault-actor.ts';
import { runFault } from '../../../src/trial/faults/fault-timeline.ts';

const HOUR_MS = 3_600_000;
const planned = { id: 'f', do: 'freeze', on: 'kafka', atMs: 0, forMs: HOUR_MS, options: {} };
const never = () => new Promise<never>(() => undefined);

function run(fault: typeof planned, actor: FaultActor, signal = new AbortController().signal) {
  return runFault(fault, actor, { startNs: nowNs(), signal, turns: new Map() });
}

function noting(did: string[], more: Partial<FaultActor>): FaultActor {
  return {
    name: 'kafka',
    subject: {},
    injected: null,
    apply: never,
    lift: never,
    release: async () => void did.push('release'),
    ...more,
  };
}

it('begin and end are both ordered before either is due, each for its instant', async () => {
  const orders: [string, number][] = [];
  const startNs = nowNs();
  const actor = noting([], {
    async apply({ atNs }) {
      orders.push(['apply', atNs - startNs]);
      return { injectedNs: atNs, observedNs: atNs + 1 };
    },
    async lift({ atNs }) {
      orders.push(['lift', atNs - startNs]);
      return { liftedNs: atNs + 2, readyNs: atNs + 3 };
    },
  });
  const late = { ...planned, atMs: HOUR_MS };
  const ran = runFault(late, actor, { startNs, signal: new AbortController().signal, turns: new Map() });
  await expect(ran).resolves.toMatchObject({ plannedAtNs: HOUR_MS * 1e6, injectedNs: HOUR_MS * 1e6 });
  expect(orders).toEqual([
    ['apply', HOUR_MS * 1e6],
    ['lift', 2 * HOUR_MS * 1e6],
  ]);
});

it('lets go of whom it holds when the trial ends in the midst of a fault, and does not wait for its end', async () => {
  const over = new AbortController();
  const did: string[] = [];
  const actor = noting(did, {
    async apply({ atNs }) {
      over.abort(new Error('the trial is over'));
      return { injectedNs: atNs, observedNs: atNs };
    },
  });
  await expect(run(planned, actor, over.signal)).rejects.toThrow('the trial is over');
  expect(did).toEqual(['release']);
});

it('lets go of whom it could not get hold of whole', async () => {
  const did: string[] = [];
  const actor = noting(did, { apply: () => Promise.reject(new Error('it did not stop')) });
  await expect(run(planned, actor)).rejects.toThrow('it did not stop');
  expect(did).toEqual(['release']);
});

it('does nothing to anybody when the trial ends before the fault', async () => {
  const did: string[] = [];
  await expect(run(planned, noting(did, {}), AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
  expect(did).toEqual([]);
});

/** Follows each signal at once, as observed. */
function target(did: string[], more: Partial<FaultTarget> = {}): FaultTarget {
  return {
    name: 'b',
    pids: [],
    async signal(name) {
      did.push(name);
      return { sentNs: nowNs(), seenNs: nowNs(), wasStopped: name === 'SIGCONT' };
    },
    ended: async () => nowNs(),
    restart: async () => void did.push('restart'),
    ...more,
  };
}

function actorOn(what: string, on: FaultTarget): FaultActor {
  const drive = { targets: new Map([['b', on]]), spec: { system: {} } } as unknown as Drive;
  return actorOf({ ...planned, do: what, on: 'b' }, drive)!;
}

it('a fault waits for the restart of its target, and is not upon a process that is not there', async () => {
  const did: string[] = [];
  const restarted = Promise.withResolvers<void>();
  const restart = async () => {
    did.push('restart');
    await restarted.promise;
    did.push('ready');
  };
  const on = target(did, { restart });
  const common = { startNs: nowNs(), signal: new AbortController().signal, turns: new Map() };
  const kill = runFault({ ...planned, forMs: 0 }, actorOn('kill', on), common);
  const freeze = runFault({ ...planned, forMs: 0 }, actorOn('freeze', on), common);
  while (!did.includes('restart')) await new Promise((resolve) => setImmediate(resolve));
  // Whatever is to happen without the restart's end has happened after a turn of the loop.
  await new Promise((resolve) => setImmediate(resolve));
  expect(did).toEqual(['SIGKILL', 'restart']);
  restarted.resolve();
  await Promise.all([kill, freeze]);
  expect(did).toEqual(['SIGKILL', 'restart', 'ready', 'SIGSTOP', 'SIGCONT']);
});

it('a freeze that nobody observed, or that somebody else lifted, is no fault', async () => {
  const unseen = target([], { signal: async () => undefined });
  await expect(run({ ...planned, forMs: 0 }, actorOn('freeze', unseen))).rejects.toThrow('did not follow');
  const awake = target([], {
    signal: async () => ({ sentNs: nowNs(), seenNs: nowNs(), wasStopped: false }),
  });
  await expect(run({ ...planned, forMs: 0 }, actorOn('freeze', awake))).rejects.toThrow('somebody else');
});

it('a kill is observed by the end of its process, as who waited for that saw it', async () => {
  const startNs = nowNs();
  const on = target([], { ended: async () => startNs + 123 });
  const fault = { ...planned, do: 'kill', forMs: 0 };
  const { observedNs } = await runFault(fault, actorOn('kill', on), {
    startNs,
    signal: new AbortController().signal,
    turns: new Map(),
  });
  expect(observedNs).toBe(123);
});
