import { expect, test } from 'vitest';
import { orderTrials, specOf } from '../../src/run/trial-plan.ts';
import type { Row } from '../../src/run/spec.ts';
import { scenarioSchema } from '../../src/scenario/schema.ts';

const rows = [
  { id: 'a', target: undefined },
  { id: 'b', target: undefined },
  { id: 'c', target: undefined },
];

const scenario = scenarioSchema.parse({
  name: 'test',
  title: 'Test',
  patterns: rows.map(({ id }) => ({ id, title: id, transport: 'rest', interaction: 'request-reply' })),
  rounds: 20,
  outage: {},
});

test('floors first, then each round whole, the outages last', () => {
  const order = orderTrials(scenario, rows, 7);
  expect(order.map((e) => e.id)).toEqual(order.map((_, i) => i + 1));
  const rounds = Map.groupBy(order, (e) => e.round);
  expect([...rounds.keys()]).toEqual(Array.from({ length: 22 }, (_, i) => i));
  for (const entries of rounds.values())
    expect(entries.map((e) => e.pattern).toSorted()).toEqual(['a', 'b', 'c']);
  expect(new Set(rounds.get(0)!.map((e) => e.kind))).toEqual(new Set(['null']));
  expect(new Set(rounds.get(21)!.map((e) => e.kind))).toEqual(new Set(['outage']));
});

test('the order in a round is drawn from the seed: the same again, and not always the same', () => {
  const orderOf = (seed: number) =>
    orderTrials(scenario, rows, seed)
      .map((e) => e.pattern)
      .join('');
  expect(orderOf(7)).toBe(orderOf(7));
  expect(orderOf(7)).not.toBe(orderOf(8));
  const latency = orderTrials(scenario, rows, 7).filter((e) => e.kind === 'latency');
  const orders = Map.groupBy(latency, (e) => e.round)
    .values()
    .map((r) => r.map((e) => e.pattern).join(''));
  expect(new Set(orders).size).toBeGreaterThan(2);
});

test('every row of a round gets the same arrivals, every round others', () => {
  const specs = orderTrials(scenario, rows, 7)
    .filter((e) => e.kind === 'latency')
    .map((e) => specOf(e, scenario, { id: e.pattern } as Row, 7));
  for (const group of Map.groupBy(specs, (s) => s.round).values())
    expect(new Set(group.map((s) => s.seed)).size).toBe(1);
  expect(new Set(specs.map((s) => s.seed)).size).toBe(20);
});

test('a target of the user gets latency trials only', () => {
  const order = orderTrials(scenario, [{ id: 'a', target: 'http://127.0.0.1:1/' }], 1);
  expect(new Set(order.map((e) => e.kind))).toEqual(new Set(['latency']));
});

test.each([
  [2, 20],
  [50, 50],
  [200, 100],
  [5000, 100],
])('settling at %s/s takes windows of %s', (ratePerS, window) => {
  const at = scenarioSchema.parse({ ...scenario, load: { shape: 'constant', ratePerS } });
  const [entry] = orderTrials(at, rows, 1);
  expect(specOf(entry!, at, { id: 'a' } as Row, 1).settle).toMatchObject({ window });
});
