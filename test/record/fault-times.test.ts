import { expect, test } from 'vitest';
import { faultsOffPlan, lengthNs } from '../../src/record/fault-times.ts';
import type { FaultRecord } from '../../src/record/record.ts';

const S = 1e9;
const UNSEEN = { injectedNs: null, observedNs: null, liftedNs: null, readyNs: null };

function record(more: Partial<FaultRecord>): FaultRecord {
  const planned = { plannedAtNs: 2 * S, plannedForNs: 2 * S, planned: null, injected: null, observed: null };
  return { id: 'f', do: 'freeze', on: 'service', ...planned, ...UNSEEN, ...more };
}

const onPlan = { injectedNs: 2 * S, observedNs: 2 * S, liftedNs: 4 * S, readyNs: 4 * S };

test('how long a restart takes is a finding, and no deviation from the plan', () => {
  expect(faultsOffPlan([record({ do: 'kill', ...onPlan, readyNs: 7 * S })])).toEqual([]);
  expect(faultsOffPlan([record({ do: 'kill', ...onPlan, liftedNs: 5 * S, readyNs: 7 * S })])).toHaveLength(1);
  for (const what of ['freeze', 'black-hole']) {
    expect(faultsOffPlan([record({ do: what, ...onPlan })])).toEqual([]);
    expect(faultsOffPlan([record({ do: what, ...onPlan, readyNs: 7 * S })])).toHaveLength(1);
  }
});

test('a fault of messages begins with the first one struck; one that struck none of those planned was never on', () => {
  const late = { injectedNs: 2.7 * S, observedNs: 2.8 * S, liftedNs: 4 * S, readyNs: 6 * S };
  expect(faultsOffPlan([record({ do: 'latency', planned: 20, ...late })])).toEqual([]);
  expect(faultsOffPlan([record({ do: 'error', planned: 0 })])).toEqual([]);
  expect(faultsOffPlan([record({ do: 'error', planned: 20 })])).toEqual([
    'the fault f of service struck none of 20 messages planned',
  ]);
  expect(faultsOffPlan([record({ do: 'load', planned: null })])).toEqual([]);
});

test('sentences take the planned length where it was that, else the observed one', () => {
  expect(lengthNs(record({ ...onPlan, readyNs: 4.03 * S }))).toBe(2 * S);
  expect(lengthNs(record({ ...onPlan, observedNs: 6.44 * S, readyNs: 6.444 * S }))).toBeCloseTo(
    0.004 * S,
    -3,
  );
  expect(lengthNs(record({}))).toBeNull();
});
