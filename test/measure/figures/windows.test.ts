import { expect, test } from 'vitest';
import { completionWindows, TRIAL_WINDOWS } from '../../../src/measure/figures/windows.ts';
import { arrivalsOf, effectAt, OK, TRIAL } from '../synthetic.ts';

/** Arrivals 10 ms apart, each done so many ms after it was due; null: never. */
function windowsOf(doneMs: readonly (number | null)[]) {
  return completionWindows({
    trial: TRIAL,
    schedule: { count: doneMs.length, intendedNs: (i) => i * 10e6 },
    arrivals: arrivalsOf(doneMs.map(() => OK)),
    effects: doneMs.flatMap((ms, i) => (ms === null ? [] : [effectAt(i, i * 10 + ms)])),
    subscribers: 1,
  });
}

test('the median completion time of each tenth of the arrivals', () => {
  const falling = Array.from({ length: 205 }, (_, i) => 30 - Math.floor((i * 10) / 205));
  const found = windowsOf(falling);
  expect(found).toHaveLength(TRIAL_WINDOWS);
  expect(found.map((us) => Math.round(us! / 1000))).toEqual([30, 29, 28, 27, 26, 25, 24, 23, 22, 21]);
});

test('a part in which too little was done has none', () => {
  const gap = Array.from({ length: 200 }, (_, i) => (i >= 40 && i < 51 ? null : 5));
  expect(windowsOf(gap).map((us) => us && Math.round(us))).toEqual([
    5000,
    5000,
    null,
    5000,
    5000,
    5000,
    5000,
    5000,
    5000,
    5000,
  ]);
});
