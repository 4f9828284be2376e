import { describe, expect, test } from 'vitest';
import type { Surface } from '../../../src/report/reporter.ts';
import { reportSchema } from '../../../src/report/json/report-schema.ts';
import { comparisonView } from '../../../src/report/comparison/comparison-view.ts';
import { printed } from '../../support/reporters.ts';
import { COMPARISONS } from '../../support/compared.ts';

const EXTENSIONS = { markdown: 'md', csv: 'csv', junit: 'xml' } as const;
type Comparison = (typeof COMPARISONS)[keyof typeof COMPARISONS];

function report(comparison: Comparison, format: string, more: Partial<Surface> = {}): string {
  return printed(comparisonView(comparison), format, more);
}

describe.each(Object.entries(COMPARISONS))('%s', (name, comparison) => {
  test.each(['markdown', 'csv', 'junit'] as const)('as %s', async (format) => {
    const file = `../../golden/compare-${name}.${EXTENSIONS[format]}`;
    await expect(report(comparison, format)).toMatchFileSnapshot(file);
  });
  test.each([120, 80, 60])('as a table, %d columns', async (width) => {
    const text = report(comparison, 'table', { width });
    await expect(text).toMatchFileSnapshot(`../../golden/compare-${name}-${width}.txt`);
    expect(text.split('\n').filter((line) => line.length > width)).toEqual([]);
  });
  test('as JSON it is what its schema says, the verdict first', () => {
    const { findings } = reportSchema.parse(JSON.parse(report(comparison, 'json')));
    expect(findings[0]).toMatchObject({ code: 'comparison-verdict', verdict: name });
  });
  test('the verdict is said first', () => {
    const word = new RegExp(`^${name.replace('-', ' ')}: `, 'i');
    expect(report(comparison, 'table')).toMatch(word);
    expect(report(comparison, 'markdown').split('\n\n')[1]!.slice(2)).toMatch(word);
  });
});

test('a comment shows the verdict and one table, and folds the rest', () => {
  const [shown] = report(COMPARISONS.regressed, 'markdown').split('<details>');
  expect(shown!.split('\n').filter((line) => line.startsWith('#'))).toHaveLength(2);
  expect(shown!.length).toBeLessThan(1200);
});
