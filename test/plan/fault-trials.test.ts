import { expect, test } from 'vitest';
import type { TransportDefinition } from '../../src/kernel/transport.ts';
import { brokersTakenIn } from '../../src/plan/brokers-of.ts';
import { canSkipWork } from '../../src/trial/drive.ts';
import type { ResolvedPattern } from '../../src/plan/spec.ts';
import { orderTrials } from '../../src/plan/trial-order.ts';
import { specOf } from '../../src/plan/trial-plan.ts';
import { scenarioSchema } from '../../src/scenario/schema/schema.ts';

const definitionOf = (name: string, hasBroker: boolean) =>
  ({ name, ...(hasBroker ? { broker: { name } } : {}) }) as unknown as TransportDefinition;
const REST = definitionOf('rest', false);
const RABBITMQ = definitionOf('rabbitmq', true);
const edgeTransports = new Map([REST, RABBITMQ].map((one) => [one.name, one]));
const rowOf = (id: string, definition: TransportDefinition) =>
  ({
    id,
    own: {},
    target: undefined,
    definition,
    interaction: 'request-reply',
    edgeTransports,
  }) as unknown as ResolvedPattern;

const atMs = 1000;
const forMs = 500;
const scenario = scenarioSchema.parse({
  name: 'test',
  title: 'Test',
  patterns: [{ id: 'rest', title: 'REST', transport: 'rest', interaction: 'request-reply' }],
  services: [{ id: 'front' }, { id: 'leaf' }],
  edges: [{ id: 'way', from: 'front', to: 'leaf' }],
  variants: [
    { id: 'awaited', title: 'awaited' },
    { id: 'queue', title: 'queue', edges: [{ id: 'way', transport: 'rabbitmq', interaction: 'work-queue' }] },
  ],
  cases: [
    { id: 'leaf', title: 'leaf killed', faults: [{ do: 'kill', on: 'leaf', atMs, forMs }] },
    { id: 'broker', title: 'broker killed', faults: [{ do: 'kill', on: 'rabbitmq', atMs, forMs }] },
    { id: 'link', title: 'reset', faults: [{ do: 'reset', on: 'way', atMs, forMs }] },
  ],
  rounds: 1,
  noop: false,
});
const pattern = rowOf('rest', REST);
const order = orderTrials(scenario, [pattern], 1);

test('each variant has one control beside its cases, but no case of a broker that it does not go over', () => {
  const of = (id: string) =>
    order.filter(({ variant }) => variant === id).map((entry) => `${entry.kind} ${entry.case}`);
  expect(of('queue').toSorted()).toEqual(['control null', 'fault broker', 'fault leaf', 'fault link']);
  expect(of('awaited').toSorted()).toEqual(['control null', 'fault leaf', 'fault link']);
});

test('a broker behind an edge is taken by the case that names it, and by no other', () => {
  const taken = order
    .map((entry) => specOf(entry, { scenario, seed: 1, pattern }))
    .filter((spec) => brokersTakenIn(spec).length > 0);
  expect(taken.map((spec) => [spec.variant, spec.case])).toEqual([['queue', 'broker']]);
});

test('the proxy of an edge stands in every trial of a scenario that cuts it in one', () => {
  const proxied = order.map(
    (entry) => specOf(entry, { scenario, seed: 1, pattern }).system.topology!.proxied,
  );
  expect(new Set(proxied.map(String))).toEqual(new Set(['way']));
});

test('patterns without services: `broker` is their own', () => {
  const { services: _, edges: __, variants: ___, cases: ____, ...plain } = scenario;
  const faults = [{ do: 'kill', on: 'broker', atMs, forMs }];
  const base = scenarioSchema.parse({ ...plain, faults });
  const patterns = [pattern, rowOf('queue', RABBITMQ)];
  const entries = orderTrials(base, patterns, 1);
  const faulted = entries.filter(({ kind }) => kind === 'fault');
  expect(faulted.map((entry) => entry.pattern)).toEqual(['queue']);
  const spec = specOf(faulted[0]!, { scenario: base, seed: 1, pattern: patterns[1]! });
  expect(brokersTakenIn(spec).map(({ name }) => name)).toEqual(['rabbitmq']);
});

test('where a fallback may have answered, nobody knows how much work the warm-up has done', () => {
  const withPolicy = (policy: string) => {
    const given = { ...scenario, edges: [{ ...scenario.edges[0]!, policies: [{ policy }] }] };
    return specOf(order[0]!, { scenario: given, seed: 1, pattern });
  };
  expect(canSkipWork(withPolicy('fallback'))).toBe(true);
  expect(canSkipWork(withPolicy('none'))).toBe(false);
  expect(
    canSkipWork(specOf(order[0]!, { scenario, seed: 1, pattern: { ...pattern, target: undefined } })),
  ).toBe(false);
});
