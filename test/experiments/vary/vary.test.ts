import { afterAll, beforeAll, expect, test } from 'vitest';
import { varyDesign } from '../../../src/experiments/vary/design.ts';
import { variedPatterns } from '../../../src/experiments/vary/points.ts';
import { type VaryRecord, varySchema } from '../../../src/experiments/vary/record.ts';
import { varyView } from '../../../src/experiments/vary/view.ts';
import { pairedScenario } from '../../../src/plan/paired-scenario.ts';
import type { TrialSpec } from '../../../src/plan/spec.ts';
import type { Trial } from '../../../src/record/record.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { commbenchInside } from '../../support/cli-inside.ts';
import { type Play, playDesign } from '../../support/design/design-world.ts';
import { withEmptyCache } from '../../support/design/empty-cache.ts';
import { phaseOf, trialOf } from '../../support/result.ts';

const cache = withEmptyCache();
beforeAll(cache.enter);
afterAll(cache.leave);

const VALUES = [5, 10, 20];
const { scenario: base } = await loadScenario('slow-consumer', []);
const patterns = [base.patterns.find(({ transport }) => transport === 'rest')!.id];

async function play(
  how: Play,
  {
    rounds = 4,
    kind = 'fault',
  }: { readonly rounds?: number; readonly kind?: VaryRecord['design']['kind'] } = {},
): Promise<VaryRecord> {
  const scenarios = VALUES.map((concurrency) => ({
    ...pairedScenario(base, rounds, kind),
    service: { ...base.service, concurrency },
  }));
  const design = { path: 'service.concurrency', values: VALUES, variant: null, kind, rounds };
  const { record } = await playDesign(await varyDesign({ scenarios, patterns, seed: 3, design }), how);
  return varySchema.parse(record!);
}

/** A trial whose calls from the fault on succeed in this share, a little apart from round to round. */
function succeeding(shareAt: (concurrency: number) => number) {
  return (spec: TrialSpec): Trial => {
    const share = shareAt(spec.system.service.concurrency) + 0.01 * (spec.round % 2);
    const [fault] = spec.faults;
    const phases = spec.load.phases.map(({ name, fromMs, toMs }) => {
      const planned = Math.round((toMs - fromMs) / 5);
      const correct = fromMs < fault!.atMs ? planned : Math.round(planned * share);
      const shape = { leastMs: 2, tailMs: 1 };
      const window = { name, fromNs: fromMs * 1e6, toNs: toMs * 1e6, planned, correct, doneInTime: correct };
      return phaseOf(0, shape, shape, spec.id, window);
    });
    return trialOf({
      id: spec.id,
      round: spec.round,
      pattern: spec.system.pattern.id,
      kind: spec.kind,
      phases,
      faults: spec.faults.map(({ id, do: what, on, atMs, forMs }) => ({
        id,
        do: what,
        on,
        plannedAtNs: atMs * 1e6,
        plannedForNs: forMs * 1e6,
        injectedNs: atMs * 1e6,
        observedNs: atMs * 1e6,
        liftedNs: null,
        readyNs: null,
        planned: null,
        injected: null,
        observed: null,
      })),
    });
  };
}

test('every value runs once a round, in drawn order, under the same faults and arrivals', async () => {
  const record = await play({ trial: succeeding(() => 0.5) });
  const rounds = [1, 2, 3, 4].map((round) => record.trials.filter((trial) => trial.round === round));
  for (const round of rounds) {
    expect(round.map(({ value }) => value).toSorted((a, b) => a - b)).toEqual(VALUES);
    expect(round.every(({ kind, faults }) => kind === 'fault' && faults.length === 1)).toBe(true);
  }
  const orders = rounds.map((round) => round.map(({ value }) => value).join());
  expect(new Set(orders).size).toBeGreaterThan(1);
});

test('the best value, and those that cannot be told from it', async () => {
  const shares: Record<number, number> = { 5: 0.2, 10: 0.8, 20: 0.8 };
  const record = await play({ trial: succeeding((concurrency) => shares[concurrency]!) });
  const [pattern] = variedPatterns(record);
  expect(pattern).toMatchObject({ kind: 'correct', best: { worse: [5] } });
  expect([pattern!.best!.value, ...pattern!.best!.alike].toSorted((a, b) => a - b)).toEqual([10, 20]);
  const report = varyView(record, 'vary.json');
  expect(report.findings[0]).toMatch(
    /^REST: correct from the fault on is highest at service\.concurrency (10|20) \(80\.5 %\); not told apart from it: (10|20) \(80\.5 %\); lower: 5 \(20\.5 %\)\.$/,
  );
  expect(report.tables[0]!.rows).toHaveLength(3);
  expect(report.charts[0]!.series[0]).toMatchObject({ points: [{ x: 5 }, { x: 10 }, { x: 20 }] });
});

test('one round has no scatter: nothing is told apart, and the report says so', async () => {
  const record = await play({ trial: succeeding((concurrency) => concurrency / 100) }, { rounds: 1 });
  expect(variedPatterns(record)[0]!.best).toMatchObject({ value: 20, alike: [5, 10], worse: [] });
  expect(varyView(record).findings[0]).toContain('One round has no scatter');
});

test('without faults the median decides, and shorter is better', async () => {
  const trial = (spec: TrialSpec): Trial => {
    const leastMs = (40 / spec.system.service.concurrency) * (1 + 0.01 * (spec.round % 2));
    const shape = { leastMs, tailMs: leastMs / 50 };
    const phases = [phaseOf(160, shape, shape, spec.id)];
    return trialOf({ id: spec.id, round: spec.round, pattern: spec.system.pattern.id, phases });
  };
  const [pattern] = variedPatterns(await play({ trial }, { kind: 'latency' }));
  expect(pattern).toMatchObject({ kind: 'response', best: { value: 20, worse: [5, 10], alike: [] } });
});

test('a median over rounds is that of all their calls, never a mean of medians', async () => {
  // Of four rounds one is ten times as slow: its calls are a quarter of all.
  const trial = (spec: TrialSpec): Trial => {
    const shape = { leastMs: spec.round === 1 ? 20 : 2, tailMs: 0.02 };
    const phases = [phaseOf(160, shape, shape, spec.id)];
    return trialOf({ id: spec.id, round: spec.round, pattern: spec.system.pattern.id, phases });
  };
  const [pattern] = variedPatterns(await play({ trial }, { kind: 'latency' }));
  for (const { figure } of pattern!.points) expect(figure! / 1000).toBeCloseTo(2, 1);
});

test.each([
  ['circuit-breaker --vary policies.breaker.0.openMs=1..5', 'Choose the one to measure with --variant none'],
  ['circuit-breaker --variant breakr --vary policies.breaker.0.openMs=1..5', 'Did you mean breaker?'],
  [
    'circuit-breaker --variant breaker --vary policies.breaker.0.open=1,2',
    '--vary policies.breaker.0.open=1:',
  ],
  ['quick --case slow', '--case needs --vary'],
  ['quick --no-faults', '--no-faults needs --vary'],
  ['quick --vary service.concurrency=1,2 --rates 5', '--rates cannot be combined with --vary'],
  ['quick --vary service.concurrency=1,2 --percentile p99', '--percentile cannot be combined with --vary'],
])('sweep %s is refused before anything is measured', async (line, message) => {
  const { code, stderr } = await commbenchInside([
    'sweep',
    ...line.split(' '),
    '--out',
    'package.json/x.json',
  ]);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});
