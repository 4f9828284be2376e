import { describe, expect, test } from 'vitest';
import { rateLookOf } from '../../../src/experiments/search/rate-look.ts';
import type { Trial } from '../../../src/record/record.ts';
import { latencyTrial } from '../../support/result.ts';

const STILL = { perS: 0, isGrowing: false };
const look = (more: Partial<Trial>, backlogGrowth: Trial['backlogGrowth'] = STILL) =>
  rateLookOf(latencyTrial(1, 'rest', 1, { ...more, backlogGrowth }));
const judged = (verdict: Trial['measurement']['verdict'], detail: string): Trial['measurement'] => ({
  verdict,
  causes: verdict === 'valid' ? [] : [{ cause: verdict, detail }],
  boundQuantiles: [],
});
const quiet = { steal: 0, others: 0.02, busy: 0.5 };

describe('did system and generator keep a rate?', () => {
  test('yes: valid, sustained, and nothing grows', () => {
    expect(look({})).toEqual({ look: 'kept', limit: null, why: null });
  });
  test('no: saturated by what was judged, or by work that grows before any call is late', () => {
    const load = { verdict: 'saturated', detail: 'correct: 61.0 % (limit 95 %)' } as const;
    expect(look({ load })).toEqual({ look: 'not-kept', limit: 'saturated', why: load.detail });
    expect(look({}, { perS: 412.3, isGrowing: true })).toEqual({
      look: 'not-kept',
      limit: 'saturated',
      why: 'open work grows by 412/s: it is not kept up with',
    });
  });
  test('no: the generator was too late, on a machine that was its own', () => {
    const measurement = judged('generator-bound', 'dispatch lag p50 is 1.2 ms (limit 0.3 ms)');
    expect(look({ measurement, machine: quiet })).toEqual({
      look: 'not-kept',
      limit: 'generator-bound',
      why: 'dispatch lag p50 is 1.2 ms (limit 0.3 ms)',
    });
  });
  test('collections and stalls of the generator are its own, too', () => {
    const measurement = judged('disturbed', "the generator's collections together is 80 ms (limit 50 ms)");
    expect(look({ measurement, machine: quiet }).look).toBe('not-kept');
  });
  test.each([
    { ...quiet, others: 0.4 },
    { ...quiet, steal: 0.1 },
  ])('nothing is said where others had the machine: %j', (machine) => {
    const bound = judged('generator-bound', 'dispatch lag p50 is 1.2 ms (limit 0.3 ms)');
    const detail = 'CPU use of other processes is 40 % (limit 10 %)';
    const measurement = { ...bound, causes: [...bound.causes, { cause: 'disturbed' as const, detail }] };
    // It is them who are named, and not the generator that was late for their sake.
    expect(look({ measurement, machine })).toEqual({ look: 'thrown', limit: 'disturbed', why: detail });
  });
  test('nor by a trial that failed, or is incomplete', () => {
    expect(look({ failure: 'the service ended early' })).toEqual({
      look: 'thrown',
      limit: 'incomplete',
      why: 'the service ended early',
    });
    expect(look({ measurement: judged('incomplete', 'no quiescence'), machine: quiet }).look).toBe('thrown');
  });
});
