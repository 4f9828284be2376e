import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runDesignOf, type RunPlan } from '../../../src/experiments/run/design.ts';
import { resultSchema } from '../../../src/record/record.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { made, playDesign } from '../../support/design/design-world.ts';
import { withEmptyCache } from '../../support/design/empty-cache.ts';

const cache = withEmptyCache();
beforeAll(cache.enter);
afterAll(cache.leave);

async function designOf(name: string, more: Partial<RunPlan> = {}) {
  const { scenario } = await loadScenario(name, []);
  return runDesignOf({
    scenario,
    seed: 7,
    patterns: undefined,
    variants: undefined,
    targets: {},
    allowRemote: [],
    preview: false,
    ...more,
  });
}

test('every trial of the scenario in its order, and a file that is a result', async () => {
  const design = await designOf('rest-vs-queue');
  const { record, saved, events } = await playDesign(design, { trial: made });
  const { order } = design.design;
  expect(record!.state).toBe('complete');
  expect(record!.trials.map(({ id }) => id)).toEqual(order.map(({ id }) => id));
  expect(events[0]).toBe(`line ${design.estimate}`);
  expect(events).toContain(`started 1/${order.length} REST, no-op baseline`);
  const read = resultSchema.parse(saved.at(-1));
  expect(read).toEqual(record);
  expect(viewOf(read).meta.about[1]).toContain(`complete, ${order.length} of ${order.length} trials`);
});

describe('without its broker', () => {
  const missing = new Map([['rabbitmq', { reason: 'RabbitMQ is not here', hint: 'install it' }]]);
  test('a pattern is not run, and the others are counted without it', async () => {
    const { record, events } = await playDesign(await designOf('rest-vs-queue'), { trial: made, missing });
    const ran = record!.trials;
    expect([record!.state, new Set(ran.map(({ pattern }) => pattern))]).toEqual([
      'incomplete',
      new Set(['rest']),
    ]);
    expect(events).toContain(`started ${ran.length}/${ran.length} REST, service killed or frozen`);
  });
  test('a pattern whose edges alone go over it runs in those variants that need none; the rest is skipped', async () => {
    const { record } = await playDesign(await designOf('cascade'), { trial: made, missing });
    const skipped = record!.trials.filter(({ state }) => state === 'skipped');
    const isQueue = ({ variant }: { variant: string | null }) => variant === 'rabbitmq';
    expect(skipped.length).toBeGreaterThan(0);
    expect(skipped.every(isQueue)).toBe(true);
    expect(record!.trials.filter(isQueue)).toEqual(skipped);
    expect(skipped[0]!.failure).toBe('RabbitMQ is not here; install it');
    expect(record!.state).toBe('incomplete');
  });
});

test('a busy rate is a share of the capacity that its own latency trials found; without one the trial is skipped', async () => {
  const design = await designOf('idle-vs-busy', { patterns: ['rest'] });
  const known = await playDesign(design, { trial: made });
  const idle = known.record!.trials.find(({ kind }) => kind === 'idle-busy')!;
  expect(idle.state).toBe('done');
  const unknown = { acknowledgedPerS: null, donePerS: null };
  const none = await playDesign(await designOf('idle-vs-busy', { patterns: ['rest'] }), {
    trial: (spec) => made(spec, { capacity: unknown }),
  });
  expect(none.record!.trials.find(({ kind }) => kind === 'idle-busy')).toMatchObject({
    state: 'skipped',
    failure: expect.stringContaining('the rate of its closed loop is unknown'),
  });
  // What can't be run here is no failure.
  expect(none.record!.state).toBe('complete');
});

test('a broker that is not ours is never taken away, which is no failure', async () => {
  const { record } = await playDesign(await designOf('pattern-comparison', { patterns: ['queue'] }), {
    trial: made,
    given: 'rabbitmq',
  });
  const skipped = record!.trials.filter(({ state }) => state === 'skipped');
  expect(skipped.map(({ kind, failure }) => [kind, failure])).toEqual([
    ['broker-outage', 'not ours: RabbitMQ was given by its URL, and is never killed or frozen'],
  ]);
  expect(record!.state).toBe('complete');
});
