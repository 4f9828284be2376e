import { expect, test } from 'vitest';
import { cutPhases } from '../../src/plan/kinds/timeline/fault-phases.ts';
import type { PlannedFault } from '../../src/plan/kinds/timeline/timeline.ts';
import type { TrialSpec } from '../../src/plan/spec.ts';
import { plannedRecord } from '../../src/trial/faults/fault-timeline.ts';
import { observedPhases } from '../../src/trial/observed-phases.ts';

const DURATION_MS = 10_000;

function fault(more: Partial<PlannedFault> = {}): PlannedFault {
  return { id: 'kill', do: 'kill', on: 'leaf', atMs: 2000, forMs: 1000, options: {}, ...more };
}

function specOf(faults: readonly PlannedFault[], kind = 'fault'): TrialSpec {
  const phases = cutPhases(faults, DURATION_MS);
  return { kind, load: { phases, durationMs: DURATION_MS }, faults } as unknown as TrialSpec;
}

/** `kill 2000–5930`: with each fault ready at that instant, in ms. */
function cut(faults: readonly PlannedFault[], readyMs: readonly (number | null)[], kind?: string): string[] {
  const records = faults.map((planned, i) => {
    const readyNs = readyMs[i] == null ? null : readyMs[i] * 1e6;
    return { ...plannedRecord(planned, planned.on), liftedNs: (planned.atMs + planned.forMs) * 1e6, readyNs };
  });
  return observedPhases(specOf(faults, kind), records).map(
    ({ name, fromNs, toNs }) => `${name} ${fromNs / 1e6}–${toNs / 1e6}`,
  );
}

test('a slow restart belongs to the fault, and not to the recovery', () => {
  expect(cut([fault()], [5930])).toEqual(['baseline 0–2000', 'kill 2000–5930', 'recovery 5930–10000']);
  const broker = fault({ do: 'reset', on: 'front-leaf', id: 'cut' });
  expect(cut([broker], [3500])).toEqual(['baseline 0–2000', 'cut 2000–3500', 'recovery 3500–10000']);
});

test('one that outlasts the load leaves no recovery', () => {
  expect(cut([fault()], [12_500])).toEqual(['baseline 0–2000', 'kill 2000–10000']);
});

test('the lateness of a timer cuts no sliver, and what was never observed ends as planned', () => {
  const planned = ['baseline 0–2000', 'kill 2000–3000', 'recovery 3000–10000'];
  expect(cut([fault()], [3004])).toEqual(planned);
  expect(cut([fault()], [2999.6])).toEqual(planned);
  expect(cut([fault()], [null])).toEqual(planned);
});

test('a fault of messages is over when it is lifted: later calls only wait in the queue that it left', () => {
  const slow = fault({ do: 'latency', id: 'slow' });
  expect(cut([slow], [4200])).toEqual(['baseline 0–2000', 'slow 2000–3000', 'recovery 3000–10000']);
  const itself = fault({ do: 'end-before-ack', id: 'crash' });
  expect(cut([itself], [3600])).toEqual(['baseline 0–2000', 'crash 2000–3600', 'recovery 3600–10000']);
});

test('a part that is still starting when the next fault begins is down beside it', () => {
  const next = fault({ do: 'error', id: 'errors', atMs: 5000, forMs: 2000 });
  expect(cut([fault(), next], [5500, 7000])).toEqual([
    'baseline 0–2000',
    'kill 2000–5000',
    'kill+errors 5000–5500',
    'errors 5500–7000',
    'recovery 7000–10000',
  ]);
});

test('a control has no faults and keeps the phases of the plan', () => {
  expect(cut([fault()], [5930], 'control')).toEqual([
    'baseline 0–2000',
    'kill 2000–3000',
    'recovery 3000–10000',
  ]);
});
