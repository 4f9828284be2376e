import { expect, test } from 'vitest';
import type { PlannedFault } from '../../src/plan/kinds/timeline/timeline.ts';
import { faultNow } from '../../src/trial/live.ts';

const fault = (more: Partial<PlannedFault>): PlannedFault => {
  return { id: 'fault', do: 'kill', on: 'service', atMs: 1000, forMs: 3000, options: {}, ...more };
};

test('a fault stands as a word, with how long ago it began', () => {
  const at = (ms: number) => faultNow({ kind: 'service-outage', faults: [fault({})] }, ms);
  expect([at(900), at(2200), at(4000)]).toEqual([undefined, 'service killed 1.2 s ago', undefined]);
});

test('of several the last one; of the load how much it is; of a control none', () => {
  const slow = fault({ do: 'latency', on: 'payments', atMs: 0, forMs: 9000 });
  const load = fault({ do: 'load', on: 'arrivals', atMs: 500, options: { factor: 5 } });
  expect(faultNow({ kind: 'fault', faults: [load, slow] }, 400)).toBe('payments slow 0.4 s ago');
  expect(faultNow({ kind: 'fault', faults: [load, slow] }, 1000)).toBe('load ×5 0.5 s ago');
  expect(faultNow({ kind: 'control', faults: [slow] }, 400)).toBeUndefined();
});
