import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { abKind, armsOf, comparisonIn } from '../../../src/experiments/ab/compared.ts';
import { abDesign } from '../../../src/experiments/ab/design.ts';
import { type AbDesign, type AbRecord, abSchema } from '../../../src/experiments/ab/record.ts';
import { pairedScenario } from '../../../src/plan/paired-scenario.ts';
import type { TrialSpec } from '../../../src/plan/spec.ts';
import type { Trial } from '../../../src/record/record.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { type Play, playDesign } from '../../support/design/design-world.ts';
import { withEmptyCache } from '../../support/design/empty-cache.ts';
import { phaseOf, trialOf } from '../../support/result.ts';

const cache = withEmptyCache();
beforeAll(cache.enter);
afterAll(cache.leave);

const { scenario: base } = await loadScenario('rest-vs-queue', []);
const scenario = pairedScenario(base, 24);
/** Each arm's trials are told apart by it. */
const held = (processingMs: number) => ({ ...scenario, service: { ...scenario.service, processingMs } });

function designOf(patterns: string[], more: Partial<Omit<AbDesign, 'arms'>> = {}) {
  return abDesign({
    arms: {
      a: { title: 'as the scenario says', scenario: held(0), targets: {} },
      b: { title: 'service.processingMs=1', scenario: held(1), targets: {} },
    },
    patterns,
    design: {
      id: 'one',
      mode: 'pairs',
      kind: 'latency',
      margin: 0.05,
      mostPairs: 24,
      budgetMs: 1e9,
      ...more,
    },
    seed: 5,
    brokers: {},
    allowRemote: [],
    storeValues: false,
  });
}

const play = async (patterns: string[], how: Play, more: Partial<Omit<AbDesign, 'arms'>> = {}) =>
  playDesign(await designOf(patterns, more), how);

/** A trial of 2 ms, of the slower arm so many times as long, both a little apart from pair to pair. */
function slower(factor: number) {
  return (spec: TrialSpec): Trial => {
    const {
      id,
      round,
      system: { pattern, service },
    } = spec;
    const leastMs = 2 * (1 + 0.01 * ((round * 7) % 5)) * (service.processingMs > 0 ? factor : 1);
    const shape = { leastMs, tailMs: leastMs / 50 };
    const phases = [phaseOf(160, shape, shape, id)];
    return trialOf({ id, round, pattern: pattern.id, phases });
  };
}

const roundsOf = ({ trials }: AbRecord, row: string, arm: 'a' | 'b') =>
  trials.filter((trial) => trial.pattern === row && trial.arm === arm).map(({ round }) => round);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

test('pairs until a planned look decides; the file compares its arms again', async () => {
  const { record, saved, events } = await play(['rest'], { trial: slower(1.5) });
  expect([roundsOf(record!, 'rest', 'a'), roundsOf(record!, 'rest', 'b')]).toEqual([upTo(6), upTo(6)]);
  expect(new Set(record!.trials.map(({ id }) => id)).size).toBe(12);
  const read = abSchema.parse(saved.at(-1));
  expect(read).toEqual(record);
  expect(comparisonIn(read, 'ab.json')).toMatchObject({
    verdict: 'regressed',
    how: 'paired',
    baseline: { files: ['ab.json#a'], title: 'as the scenario says' },
    factors: [{ what: 'service.processingMs', baseline: ['0'], candidate: ['1'] }],
  });
  expect(abKind.view(read, 'ab.json').findings[0]).toMatch(/^Regressed: REST response p50 1\.5\d× /);
  const lines = events.filter((event) => event.startsWith('line '));
  expect(lines[0]).toMatch(/^line About .* for 6 pairs, .* for 24 pairs \(seed 5\)$/);
  expect(lines.at(-1)).toMatch(/^line After 6 of at most 24 pairs: REST response p50 .* \(regressed\)$/);
  expect(lines).toHaveLength(7);
});

test('each arm stands in the file as the result of a run', async () => {
  const { record } = await play(['rest'], { trial: slower(1.5) });
  const { a, b } = armsOf(record!);
  expect([a.interleave, b.interleave]).toMatchObject([
    { id: 'one', arm: 'a', title: 'as the scenario says', mode: 'pairs' },
    { id: 'one', arm: 'b', title: 'service.processingMs=1', mode: 'pairs' },
  ]);
  expect([a.scenario.service.processingMs, b.scenario.service.processingMs]).toEqual([0, 1]);
  expect(b.design.order.map(({ round }) => round)).toEqual(upTo(6));
  expect(viewOf(b).meta.about[1]).toContain('complete, 6 of 6 trials');
});

test('a pattern that is decided is run no more; the others go on, to the most pairs', async () => {
  const trial = (spec: TrialSpec) => slower(spec.system.pattern.id === 'rest' ? 1.5 : 1.04)(spec);
  const { record } = await play(['rest', 'queue'], { trial }, { mostPairs: 10, margin: 0.04 });
  expect([roundsOf(record!, 'rest', 'a').length, roundsOf(record!, 'queue', 'a').length]).toEqual([6, 10]);
});

test('which arm comes first is drawn', async () => {
  const { record } = await play(['rest'], { trial: slower(1) }, { mostPairs: 24 });
  const firsts = [...Map.groupBy(record!.trials, ({ round }) => round).values()].map(([first]) => first!.arm);
  expect(new Set(firsts)).toEqual(new Set(['a', 'b']));
});

test('switchback: both arms of a pair at once', async () => {
  const { record, events } = await play(['rest'], { trial: slower(1) }, { mode: 'switchback', mostPairs: 1 });
  expect(record!.trials.map(({ arm }) => arm).toSorted()).toEqual(['a', 'b']);
  expect(events.filter((event) => /^(?:started|ran|saved)/.test(event)).slice(0, 3)).toEqual([
    'started pair 1 of 1: REST',
    expect.stringMatching(/^ran \d, \d$/),
    'saved 2',
  ]);
});

describe('what ended early', () => {
  test('an arm that fails in every pair: after two there is no other', async () => {
    const failed = (spec: TrialSpec): Trial => {
      const { id, round, system } = spec;
      return system.service.processingMs > 0
        ? trialOf({
            id,
            round,
            pattern: system.pattern.id,
            state: 'failed',
            failure: 'it does not start',
            phases: [],
          })
        : slower(1)(spec);
    };
    const { record, events } = await play(['rest'], { trial: failed });
    expect([record!.state, roundsOf(record!, 'rest', 'b')]).toEqual(['incomplete', upTo(2)]);
    expect(events).toContain('line rest: no trial of --b was finished in 2 pairs: no further pair');
  });
  test('time that is over: the pair that is on is made whole, and no other begun', async () => {
    const { record, events } = await play(['rest'], { trial: slower(1.5), stepMs: 1000 }, { budgetMs: 3500 });
    expect(record!.state).toBe('complete');
    expect([roundsOf(record!, 'rest', 'a'), roundsOf(record!, 'rest', 'b')]).toEqual([upTo(2), upTo(2)]);
    expect(events).toContain('line Time limit reached: no further pair');
  });
  test('one pair is made, however short the time', async () => {
    const { record } = await play(['rest'], { trial: slower(1) }, { budgetMs: 0 });
    expect(record!.trials).toHaveLength(2);
  });
  test('an interruption in mid-pair: the half one is left out, and that is said', async () => {
    const { error, saved } = await play(['rest'], { trial: slower(1.5), interruptAt: 6 });
    expect(error).toMatchObject({ code: 'interrupted' });
    const read = abSchema.parse(saved.at(-1));
    expect([read.state, read.trials.length]).toEqual(['interrupted', 5]);
    const [pattern] = comparisonIn(read, 'ab.json').patterns;
    expect(pattern!.gate).toMatchObject({
      used: { baseline: 2, candidate: 2 },
      excluded: [{ round: 3, why: { code: 'trial-missing' } }],
    });
  });
});

describe('without a broker', () => {
  const missing = new Map([['rabbitmq', { reason: 'RabbitMQ is not here', hint: null }]]);
  test('its pattern is run in neither arm, and both say so', async () => {
    const { record } = await play(['rest', 'queue'], { trial: slower(1.5), missing });
    expect(record!.state).toBe('incomplete');
    for (const { patterns } of Object.values(record!.design.arms))
      expect(patterns.map(({ state }) => state)).toEqual(['run', 'not-run']);
    expect(record!.trials.every(({ pattern }) => pattern === 'rest')).toBe(true);
  });
  test('where no pattern is left it is an error, and nothing is written', async () => {
    const { error, saved } = await play(['queue'], { trial: slower(1), missing });
    expect([error, saved]).toMatchObject([{ code: 'no-broker', message: 'RabbitMQ is not here' }, []]);
  });
});

test('faults that cannot strike a pattern are refused: a target of the user’s own is never taken down', async () => {
  const { scenario: slow } = await loadScenario('slow-consumer', []);
  const patterns = [slow.patterns.find(({ transport }) => transport === 'rest')!.id];
  const arm = (url?: string) => ({
    title: 'one',
    scenario: pairedScenario(slow, 24, 'fault'),
    targets: url === undefined ? {} : { [patterns[0]!]: url },
  });
  const design = {
    id: 'one',
    mode: 'pairs',
    kind: 'fault',
    margin: 0.05,
    mostPairs: 24,
    budgetMs: 1e9,
  } as const;
  const more = { patterns, design, seed: 5, brokers: {}, allowRemote: [], storeValues: false };
  await expect(abDesign({ ...more, arms: { a: arm(), b: arm('http://127.0.0.1:9/') } })).rejects.toThrow(
    'The faults of slow-consumer cannot strike rest',
  );
  await expect(abDesign({ ...more, arms: { a: arm(), b: arm() } })).resolves.toBeDefined();
});
