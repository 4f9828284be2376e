import { expect, test } from 'vitest';
import { analysisOf } from '../../../src/analysis/analysis.ts';
import { swapFindings } from '../../../src/analysis/findings/swaps.ts';
import { transportSwaps } from '../../../src/analysis/faults/transport-swaps.ts';
import type { Result } from '../../../src/record/record.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { type Fate, toldResult } from '../../support/fault-results.ts';

const HARMED = { createUser: 0.1 };
const ALL_HARMED = { createUser: 0.1, getUser: 0, listUsers: 0, updateUser: 0 };

/** Of cascade, what became of each variant; the brokers are killed in variants over them alone. */
function cascade(fates: Readonly<Record<string, Fate>>): Promise<Result> {
  return toldResult('cascade', ({ variant, case: of }) => {
    const broker = of?.match(/^(.*)-killed$/)?.[1];
    return broker !== undefined && !variant!.includes(broker) ? undefined : (fates[variant!] ?? {});
  });
}

function pairsIn(result: Result): string[] {
  const swaps = transportSwaps(analysisOf(result).faults, result.scenario);
  const pairs = swaps.map(
    ({ base, swapped, edge, from, to }) =>
      `${base.variant!.id} → ${swapped.variant!.id} (${edge}: ${from} → ${to})`,
  );
  return [...new Set(pairs)];
}

const calm = await cascade({});

test('variants with the same policies that differ in the transport of one edge are pairs, and no others', () => {
  expect(pairsIn(calm).toSorted()).toEqual([
    'retry → kafka (pay: rest → kafka)',
    'retry → rabbitmq (pay: rest → rabbitmq)',
    'synchronous → kafka-no-retry (pay: rest → kafka)',
    'synchronous → queue-reply (pay: rest → rabbitmq)',
    'synchronous → rabbitmq-no-retry (pay: rest → rabbitmq)',
  ]);
});

test('names decide nothing: a policy taken from a variant makes it the pair of another', () => {
  const { scenario } = calm;
  const variants = scenario.variants.map((variant) => {
    const edges = variant.edges?.filter(({ id }) => id !== 'book');
    return variant.id === 'rabbitmq' && edges ? { ...variant, edges } : variant;
  });
  const pairs = pairsIn({ ...calm, scenario: { ...scenario, variants } });
  expect(pairs).not.toContain('retry → rabbitmq (pay: rest → rabbitmq)');
  expect(pairs).toContain('synchronous → rabbitmq (pay: rest → rabbitmq)');
});

test('a service that is not alike makes no pair', () => {
  const { scenario } = calm;
  const variants = scenario.variants.map((variant) =>
    variant.id === 'kafka' ? { ...variant, services: [{ id: 'payments', concurrency: 40 }] } : variant,
  );
  expect(pairsIn({ ...calm, scenario: { ...scenario, variants } }).join()).not.toContain('→ kafka (');
});

test('only cases that both variants have are compared', () => {
  const cases = transportSwaps(analysisOf(calm).faults, calm.scenario).map(({ swapped }) => swapped.case!.id);
  expect([...new Set(cases)].toSorted()).toEqual(['frozen', 'killed', 'slow']);
});

test('the finding has the figures of both sides, and the sentence what is different', async () => {
  const result = await cascade({ retry: { correct: ALL_HARMED }, kafka: { correct: HARMED } });
  const [finding] = swapFindings(analysisOf(result));
  expect(finding).toMatchObject({
    code: 'transport-swap',
    terms: { from: 'rest', to: 'rabbitmq' },
    subject: [
      { kind: 'pattern', id: 'rest' },
      { kind: 'variant', id: 'rabbitmq' },
      { kind: 'case', id: 'killed' },
      { kind: 'edge', id: 'pay' },
      { kind: 'variant', id: 'retry' },
    ],
  });
  const figures = Object.fromEntries(finding!.figures.map(({ name, value }) => [name, value]));
  expect(figures).toEqual({
    success: 1,
    done: 1,
    'degraded-endpoints': 0,
    'unrelated-endpoints': 3,
    'base-success': 0.1,
    'base-done': 0.1,
    'base-degraded-endpoints': 3,
    'base-unrelated-endpoints': 3,
  });
  const [sentence] = viewOf(result).findings;
  expect(sentence).toContain(
    'With the same policies, RabbitMQ + retry against REST + retry: success in fault 10.0 % → 100 %, completed 10.0 % → 100 %, unrelated endpoints degraded 3 → 0 of 3; ',
  );
  expect(sentence).toContain('Kafka + retry against REST + retry: unrelated endpoints degraded 3 → 0 of 3; ');
  // Pairs that differ in nothing are told together.
  expect(sentence).toMatch(
    /; RabbitMQ without retry, Kafka without retry and RabbitMQ with reply against all REST: no difference\.$/,
  );
});
