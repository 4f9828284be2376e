import { expect, it } from 'vitest';
import type { Call } from '../../src/kernel/transport.ts';
import type { Pace } from '../../src/generator/pacing/pace.ts';
import { STEADY_WINDOWS } from '../../src/measure/validity/steady-state.ts';
import { steadyState } from '../../src/generator/steady-state.ts';
import { echoMessages, REPLY_OF, scriptedCall } from './load-bench.ts';

const atOnce: Pace = async (load) => {
  for (let i = 0; i < load.instantsNs.length; i++) load.fire(i);
};
const load = (send: Call) => ({
  send,
  messages: echoMessages(),
  pace: atOnce,
  deadlineMs: 1000,
  drainMs: 1000,
});

it('stops when the windows fall no more; numbers go on from one to the next', async () => {
  const { call, sent } = scriptedCall(REPLY_OF);
  const found = await steadyState({ window: 20, maxWindows: 50 }, 1000, load(call));
  expect(found.isSteady).toBe(true);
  expect(found.windowP50Ns.length).toBeGreaterThanOrEqual(STEADY_WINDOWS);
  expect(found.calls).toBe(20 * found.windowP50Ns.length);
  expect(sent.map((m) => m.envelope.sequence)).toEqual(sent.map((_, i) => i));
  expect(new Set(sent.map((m) => m.envelope.stage))).toEqual(new Set(['steady-state']));
});

it('gives up after the last window while nothing is answered', async () => {
  const { call } = scriptedCall(() => ({
    kind: 'failure',
    outcome: 'refused',
    noEffect: true,
    status: 0,
    detail: '',
  }));
  const found = await steadyState({ window: 5, maxWindows: 3 }, 1000, load(call));
  expect(found).toMatchObject({ calls: 15, isSteady: false });
  expect(found.windowP50Ns).toEqual([NaN, NaN, NaN]);
});
