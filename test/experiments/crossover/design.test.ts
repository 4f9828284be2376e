import { describe, expect, test } from 'vitest';
import { crossoverDesign } from '../../../src/experiments/crossover/design.ts';
import { crossoverOf, findingIn } from '../../../src/experiments/crossover/found.ts';
import {
  type CrossoverDesign,
  type CrossoverRecord,
  crossoverSchema,
  type Question,
} from '../../../src/experiments/crossover/record.ts';
import { POINT_RULES } from '../../../src/experiments/crossover/sample.ts';
import { crossoverView } from '../../../src/experiments/crossover/view.ts';
import { firstRate } from '../../../src/kernel/load-shape.ts';
import type { TrialSpec } from '../../../src/plan/spec.ts';
import type { Trial } from '../../../src/record/record.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { type Play, playDesign } from '../../support/design/design-world.ts';
import { phaseOf, trialOf } from '../../support/result.ts';

const { scenario } = await loadScenario('pattern-comparison', []);
const RANGES = {
  payload: { from: 100, to: 1_000_000 },
  rate: { from: 20, to: 5000 },
  outage: { from: 100, to: 10_000 },
};

function designOf(question: Question, more: Partial<CrossoverDesign> = {}, isOpenEnded = false) {
  const { looks, ...rule } = POINT_RULES[question];
  const design: CrossoverDesign = {
    question,
    range: { ...RANGES[question], within: 1.5 },
    figure: 'completion',
    do: null,
    ratePerS: question === 'rate' ? null : 100,
    budgetMs: 1e9,
    rule: { looks: [...looks], ...rule },
    ...more,
  };
  return crossoverDesign({ between: ['queue', 'rest'], scenario, seed: 5, design, isOpenEnded });
}

/** How long the work of each pattern takes, in ms, by what the trial is of. */
function taking(spec: TrialSpec, ms: number, more: Partial<Trial> = {}): Trial {
  const {
    id,
    round,
    kind,
    system: { pattern },
  } = spec;
  // A little apart from pair to pair.
  const shape = { leastMs: ms * (1 + 0.01 * ((round * 7) % 5)), tailMs: ms / 100 };
  const phases = [phaseOf(160, shape, shape, id)];
  return trialOf({ id, round, kind, pattern: pattern.id, phases, ...more });
}

/** The queue is sooner above 18 kB. */
function crossing(spec: TrialSpec): Trial {
  const bytes = Number(/^echo-(\d+)$/.exec(spec.system.contract)![1]);
  return taking(spec, spec.system.pattern.id === 'rest' ? (bytes / 18_000) ** 0.3 : 1);
}

const search = async (play: Play, more: Partial<CrossoverDesign> = {}) =>
  playDesign(await designOf('payload', more), play);

test('pairs point by point until the crossover point is found; the file gives the same answer again', async () => {
  const { record, saved, events } = await search({ trial: crossing });
  const found = crossoverOf(record!);
  const finding = findingIn(found);
  expect(finding).toMatchObject({ kind: 'crossovers', crossovers: [{ below: 'second', above: 'first' }] });
  const [crossoverPoint] = finding.kind === 'crossovers' ? finding.crossovers : [];
  expect([crossoverPoint!.low < 18_000, crossoverPoint!.high > 18_000]).toEqual([true, true]);
  expect(found.points.slice(0, 3).map(({ at }) => at)).toEqual([100, 1_000_000, 10_000]);
  const lines = events.filter((event) => event.startsWith('line '));
  expect(lines).toHaveLength(found.points.length);
  expect(lines[0]).toMatch(/^line 100 B: REST is faster, Message queue\/REST .* in 4 pairs$/);
  const read = crossoverSchema.parse(saved.at(-1)) as CrossoverRecord;
  expect(read.state).toBe('complete');
  expect(crossoverOf(read)).toEqual(found);
});

test('the pairs of a record that another rule ended stay at the point where they were measured', async () => {
  const { record } = await search({ trial: crossing });
  const known = crossoverOf(record!);
  const first = record!.trials.filter(({ at }) => at === 100);
  const again = [1000, 2000].flatMap((more) =>
    first.map((trial) => ({ ...trial, id: trial.id + more, round: trial.round + more })),
  );
  const others = record!.trials.filter(({ at }) => at !== 100);
  const { points } = crossoverOf({ ...record!, trials: [...first, ...again, ...others] });
  expect(points[0]).toMatchObject({ at: 100, verdict: known.points[0]!.verdict });
  expect(points[0]!.pairs).toHaveLength(12);
  expect(points.slice(1)).toEqual(known.points.slice(1));
});

test('both patterns of a pair get the same arrivals, in an order that is drawn', async () => {
  const ran: [round: number, row: string, seed: number][] = [];
  const trial = (spec: TrialSpec) => {
    ran.push([spec.round, spec.system.pattern.id, spec.seed]);
    return crossing(spec);
  };
  await search({ trial });
  const pairs = [...Map.groupBy(ran, ([round]) => round).values()];
  expect(pairs.map((pair) => pair.map(([, row]) => row).toSorted())).toEqual(
    pairs.map(() => ['queue', 'rest']),
  );
  expect(pairs.every(([a, b]) => a![2] === b![2])).toBe(true);
  expect(new Set(pairs.map(([first]) => first![1])).size).toBe(2);
});

describe('time that is over', () => {
  test('ends the search after the pair that is on, and says at which point', async () => {
    const { record, saved, events } = await search({ trial: crossing, stepMs: 1000 }, { budgetMs: 12_500 });
    // The first point took eight trials; six more were begun in time, the last of them a whole pair.
    expect(record!.trials).toHaveLength(14);
    const found = crossoverOf(crossoverSchema.parse(saved.at(-1)));
    expect(found.state).toBe('complete');
    expect(found.points.map(({ at, verdict }) => [at, verdict!.state])).toEqual([
      [100, 'decided'],
      [1_000_000, 'stopped'],
    ]);
    expect(events.at(-3)).toMatch(/^line 1\.00 MB: time limit reached/);
  });
  test('between two points: the next one is told as not looked at', async () => {
    const { saved } = await search({ trial: crossing, stepMs: 1000 }, { budgetMs: 8000 });
    const found = crossoverOf(crossoverSchema.parse(saved.at(-1)));
    expect(found.points.map(({ pairs, verdict }) => [pairs.length, verdict!.state])).toEqual([
      [4, 'decided'],
      [0, 'stopped'],
    ]);
  });
});

test('an interruption in mid-pair: whole pairs are known, the half one is left out', async () => {
  const { error, saved } = await search({ trial: crossing, interruptAt: 6 });
  expect(error).toMatchObject({ code: 'interrupted' });
  const read = crossoverSchema.parse(saved.at(-1));
  expect([read.state, read.trials.length]).toEqual(['interrupted', 5]);
  const found = crossoverOf(read);
  expect(found.points.map(({ pairs, verdict }) => [pairs.length, verdict])).toEqual([[2, null]]);
  expect(crossoverView(found).findings.at(-1)).toBe('Interrupted: these are the pairs that were finished.');
});

test('a pair that does not count is no failure of the search', async () => {
  const trial = (spec: TrialSpec) => taking(spec, 1, { state: 'failed', failure: 'it died', phases: [] });
  const { record } = await search({ trial });
  expect(record!.state).toBe('complete');
  expect(crossoverOf(record!).points.map(({ verdict }) => verdict!.state)).toEqual(['unmeasured']);
});

describe('how far a rate goes', () => {
  const trial = (spec: TrialSpec) => {
    const capacity = spec.system.pattern.id === 'rest' ? 3000 : 800;
    const isOver = firstRate(spec.load.shape) > capacity;
    return taking(spec, spec.system.pattern.id === 'rest' ? 2 : 1, {
      capacity: { acknowledgedPerS: capacity + 100, donePerS: capacity },
      ...(isOver ? { load: { verdict: 'saturated', detail: 'made up' } as const } : {}),
    });
  };
  test('is asked of both patterns first, where nobody says it', async () => {
    const { record, events } = await playDesign(await designOf('rate', {}, true), { trial });
    const found = crossoverOf(record!);
    expect(events[0]).toBe(
      'started no crossover point so far, 1000000 s left: the closed loop of Message queue',
    );
    expect(found.loopsPerS).toEqual([800, 3000]);
    expect([found.range.to, record!.design.range.to]).toEqual([3000, 5000]);
    expect(Math.max(...found.points.map(({ at }) => at))).toBe(3000);
    expect(findingIn(found)).toMatchObject({
      kind: 'crossovers',
      crossovers: [{ below: 'first', above: 'second' }],
    });
  });
  test('and not where it was said', async () => {
    const { record } = await playDesign(await designOf('rate'), { trial });
    expect(record!.trials.every(({ at }) => at !== null)).toBe(true);
    expect(crossoverOf(record!)).toMatchObject({ loopsPerS: [null, null], range: { to: 5000 } });
  });
});

test('a pattern whose broker cannot be had: nothing is begun', async () => {
  const missing = new Map([['rabbitmq', { reason: 'RabbitMQ is not here', hint: 'install it' }]]);
  const { error, saved } = await search({ trial: crossing, missing });
  expect(error).toMatchObject({ code: 'no-broker', message: 'RabbitMQ is not here', hint: 'install it' });
  expect(saved).toEqual([]);
});
