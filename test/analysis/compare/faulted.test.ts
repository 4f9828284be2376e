import { describe, expect, test } from 'vitest';
import { compareResults } from '../../../src/analysis/compare/compare.ts';
import type { Comparison, NamedResult, ShareGate } from '../../../src/analysis/compare/comparison.ts';
import { pairedScenario } from '../../../src/plan/paired-scenario.ts';
import type { Trial } from '../../../src/record/record.ts';
import { patternText } from '../../../src/report/comparison/comparison-finding.ts';
import { comparisonView } from '../../../src/report/comparison/comparison-view.ts';
import { type Fate, toldResult } from '../../support/fault-results.ts';

const OPERATIONS = ['createUser', 'getUser'];
const both = (share: number) => Object.fromEntries(OPERATIONS.map((operation) => [operation, share]));

/** An arm of `ab` on a shipped scenario with faults: one trial a pair, with what became of its calls. */
async function armOf(
  arm: 'a' | 'b',
  fates: readonly Fate[],
  change: (trial: Trial) => Trial = (trial) => trial,
): Promise<NamedResult> {
  const results = await Promise.all(
    fates.map((fate) =>
      toldResult('circuit-breaker', ({ variant }) => (variant === 'none' ? fate : undefined)),
    ),
  );
  const trials = results.map(({ trials: all }, i) => {
    const { variant: _, ...trial } = all.find(({ kind }) => kind === 'fault')!;
    return change({ ...trial, variant: null, id: i + 1, round: i + 1 });
  });
  const { scenario, ...result } = results[0]!;
  const order = trials.map(({ id, round, pattern, kind }) => {
    return { id, round, pattern, kind, variant: null, case: null };
  });
  const interleave = { id: 'one', arm, title: `arm ${arm}`, mode: 'pairs', declared: [] } as const;
  return {
    file: `${arm}.json`,
    result: {
      ...result,
      scenario: pairedScenario(scenario, 24, 'fault'),
      design: { ...result.design, order },
      trials,
      interleave,
    },
  };
}

/** Six pairs, a little apart from each other. */
function sixOf(correct: number, more: Fate = {}): Fate[] {
  return Array.from({ length: 6 }, (_, i) => ({ correct: both(correct + 0.01 * (i % 3)), ...more }));
}

const compare = (a: NamedResult, b: NamedResult): Comparison =>
  compareResults([a], [b], { margin: 0.05, declared: [] });
const only = ({ patterns }: Comparison) => patterns[0]!;
const gateOf = (comparison: Comparison) => only(comparison).gate as ShareGate;

describe('trials with faults', () => {
  test('are compared by the share of calls from the first fault on that succeed, in points', async () => {
    const found = compare(await armOf('a', sixOf(0.3)), await armOf('b', sixOf(0.9)));
    expect(only(found)).toMatchObject({ verdict: 'improved' });
    const { figure, interval, used } = gateOf(found);
    expect([figure, used]).toEqual(['correct from the fault on', { baseline: 6, candidate: 6 }]);
    // The faults last 5 of the 12 s from the first one on: 0.6 of 5/12.
    expect(interval!.difference).toBeCloseTo((0.6 * 5) / 12, 2);
    expect(interval!.low).toBeLessThan(interval!.difference);
    expect(patternText(only(found), found)).toMatch(
      /^REST correct from the fault on \+2\d\.\d points \[\+2\d\.\d to \+2\d\.\d\] over 6 pairs, beyond ±5 points$/,
    );
    const back = compare(await armOf('a', sixOf(0.9)), await armOf('b', sixOf(0.3)));
    expect(only(back).verdict).toBe('regressed');
    expect(gateOf(back).interval!.difference).toBeCloseTo(-interval!.difference, 9);
  });

  test('the same thing twice is equivalent', async () => {
    const found = compare(await armOf('a', sixOf(0.5)), await armOf('b', sixOf(0.5)));
    expect(only(found).verdict).toBe('equivalent');
  });

  test('counts do not depend on noise: a disturbed trial counts, an incomplete one does not', async () => {
    const marked = (verdict: 'disturbed' | 'incomplete') => (trial: Trial) => {
      const validity = { verdict, causes: [], boundQuantiles: [0.5] };
      return trial.round === 2 ? { ...trial, validity } : trial;
    };
    const a = await armOf('a', sixOf(0.3));
    const noisy = compare(a, await armOf('b', sixOf(0.9), marked('disturbed')));
    expect(gateOf(noisy).used.candidate).toBe(6);
    const torn = compare(a, await armOf('b', sixOf(0.9), marked('incomplete')));
    expect(gateOf(torn)).toMatchObject({
      used: { candidate: 5 },
      excluded: [{ round: 2, side: 'candidate' }],
    });
  });

  test('what the faults did stands beside, with the difference by pairs', async () => {
    const lost = { after: both(1), tries: 3 };
    const found = compare(await armOf('a', sixOf(0.3, lost)), await armOf('b', sixOf(0.9, { tries: 1 })));
    const { faulted } = only(found);
    const of = (figure: string) => faulted.find((one) => one.figure === figure)!;
    expect(of('success-in-fault').difference).toMatchObject({ pairs: 6, level: 0.95 });
    expect(of('success-in-fault').difference!.mean).toBeCloseTo(0.6, 2);
    expect(of('amplification')).toMatchObject({ unit: 'factor' });
    expect(of('amplification').baseline! / of('amplification').candidate!).toBeCloseTo(3, 1);
    expect(of('not-recovered')).toMatchObject({ baseline: 0, candidate: 0 });
    const [gates, table] = comparisonView(found).screen.tables;
    expect(gates!.columns.map(({ title }) => title)).toContain('Candidate − baseline');
    expect(table).toMatchObject({ id: 'faulted' });
  });

  test('a trial that did not recover is longer than any, and is counted', async () => {
    const never = { after: both(0.2) };
    const found = compare(await armOf('a', sixOf(0.3, never)), await armOf('b', sixOf(0.3)));
    const of = (figure: string) => only(found).faulted.find((one) => one.figure === figure);
    expect(of('not-recovered')).toMatchObject({ baseline: 6, candidate: 0 });
    expect(of('recovery')!.baseline).toBeNull();
    expect(of('recovery')!.candidate).not.toBeNull();
  });

  test('lost work breaks a promise, whatever the shares show; failures are what the gate compares', async () => {
    const found = compare(await armOf('a', sixOf(0.9)), await armOf('b', sixOf(0.9, { lost: 2 })));
    expect(only(found).invariants.map(({ name, isBroken }) => [name, isBroken])).toEqual([
      ['lost', true],
      ['duplicates', false],
    ]);
    expect(only(found).verdict).toBe('regressed');
  });

  test('the screen says which trials count, and why those of a noisy host do', async () => {
    const noisy = (trial: Trial): Trial => ({
      ...trial,
      validity: { verdict: 'disturbed', causes: [], boundQuantiles: [] },
    });
    const found = compare(await armOf('a', sixOf(0.3), noisy), await armOf('b', sixOf(0.9)));
    expect(comparisonView(found).screen.validity).toBe(
      '6 of 12 trials valid; 6 on a noisy host (both sides met it: their ratios count)',
    );
  });
});
