import { expect, test } from 'vitest';
import { warmUntilSteady } from '../../../src/components/broker/warm-until-steady.ts';
import { STEADY_WINDOWS } from '../../../src/measure/validity/steady-state.ts';

const MOST = { windows: 24, untilNs: Infinity };

/** A broker whose code is compiled bit by bit: a message takes `levelUs` of CPU once warm. */
function compiling(levelUs: number, windows: number) {
  let pushed = 0;
  return async () => levelUs * 1000 * (1 + 4 * Math.exp(-pushed++ / windows));
}

test('a cold broker is warmed until a message costs no less than before', async () => {
  const { costsNs, isSteady } = await warmUntilSteady(compiling(400, 3), MOST);
  expect(isSteady).toBe(true);
  expect(costsNs.length).toBeGreaterThan(2 * STEADY_WINDOWS);
  expect(costsNs.at(-1)!).toBeLessThan(1.1 * 400_000);
});

test('one that is warm already, as a persistent one stays, takes the fewest windows', async () => {
  const { costsNs, isSteady } = await warmUntilSteady(async () => 400_000, MOST);
  expect({ windows: costsNs.length, isSteady }).toEqual({ windows: STEADY_WINDOWS, isSteady: true });
});

test('one that stays cold is used in the end, and that is said', async () => {
  const { costsNs, isSteady } = await warmUntilSteady(compiling(400, 20), MOST);
  expect({ windows: costsNs.length, isSteady }).toEqual({ windows: 24, isSteady: false });
});

test('a window that cannot be pushed ends it', async () => {
  await expect(warmUntilSteady(() => Promise.reject(new Error('gone')), MOST)).rejects.toThrow('gone');
});

test('on a machine that is too busy it ends by the clock, with one window at least', async () => {
  let now = 0;
  const clock = { nowNs: () => now };
  const slow = async () => {
    now += 7e9;
    return 400_000;
  };
  const { costsNs } = await warmUntilSteady(slow, { windows: 24, untilNs: 20e9 }, clock);
  expect(costsNs).toHaveLength(3);
  expect((await warmUntilSteady(slow, { windows: 24, untilNs: 0 }, clock)).costsNs).toHaveLength(1);
});
