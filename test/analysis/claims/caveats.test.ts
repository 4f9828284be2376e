import { describe, expect, test } from 'vitest';
import { analysisOf } from '../../../src/analysis/analysis.ts';
import type { TestedClaim } from '../../../src/analysis/claims/claim.ts';
import { CLAIMS } from '../../../src/commands/all-claims.ts';
import type { Result, Trial } from '../../../src/record/record.ts';
import { seriesOf } from '../../support/result.ts';
import { type Fate, toldResult } from '../../support/fault-results.ts';

const HANG = CLAIMS.find(({ id }) => id === '8') as TestedClaim;
const POISON = CLAIMS.find(({ id }) => id === 'consumer') as TestedClaim;
const NONE: Fate = { correct: { createUser: 0, getUser: 0.2 } };
const UNDER: Fate = { correct: { createUser: 0 } };

const hang = (timeout: Fate, control: Fate = {}) =>
  toldResult('hang', ({ variant }) => (variant === 'none' ? NONE : timeout), control);

const assessed = ({ assess }: TestedClaim, result: Result) => assess(analysisOf(result));

/** Of a trial that is assessed so, calls began so late. */
async function late(verdict: Trial['validity']['verdict'], latestMs: number) {
  const { phases } = (await hang(UNDER)).trials.at(-1)!;
  const lag = seriesOf(100, { leastMs: latestMs, tailMs: 0 }, 1);
  const hasCaveat: Partial<Trial> = {
    validity: { verdict, causes: [], boundQuantiles: [] },
    phases: phases.map((phase) => ({ ...phase, dispatchLag: lag })),
  };
  return assessed(HANG, await hang({ ...UNDER, more: hasCaveat }));
}

describe('what may not be counted decides nothing', () => {
  test('a fault that hit nothing', async () => {
    const result = await hang({ ...UNDER, struck: 0 });
    expect(assessed(HANG, result)).toMatchObject({
      verdict: 'inconclusive',
      why: { code: 'fault-missed', why: 'none-struck' },
    });
  });
  test('a control that was not well', async () => {
    const control: Fate = { more: {}, correct: {}, after: {} };
    expect(assessed(HANG, await hang(UNDER, control)).verdict).toBe('supported');
    const result = await hang(UNDER);
    const ill = result.trials.map((trial) => ({
      ...trial,
      hops: trial.hops && {
        ...trial.hops,
        endpoints: trial.hops.endpoints.map((endpoint) => ({
          ...endpoint,
          phases: endpoint.phases.map((phase) => ({ ...phase, correct: Math.floor(phase.planned / 2) })),
        })),
      },
    }));
    expect(assessed(HANG, { ...result, trials: ill })).toMatchObject({
      verdict: 'inconclusive',
      why: { code: 'control-not-well' },
    });
  });
  test('no control at all', async () => {
    const result = await hang(UNDER);
    const faulted = result.trials.filter(({ kind }) => kind === 'fault');
    expect(assessed(HANG, { ...result, trials: faulted }).why.code).toBe('no-control');
  });
  test('calls that began too late for their deadline; a little late is no harm to a count', async () => {
    expect((await late('disturbed', 50)).verdict).toBe('supported');
    expect((await late('disturbed', 150)).verdict).toBe('inconclusive');
    expect((await late('generator-bound', 150)).why).toMatchObject({ late: { limitMs: 100 } });
    expect((await late('incomplete', 1)).verdict).toBe('inconclusive');
  });
  test('a trial that failed, or was not run, is lacking', async () => {
    const failed = await hang({ ...UNDER, more: { state: 'failed', failure: 'it ended' } });
    expect(assessed(HANG, failed)).toMatchObject({ verdict: 'inconclusive', isLacking: true });
    const some = await toldResult('hang', ({ variant }) => (variant === 'none' ? NONE : undefined));
    expect(assessed(HANG, some)).toMatchObject({ isLacking: true, why: { ids: { variant: 'timeout' } } });
  });
});

test('work that is left with the broker is what a poison message does, and no caveat; torn evidence is', async () => {
  const left = (lost: number) => {
    const causes = [{ cause: 'incomplete' as const, detail: 'told' }];
    const validity = { verdict: 'incomplete' as const, causes, boundQuantiles: [] };
    return toldResult('poison-message', ({ pattern }) =>
      pattern === 'requeue' ? { done: 0.1, lost, more: { validity } } : { done: 0.95 },
    );
  };
  expect(assessed(POISON, await left(50)).verdict).toBe('contradicted');
  expect(assessed(POISON, await left(0)).verdict).toBe('inconclusive');
});
