import { expect, test } from 'vitest';
import { analysisOf } from '../../../src/analysis/analysis.ts';
import { runFindings } from '../../../src/analysis/findings/run.ts';
import { baseResults, patternResults } from '../../../src/analysis/patterns/pattern-result.ts';
import type { Result } from '../../../src/record/record.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { variantsResult } from '../../support/comparison.ts';
import { measuredResult } from '../../support/fault-results.ts';
import type { Shape } from '../../support/result.ts';

const at = (ms: number): Shape => ({ leastMs: ms, tailMs: 0.1 });

/** The queue's work is done after twice REST's time, and with 21 ms of work after about the same. */
const result: Result = await measuredResult('pattern-comparison', ({ pattern, variant }) => {
  const workMs = variant === 'w21' ? 21 : 0;
  return { wait: at((pattern === 'queue' ? 2 : 1) + workMs) };
});

test('figures of a pattern are of the scenario as it stands, where that was run; all trials are still counted', () => {
  const [base, all] = [baseResults(result), patternResults(result)].map((patterns) =>
    patterns.find(({ record }) => record.id === 'rest')!,
  );
  expect(new Set(base!.trials.latency.map(({ variant }) => variant))).toEqual(new Set(['w0']));
  expect(all!.trials.latency).toHaveLength(2 * base!.trials.latency.length);
});

test('without an unchanged variant they are of all', () => {
  const payload = variantsResult();
  expect(baseResults(payload)).toEqual(patternResults(payload));
});

test('ratings are of the scenario as it stands, and those that another variant turns are found with it', () => {
  const { words } = analysisOf(result);
  const { latency } = words.find(({ pattern }) => pattern.record.id === 'queue')!.words;
  expect([latency.measured, latency.verdict]).toEqual([[['high']], 'supported']);
  const found = runFindings(analysisOf(result)).filter(({ code }) => code === 'rating-elsewhere');
  expect(found).toMatchObject([
    {
      subject: [
        { kind: 'pattern', id: 'queue' },
        { kind: 'rating', id: 'latency' },
        { kind: 'variant', id: 'w21' },
      ],
      verdict: 'contradicted',
      terms: { claimed: 'high', measured: 'medium' },
    },
  ]);
  const { findings, screen } = viewOf(result);
  expect(findings).toContain('With 21 ms of work: contradicted: Message queue latency (high → medium).');
  expect(findings.join('\n')).toContain('With more work per message (200/s): ');
  const { columns, rows } = screen.tables[0]!;
  const column = columns.findIndex(({ id }) => id === 'latency-w21');
  expect(columns[column]!.title).toBe('Latency, 21 ms of work');
  const queue = rows.find(({ pattern }) => pattern === 'queue')!.cells[column]!;
  expect([queue.text, queue.below]).toEqual([
    'high → medium',
    expect.stringMatching(/^contradicted 1\.0\d×$/),
  ]);
});
