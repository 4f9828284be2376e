import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { asOne } from '../../../src/trial/environment/generator-messages.ts';

const N = 0;
const loop = { loopDelayP99Ns: 5, loopDelayMaxNs: 9, gcCount: 1, gcTotalNs: 7, gcMaxNs: 3 };
const done = {
  n: N,
  type: 'done',
  arrivalsPath: 'a',
  loop,
  cpuUs: 100,
  spanNs: 3000,
  maxRssBytes: 1000,
  wire: { sent: 10, received: 20 },
  failureTexts: [{ end: 'error 500', texts: ['a'] }],
  connections: { atStart: 32, opened: 1, refused: 2 },
} as const;

it('what one generator said stays as it was', () => {
  const { arrivalsPath, loop: its, cpuUs, spanNs, maxRssBytes, wire, failureTexts, connections } = done;
  expect(asOne('done', [done])).toEqual({
    arrivalsPaths: [arrivalsPath],
    loop: its,
    cpuUs,
    spanNs,
    maxRssBytes,
    wire,
    failureTexts,
    connections,
  });
  const warmed = { calls: 7, failed: 1, failure: 'refused: so', perS: 70, p50Ns: 5, fromNs: 1, toNs: 9 };
  expect(asOne('warmed', [{ n: N, type: 'warmed', ...warmed }])).toEqual({ ...warmed, callsOf: [7] });
  const settled = { calls: 40, isSteady: true, windowP50Ns: [5, 4] };
  expect(asOne('settled', [{ n: N, type: 'settled', ...settled }])).toEqual({ ...settled, callsOf: [40] });
});

it('costs and calls of several add up; of their health the worst counts', () => {
  const other = {
    ...done,
    arrivalsPath: 'b',
    loop: { loopDelayP99Ns: 6, loopDelayMaxNs: 2, gcCount: 4, gcTotalNs: 1, gcMaxNs: 3 },
    spanNs: 3500,
    wire: { sent: 1, received: 2 },
    failureTexts: [{ end: 'error 500', texts: ['b'] }],
  };
  expect(asOne('done', [done, other])).toEqual({
    arrivalsPaths: ['a', 'b'],
    loop: { loopDelayP99Ns: 6, loopDelayMaxNs: 9, gcCount: 4, gcTotalNs: 7, gcMaxNs: 3 },
    cpuUs: 200,
    spanNs: 3500,
    maxRssBytes: 2000,
    wire: { sent: 11, received: 22 },
    failureTexts: [{ end: 'error 500', texts: ['a', 'b'] }],
    connections: { atStart: 64, opened: 2, refused: 4 },
  });
  expect(asOne('done', [done, { ...other, wire: null }]).wire).toBeNull();
});

it('a part that has not settled, or failed, is not hidden by the others', () => {
  const settled = (windowP50Ns: number[], isSteady: boolean) =>
    ({ n: N, type: 'settled', calls: 20, isSteady, windowP50Ns }) as const;
  expect(asOne('settled', [settled([5, 3], true), settled([4, 6, 9], false)])).toEqual({
    calls: 40,
    callsOf: [20, 20],
    isSteady: false,
    windowP50Ns: [5, 6, 9],
  });
  const looped = (failed: number, failure: string | null, p50Ns: number | null) =>
    ({
      n: N,
      type: 'looped',
      calls: 50,
      failed,
      failure,
      perS: 500,
      p50Ns,
      fromNs: failed,
      toNs: 100 + failed,
    }) as const;
  expect(asOne('looped', [looped(0, null, 7), looped(2, 'refused: so', 9)])).toEqual({
    calls: 100,
    callsOf: [50, 50],
    failed: 2,
    failure: 'refused: so',
    perS: 1000,
    p50Ns: 9,
    fromNs: 0,
    toNs: 102,
  });
  expect(asOne('looped', [looped(0, null, 7), looped(0, null, null)]).p50Ns).toBeNull();
});

it('pacings are told once each', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('thread', 'nap', 'timer'), { minLength: 1 }), (pacings) => {
      const lines = pacings.map((pacing) => ({ n: N, type: 'paced', pacing, candidates: [] }) as const);
      const said = asOne('paced', lines).pacing.split(', ');
      expect(new Set(said)).toEqual(new Set(pacings));
      expect(said.length).toBe(new Set(pacings).size);
    }),
  );
});
