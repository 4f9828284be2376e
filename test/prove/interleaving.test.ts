import { expect, test } from 'vitest';
import { comparedBy, summaryOfTurns } from '../../prove/interleaving/summary.ts';
import type { Mode, Turn } from '../../prove/interleaving/turn.ts';

const STEADY = [0.49, 0.5, 0.51, 0.5, 0.49, 0.51];
const LOOSE = STEADY.map((log) => 0.7 + 4 * (log - 0.5));

test('the width is the ratio of what turns scatter, the bias the difference of their means', () => {
  const { width, widthLow, widthHigh, bias } = comparedBy(LOOSE, STEADY)!;
  expect(width).toBeCloseTo(0.25, 9);
  expect(widthLow).toBeLessThan(0.25);
  expect(widthHigh).toBeGreaterThan(0.25);
  expect(bias.mean).toBeCloseTo(-0.2, 9);
  expect(bias.high).toBeLessThan(0);
  // The other way round is the inverse.
  expect(comparedBy(STEADY, LOOSE)!.width).toBeCloseTo(4, 9);
  expect(comparedBy(STEADY.slice(0, 2), LOOSE)).toBeUndefined();
});

test('each share of other programs has its own figures, and turns without a ratio are counted', () => {
  const turn = (mode: Mode, others: number, logRatio: number | null): Turn => {
    const found = logRatio === null ? null : { restUs: 600, grpcUs: 600 * Math.exp(logRatio), logRatio };
    return {
      number: 1,
      commit: 'abc',
      machine: {},
      startedAt: '2026-11-30T00:00:00.000Z',
      mode,
      others,
      beside: 'tests of others',
      taken: [others, others + 0.1],
      found: { response: found, completion: found },
      wallS: 9,
    };
  };
  const turns = [
    ...STEADY.map((log) => turn('pairs', 0, log)),
    ...STEADY.map((log) => turn('switchback', 0, log)),
    turn('pairs', 0.3, 0.5),
    turn('switchback', 0.3, null),
    { ...turn('pairs', 0, 9), beside: '' },
  ];
  const text = summaryOfTurns(turns);

  expect(text).toContain('15 turns made');
  expect(text).toMatch(/no programs made; beside tests of others\n {2}pairs: 6 turns, 9\.0 s each/);
  expect(text).toContain('pairs:      1.649 [');
  expect(text).toContain('switchback / pairs: 1.00 [');
  expect(text).toMatch(/30 % of all cores; beside tests of others\n {2}pairs: 1 turns/);
  expect(text).toContain('switchback: 0 turns with a ratio');
});
