import { describe, expect, test } from 'vitest';
import { calibrationDesign } from '../../../src/experiments/calibrate/design.ts';
import { calibrationIn } from '../../../src/experiments/calibrate/found.ts';
import { type CalibrationRecord, calibrationSchema } from '../../../src/experiments/calibrate/record.ts';
import { calibrationView } from '../../../src/experiments/calibrate/view.ts';
import { firstRate } from '../../../src/kernel/load-shape.ts';
import type { TrialSpec } from '../../../src/plan/spec.ts';
import type { Trial } from '../../../src/record/record.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { made, type Play, playDesign } from '../../support/design/design-world.ts';

/** Patterns without HTTP: no other tool is started beside them. */
const { scenario } = await loadScenario('pattern-comparison', []);

interface Asked {
  readonly patterns?: readonly string[];
  readonly budgetMs?: number;
  readonly earlier?: CalibrationRecord;
}

async function calibrate(how: Play, { patterns = ['grpc'], budgetMs = 1e9, earlier }: Asked = {}) {
  const asked = { scenario, seed: 5, patterns, budgetMs, brokers: {}, fingerprint: 'this machine', earlier };
  return playDesign(await calibrationDesign(asked), how);
}

/** Keeps every rate up to its capacity. */
const keeping =
  (capacityPerS: number) =>
  (spec: TrialSpec): Trial =>
    made(spec, {
      capacity: { acknowledgedPerS: 1000, donePerS: 900 },
      ...(firstRate(spec.load.shape) > capacityPerS
        ? { load: { verdict: 'saturated', detail: 'made up' } as const }
        : {}),
    });

const rowsOf = (record: CalibrationRecord | undefined) => calibrationIn(record!).calibrated;

test('three floors, then rates until the capacity is enclosed; the file says the same again', async () => {
  const { record, saved, events } = await calibrate({ trial: keeping(700) });
  expect(record!.state).toBe('complete');
  const parts = record!.trials.map(({ part, ratePerS }) => `${part} ${ratePerS}`);
  // Half of the closed loop is the first guess; two trials decide a rate.
  expect(parts.slice(0, 5)).toEqual([
    'no-op 100',
    'no-op 100',
    'no-op 100',
    'sustained-rate 450',
    'sustained-rate 450',
  ]);
  const [pattern] = rowsOf(record);
  expect(pattern).toMatchObject({
    noop: { trials: 3 },
    sustainedRate: { isWhole: true, limit: 'saturated' },
    why: null,
  });
  const { sustainedPerS, notSustainedPerS } = pattern!.sustainedRate!;
  expect([
    sustainedPerS! <= 700,
    notSustainedPerS! > 700,
    notSustainedPerS! / sustainedPerS! <= 1.16,
  ]).toEqual([true, true, true]);
  expect(events).toContain(`line gRPC: sustained ${sustainedPerS}/s`);
  const read = calibrationSchema.parse(saved.at(-1));
  expect(rowsOf(read)).toEqual(rowsOf(record));
  expect(calibrationView(calibrationIn(read)).findings[0]).toContain(`gRPC ${sustainedPerS}/s`);
});

test('the trials of a record that another rule ended stay at the rate at which they were measured', async () => {
  const { record } = await calibrate({ trial: keeping(700) });
  const known = rowsOf(record)[0]!.sustainedRate!;
  // Three trials of the first rate, where two decide today.
  const at = record!.trials.findIndex(({ part }) => part === 'sustained-rate');
  const trials = record!.trials.toSpliced(at, 0, record!.trials[at]!);
  const found = rowsOf({ ...record!, trials })[0]!.sustainedRate!;
  expect(found.triedRates[0]!.verdicts).toHaveLength(3);
  expect(found.triedRates.slice(1)).toEqual(known.triedRates.slice(1));
  expect(found).toEqual({ ...known, triedRates: found.triedRates });
});

test('the first no-op baseline alone has the closed loop in its warm-up', async () => {
  const probes: number[] = [];
  const trial = (spec: TrialSpec) => {
    probes.push(spec.warmUp.closedLoop!.forMs);
    return keeping(700)(spec);
  };
  await calibrate({ trial });
  expect(probes.slice(0, 4)).toEqual([1000, 0, 0, 0]);
});

describe('the budget', () => {
  test('is shared: what a pattern leaves of its part is the next ones’', async () => {
    const patterns = ['grpc', 'queue'];
    const { record } = await calibrate({ trial: keeping(700), stepMs: 1000 }, { patterns, budgetMs: 10_000 });
    const counts = Object.values(Object.groupBy(record!.trials, ({ key }) => key)).map((own) => own!.length);
    expect(counts).toEqual([5, 5]);
    expect(record!.state).toBe('complete');
    expect(rowsOf(record).map(({ sustainedRate }) => sustainedRate!.isWhole)).toEqual([false, false]);
  });
  test('that is over before anything is known leaves it incomplete, with the reason', async () => {
    const { record } = await calibrate({ trial: keeping(700), stepMs: 1000 }, { budgetMs: 2500 });
    expect(record!.state).toBe('incomplete');
    expect(rowsOf(record)[0]).toMatchObject({
      noop: { trials: 3 },
      why: 'no sustained rate: the time limit was reached',
    });
  });
});

describe('what is known from before', () => {
  const whole = async () => (await calibrate({ trial: keeping(700) })).record!;

  test('stays with its trials where another pattern is calibrated', async () => {
    const earlier = await whole();
    const { record } = await calibrate({ trial: keeping(300) }, { patterns: ['queue'], earlier });
    expect(rowsOf(record).map(({ pattern }) => pattern.id)).toEqual(['queue', 'grpc']);
    expect(rowsOf(record)[1]).toEqual(rowsOf(earlier)[0]);
  });
  test('is replaced by what is as good, and its trials are no longer kept', async () => {
    const earlier = await whole();
    const { record } = await calibrate({ trial: keeping(300) }, { earlier });
    const [pattern] = rowsOf(record);
    expect(pattern!.sustainedRate!.notSustainedPerS).toBeLessThan(700);
    expect(new Set(record!.trials.map(({ at }) => at))).toEqual(new Set([pattern!.at]));
  });
  test('is not lost to a budget that ends sooner, and that is said', async () => {
    const earlier = await whole();
    const { record } = await calibrate({ trial: keeping(300), stepMs: 1000 }, { budgetMs: 2500, earlier });
    const { at, sustainedRate } = rowsOf(earlier)[0]!;
    expect(rowsOf(record)[0]).toMatchObject({
      at,
      sustainedRate,
      why: 'no sustained rate: the time limit was reached',
    });
    expect(record!.trials).toEqual(earlier.trials);
    expect(record!.state).toBe('incomplete');
  });
  test('is given up where it was measured with another version of its broker', async () => {
    const how = { trial: keeping(700), given: 'rabbitmq' };
    const earlier = (await calibrate(how, { patterns: ['queue'] })).record!;
    const [entry] = earlier.design.entries;
    expect(entry!.broker).toBe('rabbitmq 1');
    entry!.broker = 'rabbitmq 0';
    const asked = { patterns: ['queue'], budgetMs: 2500, earlier };
    const { record } = await calibrate({ ...how, stepMs: 1000 }, asked);
    expect(rowsOf(record)[0]).toMatchObject({
      noop: { trials: 3 },
      why: 'no sustained rate: the time limit was reached',
    });
    expect(record!.design.entries[0]!.broker).toBe('rabbitmq 1');
    expect(record!.trials).toHaveLength(3);
  });
  test('is not lost to an interruption either', async () => {
    const earlier = await whole();
    const { saved } = await calibrate({ trial: keeping(300), interruptAt: 5 }, { earlier });
    const read = calibrationSchema.parse(saved.at(-1));
    expect(read.state).toBe('interrupted');
    expect(rowsOf(read)).toEqual(rowsOf(earlier));
  });
});

test('a pattern whose broker cannot be had says so, unless it is known from before', async () => {
  const missing = new Map([['rabbitmq', { reason: 'RabbitMQ is not here', hint: null }]]);
  const { record } = await calibrate({ trial: keeping(700), missing }, { patterns: ['grpc', 'queue'] });
  expect(record!.state).toBe('incomplete');
  expect(rowsOf(record).map(({ why }) => why)).toEqual([null, 'RabbitMQ is not here']);
  const { record: earlier } = await calibrate({ trial: keeping(700) }, { patterns: ['queue'] });
  const later = await calibrate({ trial: keeping(700), missing }, { patterns: ['queue'], earlier: earlier! });
  expect(rowsOf(later.record)).toEqual(rowsOf(earlier));
});
