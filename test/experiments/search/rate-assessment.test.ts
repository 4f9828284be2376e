import { describe, expect, test } from 'vitest';
import { assessRate } from '../../../src/experiments/search/rate-assessment.ts';
import type { Trial } from '../../../src/record/record.ts';
import { latencyTrial } from '../../support/result.ts';

const STILL = { perS: 0, isGrowing: false };
const look = (more: Partial<Trial>, backlogGrowth: Trial['backlogGrowth'] = STILL) =>
  assessRate(latencyTrial(1, 'rest', 1, { ...more, backlogGrowth }));
const assessed = (verdict: Trial['validity']['verdict'], detail: string): Trial['validity'] => ({
  verdict,
  causes: verdict === 'valid' ? [] : [{ cause: verdict, detail }],
  boundQuantiles: [],
});
const quiet = { steal: 0, others: 0.02, busy: 0.5 };

describe('did system and generator keep a rate?', () => {
  test('yes: valid, sustained, and nothing grows', () => {
    expect(look({})).toEqual({ verdict: 'sustained', limit: null, why: null });
  });
  test('no: saturated by what was assessed, or by work that grows before any call is late', () => {
    const load = { verdict: 'saturated', detail: 'correct: 61.0 % (limit 95 %)' } as const;
    expect(look({ load })).toEqual({ verdict: 'not-sustained', limit: 'saturated', why: load.detail });
    expect(look({}, { perS: 412.3, isGrowing: true })).toEqual({
      verdict: 'not-sustained',
      limit: 'saturated',
      why: 'backlog grows by 412/s: the system does not keep up',
    });
  });
  test('no: the generator was too late, on a machine that was its own', () => {
    const validity = assessed('generator-bound', 'dispatch lag p50 is 1.2 ms (limit 0.3 ms)');
    expect(look({ validity, machine: quiet })).toEqual({
      verdict: 'not-sustained',
      limit: 'generator-bound',
      why: 'dispatch lag p50 is 1.2 ms (limit 0.3 ms)',
    });
  });
  test('collections and stalls of the generator are its own, too', () => {
    const validity = assessed('disturbed', "the generator's collections together is 80 ms (limit 50 ms)");
    expect(look({ validity, machine: quiet }).verdict).toBe('not-sustained');
  });
  test.each([
    { ...quiet, others: 0.4 },
    { ...quiet, steal: 0.1 },
  ])('nothing is said where others had the machine: %j', (machine) => {
    const bound = assessed('generator-bound', 'dispatch lag p50 is 1.2 ms (limit 0.3 ms)');
    const detail = 'CPU use of other processes is 40 % (limit 10 %)';
    const validity = { ...bound, causes: [...bound.causes, { cause: 'disturbed' as const, detail }] };
    // It is them who are named, and not the generator that was late for their sake.
    expect(look({ validity, machine })).toEqual({ verdict: 'discarded', limit: 'disturbed', why: detail });
  });
  test('nor by a trial that failed, or is incomplete', () => {
    expect(look({ failure: 'the service ended early' })).toEqual({
      verdict: 'discarded',
      limit: 'incomplete',
      why: 'the service ended early',
    });
    expect(look({ validity: assessed('incomplete', 'no quiescence'), machine: quiet }).verdict).toBe(
      'discarded',
    );
  });
});
