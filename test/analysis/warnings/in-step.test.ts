import { describe, expect, test } from 'vitest';
import { variantResults } from '../../../src/analysis/patterns/pattern-result.ts';
import { isInStep, workInStep } from '../../../src/analysis/warnings/in-step.ts';
import type { Result, Trial } from '../../../src/record/record.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { latencyTrial, REST, resultOf } from '../../support/result.ts';

test('work of a whole number of intervals ends as a later call is due', () => {
  const at200 = [0, 4.5, 5, 18, 20, 20.5, 21, 22, 25].filter((ms) => isInStep(ms, 200));
  expect(at200).toEqual([4.5, 5, 20, 20.5, 25]);
  expect(isInStep(20, 180)).toBe(false);
  expect(isInStep(20, 50)).toBe(true);
  // Calls follow so closely that all work ends as some call is due.
  expect(isInStep(20, 1000)).toBe(false);
});

describe('a warning', () => {
  const late: Partial<Trial> = {
    validity: { verdict: 'generator-bound', causes: [], boundQuantiles: [0.9] },
  };
  const of = (processingMs: number, more: Partial<Trial>): Result => {
    const result = resultOf([REST], [latencyTrial(1, 'rest', 1, more)]);
    const { scenario } = result;
    return { ...result, scenario: { ...scenario, service: { ...scenario.service, processingMs } } };
  };
  const found = (result: Result) => variantResults(result).flatMap((line) => workInStep(line, result));

  test('comes where the generator was late for it', () => {
    expect(found(of(20, late))).toEqual([{ code: 'in-step', name: 'REST', processingMs: 20, ratePerS: 200 }]);
    expect(found(of(21, late))).toEqual([]);
    expect(found(of(20, {}))).toEqual([]);
  });

  test('names another time of work', () => {
    const warning = viewOf(of(20, late)).caveats.warnings.find(({ code }) => code === 'in-step')!;
    expect(warning.text).toContain('20 ms of work');
    expect(warning.hint).toContain('--set service.processingMs=21');
  });
});
