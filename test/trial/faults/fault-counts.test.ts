import { expect, test } from 'vitest';
import { NS_PER_MS } from '../../../src/kernel/clock.ts';
import type { HopEvent } from '../../../src/measure/logs/hop-log.ts';
import { createSchedule } from '../../../src/measure/schedule.ts';
import { countFaults } from '../../../src/trial/faults/fault-counts.ts';
import type { PlannedFault } from '../../../src/plan/kinds/timeline/timeline.ts';
import type { TrialSpec } from '../../../src/plan/spec.ts';
import { arrivalsOf, OK, START_NS } from '../../measure/synthetic.ts';

const SCHEDULE = createSchedule({ shape: 'constant', ratePerS: 100 }, 2000, 1);
const arrivals = arrivalsOf(Array.from({ length: SCHEDULE.count }, () => OK));
const ABOUT = { stage: 'measured', operation: 'createUser' } as const;

/** front calls leaf; the fault lasts for the second half of the load. */
function specWith(fault: Partial<PlannedFault>): TrialSpec {
  const planned = { id: 'it', do: 'error', on: 'leaf', atMs: 1000, forMs: 1000, options: {}, ...fault };
  const edge = { id: 'front-leaf', from: 0, to: 1, operations: null, isAnswered: true };
  return {
    seed: 7,
    load: { mix: [{ operation: 'createUser', share: 1 }] },
    system: {
      pattern: { interaction: 'request-reply', subscribers: 1 },
      topology: { services: [{ id: 'front' }, { id: 'leaf' }], edges: [edge] },
    },
    faults: [planned],
  } as unknown as TrialSpec;
}

function attempt(
  sequence: number,
  tookMs: number,
  end: { outcome: 'ok' | 'error'; fault?: string },
): HopEvent[] {
  const atNs = START_NS + sequence * 10 * NS_PER_MS;
  const begun = {
    type: 'attempt',
    ...ABOUT,
    sequence,
    edge: 0,
    call: sequence,
    parent: 0,
    attempt: 1,
    atNs,
  } as const;
  return [begun, { type: 'ended', call: sequence, status: 0, atNs: atNs + tookMs * NS_PER_MS, ...end }];
}

const injected = (sequence: number): HopEvent => ({
  type: 'injected',
  ...ABOUT,
  sequence,
  fault: 'it',
  service: 1,
  attempt: 1,
  atNs: START_NS + sequence * 10 * NS_PER_MS,
});

const count = (spec: TrialSpec, events: HopEvent[]) =>
  countFaults(spec, { schedule: SCHEDULE, arrivals, events, ownEnds: [], ran: [null] })[0]!;

test('planned, injected and observed are three counts, none made from another', () => {
  const spec = specWith({ options: { share: 0.1, status: 'internal' } });
  const nothing = count(spec, []);
  expect(nothing.planned).toBeGreaterThan(0);
  expect(nothing.planned).toBeLessThan(30);
  expect(nothing).toMatchObject({ injected: 0, observed: 0, injectedNs: null });
  const seen = [
    ...attempt(120, 1, { outcome: 'error', fault: 'it' }),
    ...attempt(121, 1, { outcome: 'error' }),
  ];
  expect(count(spec, [injected(150), injected(151), ...seen])).toMatchObject({
    planned: nothing.planned,
    injected: 2,
    observed: 1,
    injectedNs: 1500 * NS_PER_MS,
    // Before the injection: whoever sees it does not ask when it was injected.
    observedNs: 1201 * NS_PER_MS,
  });
});

test('a service that ended itself is ready again when it says so, be that after the window', () => {
  const spec = specWith({ do: 'end-before-ack', options: { after: 1 } });
  const readyAt = (readyNs: number) => {
    const ownEnds = [{ fault: 'it', atNs: START_NS + 1100 * NS_PER_MS, readyNs: START_NS + readyNs }];
    const evidence = { schedule: SCHEDULE, arrivals, events: [injected(110)], ownEnds, ran: [null] };
    return countFaults(spec, evidence)[0]!;
  };
  expect(readyAt(1700 * NS_PER_MS)).toMatchObject({
    observed: 1,
    observedNs: 1100 * NS_PER_MS,
    liftedNs: 2000 * NS_PER_MS,
    readyNs: 2000 * NS_PER_MS,
  });
  expect(readyAt(2600 * NS_PER_MS).readyNs).toBe(2600 * NS_PER_MS);
});

test('the plan is of arrivals that are due while it lasts, and get to its service', () => {
  const always = { options: { share: 1, status: 'internal' } };
  expect(count(specWith(always), []).planned).toBe(100);
  expect(count(specWith({ ...always, forMs: 500 }), []).planned).toBe(50);
  const elsewhere = specWith(always);
  Object.assign(elsewhere.system.topology!.edges[0]!, { operations: ['getUser'] });
  expect(count(elsewhere, []).planned).toBe(0);
});

test('a delay is seen by who waited so long or gave up before, within its window', () => {
  const spec = specWith({ do: 'latency', options: { share: 1, distribution: 'fixed', ms: 50, maxMs: 1000 } });
  const events = [
    // Over before the fault began.
    ...attempt(90, 60, { outcome: 'ok' }),
    // Due before, and processed while it lasted.
    ...attempt(99, 60, { outcome: 'ok' }),
    ...attempt(100, 60, { outcome: 'ok' }),
    ...attempt(101, 40, { outcome: 'ok' }),
    ...attempt(102, 20, { outcome: 'error' }),
    // Begun after its end.
    ...attempt(200, 60, { outcome: 'ok' }),
  ];
  expect(count(spec, events)).toMatchObject({ planned: 100, observed: 3 });
});

test('a hang is observed by arrivals that were never answered, where the generator itself calls the service', () => {
  const spec = specWith({ do: 'hang', on: 'front', options: { share: 1, releaseMs: 1000 } });
  const fates = Array.from({ length: SCHEDULE.count }, (_, i) =>
    i >= 100 && i < 110 ? { dispatchedMs: 0, outcome: 'unfinished' as const } : OK,
  );
  const evidence = { schedule: SCHEDULE, arrivals: arrivalsOf(fates), events: [], ownEnds: [], ran: [null] };
  expect(countFaults(spec, evidence)[0]).toMatchObject({ planned: 100, injected: 0, observed: 10 });
});

test('a service is ready when the last message that was struck is processed', () => {
  const spec = specWith({
    do: 'latency',
    options: { share: 1, distribution: 'fixed', ms: 500, maxMs: 1000 },
  });
  expect(count(spec, [injected(110), injected(199)])).toMatchObject({
    liftedNs: 2000 * NS_PER_MS,
    readyNs: 2490 * NS_PER_MS,
  });
  expect(count(spec, [injected(110)]).readyNs).toBe(2000 * NS_PER_MS);
});

test('nobody sees what strikes a service that is called over a broker alone', () => {
  const spec = specWith({ options: { share: 1, status: 'internal' } });
  Object.assign(spec.system.topology!.edges[0]!, { isAnswered: false });
  expect(count(spec, [injected(120)])).toMatchObject({ injected: 1, observed: null });
});

test('a service that ends itself is planned to once, and seen from outside', () => {
  const spec = specWith({ do: 'end-before-ack', options: { after: 20 } });
  const ownEnds = [{ fault: 'it', atNs: START_NS, readyNs: null }];
  const evidence = { schedule: SCHEDULE, arrivals, events: [injected(119)], ownEnds, ran: [null] };
  expect(countFaults(spec, evidence)[0]).toMatchObject({ planned: 1, injected: 1, observed: 1 });
});

test('a fault of the load began with the first arrival that was sent in its time', () => {
  const record = count(specWith({ do: 'load', options: { factor: 2 } }), []);
  expect(record).toMatchObject({ on: 'arrivals', planned: null, injectedNs: 1000.1 * NS_PER_MS });
});
