import { expect, it } from 'vitest';
import type { Call } from '../../src/kernel/transport.ts';
import { warmUp } from '../../src/generator/warm-up.ts';
import { echoMessages, REPLY_OF, scriptedCall } from './load-bench.ts';

it('makes at least so many calls, never more at once than allowed', async () => {
  let open = 0;
  let most = 0;
  const call: Call = async (message) => {
    most = Math.max(most, ++open);
    await new Promise((resolve) => void setImmediate(resolve));
    open--;
    return REPLY_OF(message);
  };
  const found = await warmUp(
    { calls: 500, concurrency: 7, forMs: 0, mostMs: null },
    1000,
    echoMessages(),
    call,
  );
  expect(found.calls).toBeGreaterThanOrEqual(500);
  expect(found.calls).toBeLessThan(500 + 7);
  expect(found.failed).toBe(0);
  expect(most).toBe(7);
  expect(found.perS).toBeCloseTo((found.calls * 1e9) / (found.toNs - found.fromNs), 0);
});

it('goes on until the time is over too, with numbers that are never used twice', async () => {
  const { call, sent } = scriptedCall(REPLY_OF);
  const slow: Call = async (message) => {
    await new Promise((resolve) => void setImmediate(resolve));
    return call(message);
  };
  const found = await warmUp(
    { calls: 1, concurrency: 2, forMs: 30, mostMs: null },
    1000,
    echoMessages(),
    slow,
  );
  expect(found.toNs - found.fromNs).toBeGreaterThanOrEqual(30e6);
  expect(sent.map((m) => m.envelope.sequence)).toEqual(sent.map((_, i) => i));
  expect(new Set(sent.map((m) => m.envelope.stage))).toEqual(new Set(['warm-up']));
});

it('ends after its longest time where a slow service would take the calls for ever, not before the probe is over', async () => {
  const { call } = scriptedCall(REPLY_OF);
  const slow: Call = async (message) => {
    await new Promise((resolve) => void setTimeout(resolve, 5));
    return call(message);
  };
  const bounds = { calls: 1_000_000, concurrency: 2, mostMs: 20 };
  const found = await warmUp({ ...bounds, forMs: 0 }, 1000, echoMessages(), slow);
  expect(found.toNs - found.fromNs).toBeGreaterThanOrEqual(20e6);
  expect(found.calls).toBeLessThan(1_000_000);
  const probed = await warmUp({ ...bounds, forMs: 60 }, 1000, echoMessages(), slow);
  expect(probed.toNs - probed.fromNs).toBeGreaterThanOrEqual(60e6);
});

it('counts what failed, broken contracts too, and leaves it out of the rate', async () => {
  const { call } = scriptedCall((m) => {
    if (m.envelope.sequence % 4 === 0) return { kind: 'reply', body: null };
    return m.envelope.sequence % 4 === 1
      ? { kind: 'failure', outcome: 'refused', noEffect: true, status: 0, detail: '' }
      : REPLY_OF(m);
  });
  const found = await warmUp(
    { calls: 40, concurrency: 4, forMs: 0, mostMs: null },
    1000,
    echoMessages(),
    call,
  );
  expect(found.failed).toBeGreaterThanOrEqual(20);
  expect(Math.round((found.perS * (found.toNs - found.fromNs)) / 1e9)).toBe(found.calls - found.failed);
});

it('ends a call that never answers at its deadline', async () => {
  const { call } = scriptedCall((m) => (m.envelope.sequence === 2 ? 'hang' : REPLY_OF(m)));
  const found = await warmUp({ calls: 10, concurrency: 1, forMs: 0, mostMs: null }, 20, echoMessages(), call);
  expect(found).toMatchObject({ calls: 10, failed: 1 });
});

it('knows the median time of what was answered in its last second, of nothing else', async () => {
  const hasFailed = scriptedCall(() => ({
    kind: 'failure',
    outcome: 'refused',
    noEffect: true,
    status: 0,
    detail: '',
  }));
  const settings = { calls: 3, concurrency: 1, forMs: 0, mostMs: null };
  expect((await warmUp(settings, 1000, echoMessages(), hasFailed.call)).p50Ns).toBeNull();
  const { call } = scriptedCall(REPLY_OF);
  const { p50Ns, fromNs, toNs } = await warmUp(settings, 1000, echoMessages(), call);
  // One after the other: three times the median is no more than three halves of the whole.
  expect(p50Ns).toBeGreaterThan(0);
  expect(2 * p50Ns!).toBeLessThanOrEqual(toNs - fromNs);
});

it('goes on with the numbers after those that were used before', async () => {
  const { call, sent } = scriptedCall(REPLY_OF);
  const settings = { calls: 4, concurrency: 1, forMs: 0, mostMs: null };
  const found = await warmUp(settings, 1000, echoMessages(), call, { index: 1, count: 2 }, 10);
  expect(found.calls).toBe(4);
  expect(sent.map((m) => m.envelope.sequence)).toEqual([21, 23, 25, 27]);
});
