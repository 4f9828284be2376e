import { describe, expect, test } from 'vitest';
import { sweepDesign } from '../../../src/experiments/sweep/design.ts';
import { metBy, sweptPatterns } from '../../../src/experiments/sweep/points.ts';
import { type Sweep, type SweepDesign, sweepSchema } from '../../../src/experiments/sweep/record.ts';
import { sweepView } from '../../../src/experiments/sweep/view.ts';
import { firstRate } from '../../../src/kernel/load-shape.ts';
import type { TrialSpec } from '../../../src/plan/spec.ts';
import type { Trial } from '../../../src/record/record.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { made, playDesign } from '../../support/design/design-world.ts';

const { scenario } = await loadScenario('rest-vs-queue', []);
const objective = {
  text: 'response p50 < 50ms',
  figure: 'response',
  quantile: 0.5,
  limitUs: 50_000,
  isInclusive: false,
} as const;

function designOf(more: Partial<SweepDesign> = {}) {
  const design = { rates: [100, 200, 400, 800, 1600], rounds: 2, quantile: 0.9, objective, ...more };
  return sweepDesign({ scenario, seed: 3, patterns: undefined, targets: {}, allowRemote: [], design });
}

/** REST keeps everything, the queue 300/s. */
function capped(spec: TrialSpec): Trial {
  const perS = firstRate(spec.load.shape);
  if (spec.system.pattern.id === 'rest' || perS < 300) return made(spec);
  return made(spec, {
    load: { verdict: 'saturated', detail: 'made up' },
    backlogGrowth: { perS: perS - 300, isGrowing: true },
  });
}

const ratesOf = ({ trials }: Sweep, row: string, round: number) =>
  trials.filter((trial) => trial.pattern === row && trial.round === round).map(({ ratePerS }) => ratePerS);

test('each pattern upwards until two rates were not kept; later rounds repeat what was measured, in another order', async () => {
  const { record, saved, events } = await playDesign(await designOf(), { trial: capped });
  expect(ratesOf(record!, 'rest', 1)).toEqual([100, 200, 400, 800, 1600]);
  expect(ratesOf(record!, 'queue', 1)).toEqual([100, 200, 400, 800]);
  for (const row of ['rest', 'queue']) {
    expect(ratesOf(record!, row, 2).toSorted((a, b) => a - b)).toEqual(ratesOf(record!, row, 1));
  }
  expect(ratesOf(record!, 'rest', 2)).not.toEqual(ratesOf(record!, 'rest', 1));
  expect(record!.trials.map(({ id }) => id)).toEqual(record!.trials.map((_, i) => i + 1));
  expect(events[0]).toMatch(/^line At most .* for 20 trials \(seed 3\)$/);
  expect(events).toContain('ended Message queue at 400/s, round 1 of 2: saturated: made up');
  expect(events).toContain('ended REST at 400/s, round 2 of 2: sustained');
  // The file says all of it again.
  const read = sweepSchema.parse(saved.at(-1));
  expect(read).toEqual(record);
  const [rest, queue] = sweptPatterns(read);
  expect([metBy(rest!, objective).metPerS, metBy(queue!, objective)]).toMatchObject([
    1600,
    { metPerS: 200, missedPerS: 400 },
  ]);
});

test('every pattern of a round gets the same arrivals at one rate', async () => {
  const seeds = new Map<string, Set<number>>();
  const trial = (spec: TrialSpec) => {
    const at = `${firstRate(spec.load.shape)} ${spec.round}`;
    seeds.set(at, (seeds.get(at) ?? new Set()).add(spec.seed));
    return made(spec);
  };
  await playDesign(await designOf(), { trial });
  expect([...seeds.values()].map(({ size }) => size)).toEqual(Array.from({ length: 10 }, () => 1));
});

describe('what ended early', () => {
  test('an interruption leaves the points until then, and the report of them', async () => {
    const { error, saved } = await playDesign(await designOf(), { trial: capped, interruptAt: 6 });
    expect(error).toMatchObject({ code: 'interrupted' });
    const read = sweepSchema.parse(saved.at(-1));
    expect([read.state, read.trials.length]).toEqual(['interrupted', 5]);
    expect(sweepView(read).findings.at(-1)).toBe('Interrupted: these are the trials that were finished.');
  });
  test('a trial that failed leaves it incomplete, and the pattern goes no further up after two of them', async () => {
    const trial = (spec: TrialSpec) =>
      spec.system.pattern.id === 'queue'
        ? made(spec, { state: 'failed', failure: 'it died', phases: [] })
        : made(spec);
    const { record } = await playDesign(await designOf(), { trial });
    expect(record!.state).toBe('incomplete');
    expect(ratesOf(record!, 'queue', 1)).toEqual([100, 200]);
  });
});
