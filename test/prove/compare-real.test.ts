import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Done, openEvidence, type Shown } from '../../prove/compare-real/evidence.ts';
import { scenarioText, SERIES } from '../../prove/compare-real/series.ts';
import { summaryOf } from '../../prove/compare-real/summary.ts';
import { scenarioSchema } from '../../src/scenario/schema/schema.ts';

const ABOUT = {
  series: 'aa-rest',
  commit: 'abc',
  commbench: '1',
  machine: { cpu: 'x', cores: 2, system: 'y', kernel: 'z' },
  startedAt: '2026-11-02T10:00:00.000Z',
  a: [],
  b: [],
  mode: 'pairs',
} as const;
const CAME = {
  state: 'done',
  exitCode: 0,
  verdict: 'equivalent',
  gate: {
    figure: 'response p50',
    verdict: 'equivalent',
    interval: { ratio: 1.01, low: 0.99, high: 1.03, level: 0.99 },
    used: { baseline: 6, candidate: 6 },
    excluded: ['round 2: baseline: disturbed'],
    morePairs: null,
    detectable: 1.08,
  },
  invariantsBroken: [],
  made: 7,
  pairs: [],
  wallS: 50,
} as const;

test('a comparison that was cut off stays in the evidence: the numbers have no gap', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cbreal-'));
  try {
    const file = path.join(folder, 'evidence.jsonl');
    const first = openEvidence(file);
    first.end({ ...first.begin(ABOUT), ...CAME });
    first.begin(ABOUT);
    const again = openEvidence(file);
    const third = again.begin(ABOUT);
    again.end({ ...third, state: 'no-result', exitCode: 6 });
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Shown);
    expect(lines.map(({ number, state }) => [number, state])).toEqual([
      [1, 'done'],
      [2, 'begun'],
      [3, 'no-result'],
    ]);
    // Another order and other arrivals each time.
    expect(new Set(lines.map(({ seed }) => seed)).size).toBe(3);
    expect(summaryOf(lines)).toContain('without a verdict: 2 begun, 3 no-result');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the summary counts what was told, and in how many pairs', () => {
  const done = [
    CAME,
    { ...CAME, made: 16, verdict: 'regressed' },
    { ...CAME, made: 24, verdict: 'inconclusive' },
  ];
  const lines = done.map((came, i) => ({ ...ABOUT, number: i + 1, seed: i + 1, ...came }) as Done);
  const text = summaryOf(lines);
  expect(text).toContain('REST, A/A: 1 equivalent, 1 regressed, 1 inconclusive, of 3\n');
  expect(text).toContain('pairs until it was told: median 12, 7 to 16; not told: 1\n');
  expect(text).toContain('pairs excluded: 3\n');
  // Of six pairs at 99 %: Student's 4.032 (of five degrees of freedom) times s / √6 is ln(1.03 / 0.99) / 2.
  expect(text).toContain('scatter of a pair: median 1.2 %, 1.2 to 1.2 %\n');
});

test('every series is a scenario', () => {
  for (const series of SERIES) {
    const { patterns, durationMs, load } = scenarioSchema.parse(JSON.parse(scenarioText(series)));
    expect(patterns.map(({ id }) => id)).toEqual([series.pattern]);
    // A median of fewer would be told by single calls.
    expect(durationMs * (load.shape === 'constant' ? load.ratePerS : 0)).toBeGreaterThanOrEqual(200_000);
  }
});
