import { describe, expect, test } from 'vitest';
import { NS_PER_MS } from '../../src/kernel/clock.ts';
import type { PlannedFault } from '../../src/plan/kinds/timeline/timeline.ts';
import type { TrialSpec } from '../../src/plan/spec.ts';
import { plannedRecord } from '../../src/trial/faults/fault-timeline.ts';
import type { RawTrial } from '../../src/trial/raw-trial.ts';
import { ownStandstillIn, silencesIn } from '../../src/trial/silences.ts';
import { arrivalsOf, effectAt, type Fate, OK, START_NS } from '../measure/synthetic.ts';

const [DURATION_MS, EVERY_MS, DEADLINE_MS] = [12_000, 10, 200];
type Gap = readonly [fromMs: number, toMs: number];

const REST = { title: 'REST', interaction: 'request-reply', definition: {}, options: {}, subscribers: 1 };
const QUEUE = {
  ...REST,
  interaction: 'work-queue',
  definition: { broker: { name: 'rabbitmq', title: 'RabbitMQ' } },
};
const SESSION = { ...QUEUE, definition: { ...QUEUE.definition, quiescenceMs: () => 4000 } };

interface Made {
  readonly pattern?: object;
  readonly faults?: readonly Partial<PlannedFault>[];
  readonly measure?: object;
  readonly items?: readonly number[];
  /** Calls due in these times get no answer within the trial. */
  readonly silent?: readonly Gap[];
  readonly outcome?: Fate['outcome'];
  /** A subscriber does nothing in these times, and the rest afterwards. */
  readonly idle?: readonly Gap[];
}

const KILL = { id: 'kill', do: 'kill', on: 'service', atMs: 2000, forMs: 1000, options: {} } as const;

/** A trial of 100/s for 12 s: all is answered after 2 ms, and done at the same time. */
function silences({ pattern = REST, faults = [], measure = {}, silent = [], idle = [], ...more }: Made = {}) {
  const isIn = (gaps: readonly Gap[], ms: number) => gaps.some(([from, to]) => from <= ms && ms < to);
  const times = Array.from({ length: DURATION_MS / EVERY_MS }, (_, i) => i * EVERY_MS);
  const fates = times.map((ms): Fate => {
    if (!isIn(silent, ms)) return OK;
    return { dispatchedMs: 0.1, acknowledgedMs: DEADLINE_MS, outcome: more.outcome ?? 'timeout' };
  });
  const planned = faults.map((fault): PlannedFault => ({ ...KILL, ...fault }));
  const spec = {
    system: { pattern, service: { processingMs: 0, seededDefects: null } },
    load: { durationMs: DURATION_MS, deadlineMs: DEADLINE_MS },
    faults: planned,
    measure,
  } as unknown as TrialSpec;
  const arrivals = { ...arrivalsOf(fates, EVERY_MS) };
  const ns = Float64Array.from(more.items ?? [], (ms) => START_NS + ms * NS_PER_MS);
  const effects = times.flatMap((ms, i) => (isIn([...silent, ...idle], ms) ? [] : [effectAt(i, ms + 1)]));
  const raw = {
    logs: { arrivals: more.items ? { ...arrivals, items: { perArrival: 1, ns } } : arrivals, effects },
    faults: planned.map((fault) => {
      const endNs = (fault.atMs + fault.forMs) * NS_PER_MS;
      return { ...plannedRecord(fault, fault.on), liftedNs: endNs, readyNs: endNs };
    }),
  } as unknown as RawTrial;
  return silencesIn(spec, raw);
}

const NONE = { missing: [], disturbed: [] };

describe('a standstill', () => {
  test('is none where all is answered', () => {
    expect(silences()).toEqual(NONE);
  });

  test('is one before the first fault, and after what a fault left is over', () => {
    const words =
      /^the service stood still for 1\.\d+ s from 9\.99 s on, and nobody planned it: nothing was answered or done/;
    expect(silences({ silent: [[500, 1800]], faults: [KILL] }).missing).toHaveLength(1);
    expect(silences({ silent: [[10_000, 11_500]], faults: [KILL] }).missing).toEqual([
      expect.stringMatching(words),
    ]);
  });

  test('is one between two faults', () => {
    const later = { id: 'later', atMs: 9000 };
    expect(silences({ silent: [[6000, 7500]], faults: [KILL, later] }).missing).toHaveLength(1);
  });

  test('is none while a fault is on, nor until something is done after it: how long that takes is a finding', () => {
    expect(silences({ silent: [[2000, 3000]], faults: [KILL] })).toEqual(NONE);
    expect(silences({ silent: [[2000, 9000]], faults: [KILL] })).toEqual(NONE);
    expect(silences({ silent: [[2000, 12_000]], faults: [KILL] })).toEqual(NONE);
  });

  test('is none while the session of a consumer that was killed may last', () => {
    const at = (fromMs: number) =>
      silences({ pattern: SESSION, idle: [[fromMs, fromMs + 1800]], faults: [KILL] });
    expect(at(5000)).toEqual(NONE);
    expect(at(8500).missing).toEqual([expect.stringMatching(/^the service stood still .*: it did nothing/)]);
  });

  test('is one although its calls are refused at once', () => {
    expect(silences({ pattern: QUEUE, silent: [[5000, 7000]], outcome: 'refused' }).missing).toEqual([
      expect.stringMatching(/^RabbitMQ stood still for 2\.\d+ s/),
    ]);
    expect(silences({ silent: [[5000, 7000]], outcome: 'error' })).toEqual(NONE);
  });
});

describe('of a target', () => {
  const target = { ...REST, target: {} };

  test('a standstill disturbs: whose it was is not known', () => {
    expect(silences({ pattern: target, silent: [[5000, 7000]] })).toEqual({
      missing: [],
      disturbed: [expect.stringMatching(/^the target stood still for 2\.\d+ s from 4\.99 s on/)],
    });
  });

  test('is none where its answers take as long', () => {
    const slow = Array.from({ length: DURATION_MS / EVERY_MS }, (): Fate => ({
      dispatchedMs: 0,
      acknowledgedMs: 3000,
    }));
    const spec = {
      system: { pattern: target, service: { seededDefects: null } },
      load: { durationMs: DURATION_MS, deadlineMs: 5000 },
      faults: [],
      measure: {},
    } as unknown as TrialSpec;
    const raw = {
      logs: { arrivals: arrivalsOf(slow, EVERY_MS), effects: [] },
      faults: [],
    } as unknown as RawTrial;
    expect(silencesIn(spec, raw)).toEqual(NONE);
  });
});

describe('of streams', () => {
  const stream = { ...REST, interaction: 'server-stream' };
  const made = { pattern: stream, silent: [[4000, 6000]] as const };
  const from = (everyMs: number) => ({ streams: { from: 'items', everyNs: everyMs * NS_PER_MS } });

  test('a standstill is one in which no item came either', () => {
    expect(silences({ ...made, measure: from(100) }).missing).toHaveLength(1);
    const items = [4500, 5000, 5500];
    expect(silences({ ...made, measure: from(100), items })).toEqual(NONE);
  });

  test('the pace of their items is none', () => {
    expect(silences({ ...made, measure: from(800) })).toEqual(NONE);
  });
});

test('a standstill of this process disturbs; with its load generator it is one of the whole run', () => {
  const own = (loopDelayMaxNs: number, ownStandstill = ['commbench itself stood still for 5.00 s']) =>
    ownStandstillIn({
      ownStandstill,
      generator: { done: { loop: { loopDelayMaxNs } } },
    } as unknown as RawTrial);
  expect(own(20e6)).toEqual({ missing: [], disturbed: ['commbench itself stood still for 5.00 s'] });
  expect(own(5e9)).toEqual({
    missing: ['commbench itself stood still for 5.00 s, and its load generator with it'],
    disturbed: [],
  });
  expect(own(5e9, [])).toEqual(NONE);
});
