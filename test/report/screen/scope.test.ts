import { expect, test } from 'vitest';
import type { Result } from '../../../src/record/record.ts';
import { scopeText } from '../../../src/report/screen/scope.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { comparisonResult, variantsResult } from '../../support/comparison.ts';
import { completeResult } from '../../support/result.ts';

const COMPARISON = comparisonResult();

function withScenario(result: Result, more: Partial<Result['scenario']>): Result {
  return { ...result, scenario: { ...result.scenario, ...more } };
}

test('runtime, every client library once, rate and work', () => {
  expect(scopeText({ ...COMPARISON, environment: { node: '26.10.0' } })).toBe(
    'Holds for: one host, loopback, one broker of each kind, Node 26.10.0 with undici 8.12.4, @grpc/grpc-js 1.14.7, amqplib 2.3.1 and kafkajs 2.2.4, 200/s, no work in the service.',
  );
});

test('a client that was not run measured nothing', () => {
  const patterns = COMPARISON.patterns.map((pattern) =>
    pattern.id === 'events' ? { ...pattern, state: 'not-run' as const } : pattern,
  );
  expect(scopeText({ ...COMPARISON, patterns })).not.toContain('kafkajs');
});

test('rates and work of all variants, with their unit once', () => {
  const { scenario } = variantsResult();
  const variants = scenario.variants.map((variant, i) => ({
    ...variant,
    load: { shape: 'constant' as const, ratePerS: [500, 50, 200][i]! },
    service: { processingMs: [0, 5, 20][i]! },
  }));
  expect(scopeText(withScenario(variantsResult(), { variants }))).toMatch(
    /, 50, 200 or 500\/s, 0, 5 or 20 ms of work per message\.$/,
  );
});

test('a scenario that rates the guides has it, though nobody is recommended', () => {
  expect(viewOf(COMPARISON).screen.scope).toMatch(/^Holds for: /);
  expect(viewOf(completeResult()).screen.scope).toMatch(/^Holds for: /);
});
