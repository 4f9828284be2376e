import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, test } from 'vitest';
import { viewOf } from '../../src/report/view-of.ts';
import { readExposition } from '../support/telemetry/exposition.ts';
import { printed } from '../support/reporters.ts';
import { completeResult } from '../support/result.ts';
import { dashboardExpressions } from './generated/dashboard-expressions.ts';

const result = completeResult();
const thresholds = ['response p50 < 1s'];
const report = viewOf({ ...result, scenario: { ...result.scenario, thresholds } });
/** Labels of each metric that commbench writes. */
const written = new Map<string, Set<string>>();
for (const { samples } of readExposition(printed(report, 'openmetrics'), true)) {
  for (const { name, labels } of samples) {
    const known = written.get(name) ?? new Set();
    for (const label of Object.keys(labels)) known.add(label);
    written.set(name, known);
  }
}

/** Texts of the nodes of these kinds in a parsed expression, by Prometheus' own grammar. */
function textsIn(expression: string, ...kinds: readonly string[]): string[] {
  const texts: string[] = [];
  parser.parse(expression).iterate({
    enter({ name, from, to, type }) {
      if (type.isError) throw new Error(`Expected PromQL, found ${expression} at ${from}`);
      if (kinds.includes(name)) texts.push(expression.slice(from, to));
    },
  });
  return texts;
}

test('it asks more than one thing', () => {
  expect(dashboardExpressions().length).toBeGreaterThan(7);
});

describe.each(dashboardExpressions())('$title', ({ expression }) => {
  test('is PromQL, of metrics that are written, with labels that they have', () => {
    const metrics = textsIn(expression, 'Identifier').filter((name) => name.startsWith('commbench_'));
    expect(metrics.length).toBeGreaterThan(0);
    expect(metrics.filter((name) => !written.has(name))).toEqual([]);
    const labels = textsIn(expression, 'LabelName');
    const known = new Set(metrics.flatMap((name) => [...written.get(name)!]));
    // A pattern's variants are not in every result.
    known.add('variant');
    expect(labels.filter((label) => !known.has(label))).toEqual([]);
  });
});

test('the parser refuses what is no PromQL', () => {
  expect(() => textsIn('sum by (le (x))')).toThrow('Expected PromQL');
});
