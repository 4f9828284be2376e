import { expect, test } from 'vitest';
import { warmUntilSteady } from '../../../src/components/broker/warm-until-steady.ts';
import { STEADY_WINDOWS } from '../../../src/measure/validity/steady-state.ts';

/** A broker whose code is compiled bit by bit: a message takes `levelUs` of CPU once warm. */
function compiling(levelUs: number, windows: number) {
  let pushed = 0;
  return async () => levelUs * 1000 * (1 + 4 * Math.exp(-pushed++ / windows));
}

test('a cold broker is warmed until a message costs no less than before', async () => {
  const { costsNs, isSteady } = await warmUntilSteady(compiling(400, 3), 24);
  expect(isSteady).toBe(true);
  expect(costsNs.length).toBeGreaterThan(2 * STEADY_WINDOWS);
  expect(costsNs.at(-1)!).toBeLessThan(1.1 * 400_000);
});

test('one that is warm already, as a persistent one stays, takes the fewest windows', async () => {
  const { costsNs, isSteady } = await warmUntilSteady(async () => 400_000, 24);
  expect({ windows: costsNs.length, isSteady }).toEqual({ windows: STEADY_WINDOWS, isSteady: true });
});

test('one that stays cold is used in the end, and that is said', async () => {
  const { costsNs, isSteady } = await warmUntilSteady(compiling(400, 20), 24);
  expect({ windows: costsNs.length, isSteady }).toEqual({ windows: 24, isSteady: false });
});

test('a window that cannot be pushed ends it', async () => {
  await expect(warmUntilSteady(() => Promise.reject(new Error('gone')), 24)).rejects.toThrow('gone');
});
