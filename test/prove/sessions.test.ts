import { expect, test } from 'vitest';
import {
  changedWords,
  pooledScatter,
  scatterBetween,
  type Session,
  summaryOfSessions,
} from '../../prove/sessions/summary.ts';

function sessionOf(logRatios: readonly number[], verdict: string, others = 0): Session {
  const words = {
    latency: { measured: 'high', verdict },
    coupling: { measured: 'tight', verdict: 'supported' },
  };
  return {
    commit: 'abc',
    others,
    startedAt: '2026-11-30T00:00:00.000Z',
    machine: {},
    state: 'complete',
    othersSeen: { mean: 0.02, most: 0.1 },
    wallS: 240,
    patterns: [{ id: 'grpc', title: 'gRPC', logRatios, words }],
  };
}

test('scatter of several ratios together averages their variances, one below 0 too', () => {
  // Variances between runs: 0.02 - 0.0001, and 0 - 1.
  const apart = [
    [-0.01, 0.01],
    [0.19, 0.21],
  ];
  const noisy = [
    [-0.1, 0.1],
    [-0.1, 0.1],
  ];
  const { deviation, degrees } = pooledScatter([apart, noisy]);
  expect(deviation).toBeCloseTo(Math.sqrt((0.0199 - 0.01) / 2), 9);
  expect(degrees).toBe(2);
});

test('scatter between runs is what their means scatter beyond their rounds', () => {
  // Means 0 and 0.2: variance 0.02; rounds of variance 0.0002, two a run: 0.0001.
  const { deviation, degrees } = scatterBetween([
    [-0.01, 0.01],
    [0.19, 0.21],
  ]);
  expect(deviation).toBeCloseTo(Math.sqrt(0.02 - 0.0001), 9);
  expect(degrees).toBe(1);
  expect(
    scatterBetween([
      [-1, 1],
      [-1, 1],
    ]).deviation,
  ).toBe(0);
});

test('a word that one run supports and another contradicts is named', () => {
  const same = [sessionOf([0.4, 0.5], 'supported'), sessionOf([0.4, 0.5], 'inconclusive')];
  expect(changedWords(same)).toEqual([]);
  expect(summaryOfSessions(same)).toContain('both supported and contradicted: none');
  const changed = [...same, sessionOf([0.1, 0.2], 'contradicted', 0.3)];
  expect(changedWords(changed)).toEqual(['gRPC latency']);
  expect(summaryOfSessions(changed)).toContain('beside other programs at 30 % of the cores');
});
