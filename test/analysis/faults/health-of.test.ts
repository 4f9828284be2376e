import { expect, test } from 'vitest';
import { endingOf } from '../../../src/analysis/faults/health-of.ts';
import type { FaultTrials } from '../../../src/analysis/faults/fault-trials.ts';
import type { HealthWindow } from '../../../src/measure/hops/hop-figures.ts';
import type { Scenario } from '../../../src/scenario/schema/schema.ts';

const SECOND = 1e9;
const FAULT = { do: 'kill', plannedAtNs: 2 * SECOND, plannedForNs: SECOND, injectedNs: 2 * SECOND };
const LIFTED = { ...FAULT, observedNs: 2 * SECOND, liftedNs: 3 * SECOND, readyNs: 3 * SECOND };

/** One window a second, until 12 s. */
function windowsOf(unhealthy: readonly number[]): HealthWindow[] {
  return Array.from({ length: 12 }, (_, second) => ({
    fromNs: second * SECOND,
    toNs: (second + 1) * SECOND,
    planned: 50,
    healthy: unhealthy.includes(second) ? 10 : 50,
  }));
}

/** `place order` reaches the killed part; `read product` does not. */
function lineOf(order: readonly number[], product: readonly number[]): FaultTrials {
  const trial = (faults: readonly object[], windows: readonly (readonly number[])[]) => ({
    round: 1,
    faults,
    phases: [{ name: 'baseline', toNs: 12 * SECOND }],
    hops: {
      endpoints: ['order', 'product'].map((operation, i) => ({
        operation,
        title: operation,
        windows: windowsOf(windows[i]!),
      })),
    },
  });
  return {
    trials: [trial([LIFTED], [order, product])],
    controls: [trial([], [[], []])],
    isDependent: (operation: string) => operation === 'order',
  } as unknown as FaultTrials;
}

const ending = (order: readonly number[], product: readonly number[]) =>
  endingOf(lineOf(order, product), { faults: [], cases: [], watchRecovery: true } as unknown as Scenario)!;

test('a recovery is that of the harmed endpoint that took longest, whether it depends on the fault or not', () => {
  expect(ending([2, 3], []).recovery).toMatchObject({ state: 'recovered', afterNs: SECOND });
  expect(ending([2, 3], [2, 3, 4, 5]).recovery).toMatchObject({ state: 'recovered', afterNs: 3 * SECOND });
  // Harmed until so late that five healthy windows no longer fit.
  expect(ending([2, 3], [2, 3, 7]).recovery.state).toBe('not-recovered');
});

test('an endpoint that does not depend on the fault, and was not harmed by it, has no part in the recovery', () => {
  const slip = lineOf([2, 3], []);
  const product = slip.trials[0]!.hops!.endpoints[1]!;
  Object.assign(product.windows[9]!, { healthy: 40 });
  const scenario = { faults: [], cases: [], watchRecovery: true } as unknown as Scenario;
  expect(endingOf(slip, scenario)!.recovery).toMatchObject({ state: 'recovered', afterNs: SECOND });
});
