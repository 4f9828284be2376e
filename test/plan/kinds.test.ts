import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Use } from '../../src/plan/kinds/kind.ts';
import { ASKED_KINDS, fieldOf, kindByName, KINDS, timelineOf } from '../../src/plan/kinds/kinds.ts';
import { orderTrials } from '../../src/plan/trial-order.ts';
import type { ResolvedPattern } from '../../src/plan/spec.ts';
import { trialLabelText } from '../../src/trial/progress.ts';
import { scenarioSchema } from '../../src/scenario/schema/schema.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../src/plan/kinds');
const PORT = ['kind.ts', 'kinds.ts'];

const resolved = {
  id: 'a',
  own: {},
  target: undefined,
  definition: { broker: { name: 'x' } },
} as unknown as ResolvedPattern;
const pattern = { id: 'a', title: 'A', transport: 'rest', interaction: 'request-reply' };
const base = scenarioSchema.parse({ name: 'n', title: 'T', patterns: [pattern], rounds: 1 });
const fault = { do: 'kill', on: 'service', atMs: 1000, forMs: 500 };

it('finds every file of the folder, which is named like its kind', () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ts') && !PORT.includes(file));
  expect(KINDS.map(({ name }) => `${name}.ts`)).toEqual(files.toSorted());
});

it('refuses a name that no file has', () => {
  expect(() => kindByName('no-such')).toThrow(RangeError);
  expect(() => fieldOf('latency')).toThrow('Expected a kind with a field, found latency');
});

describe.each(KINDS.map((kind) => [kind.name, kind] as const))('%s', (name, kind) => {
  it('says what it is for, and has words of its own', () => {
    expect(kind.uses.length).toBeGreaterThan(0);
    const label = { index: 1, count: 2, pattern: 'A', variant: null, round: 1, rounds: 3, kind: name };
    expect(trialLabelText(label)).toMatch(/^1\/2 A, \w/);
    expect(kind.words.report({ round: 1, case: null, variant: null })).toMatch(/\w{3}/);
  });

  it('fills its time with phases, and strikes only within it', () => {
    const asked = { ...base, ...Object.fromEntries(ASKED_KINDS.map(askedFor)), faults: [fault] };
    const { durationMs, phases, faults } = timelineOf(
      { kind: name, case: null },
      scenarioSchema.parse(asked),
      100,
    );
    expect(phases[0]!.fromMs).toBe(0);
    expect(phases.at(-1)!.toMs).toBe(durationMs);
    for (const [i, { toMs }] of phases.slice(0, -1).entries()) expect(phases[i + 1]!.fromMs).toBe(toMs);
    for (const { atMs, forMs } of faults) expect(atMs + forMs).toBeLessThanOrEqual(durationMs);
  });
});

it.each(ASKED_KINDS.map((kind) => [kind.name, kind] as const))(
  '%s runs once where its field is given, and not where it is none',
  (name, kind) => {
    const without = {
      ...base,
      ...Object.fromEntries(ASKED_KINDS.map(({ runs }) => [runs.field, runs.none])),
    };
    const asked = scenarioSchema.parse({ ...without, ...Object.fromEntries([askedFor(kind)]) });
    const kindsIn = (scenario: typeof base) =>
      orderTrials(scenario, [resolved], 1).map((trial) => trial.kind);
    expect(kindsIn(without)).toEqual(['latency']);
    expect(kindsIn(asked).filter((one) => one === name)).toHaveLength(1);
    expect(kindsIn(asked)).toHaveLength(2);
  },
);

it('leaves no use of the analysis without a kind', () => {
  const uses: Record<Use, true> = {
    latency: true,
    'service-coupling': true,
    'broker-coupling': true,
    variability: true,
    traffic: true,
    'closed-loop': true,
    baseline: true,
    fault: true,
    control: true,
  };
  expect(new Set(KINDS.flatMap((kind) => kind.uses))).toEqual(new Set(Object.keys(uses)));
});

/** Its field as it is given in a scenario. */
function askedFor({ runs: { field, none } }: (typeof ASKED_KINDS)[number]): [field: string, value: unknown] {
  return [field, none === false ? true : {}];
}
