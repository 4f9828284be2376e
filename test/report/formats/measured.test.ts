import { HistogramLogReader } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { type Bucket, decodeHdr } from '../../../prove/recompute/figures/hdr.ts';
import { distributionsIn } from '../../../src/analysis/distributions/distributions.ts';
import { comparisonView } from '../../../src/report/comparison/comparison-view.ts';
import type { Report } from '../../../src/report/report.ts';
import { loadFormat } from '../../../src/report/reporters.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { COMPARISONS } from '../../support/compared.ts';
import { type ReadFamily, readExposition } from '../../support/telemetry/exposition.ts';
import { printed } from '../../support/reporters.ts';
import { completeResult, latencyTrial, REST, resultOf } from '../../support/result.ts';

const result = completeResult();
const report = viewOf(result);
const SURFACE = { width: 120, height: 40, color: false, program: 'commbench', full: true, explain: false };

/** Samples of all rounds, by an independent reader of the histograms. */
function bucketsOf(
  pattern: string,
  kind: string,
  figure: 'response' | 'completion',
  phase = 'baseline',
): Bucket[] {
  return result.trials
    .filter((trial) => trial.pattern === pattern && trial.kind === kind)
    .flatMap(({ phases }) => phases.filter(({ name }) => name === phase))
    .flatMap((one) => decodeHdr(one[figure].histogram));
}

const countOf = (buckets: readonly Bucket[]) => buckets.reduce((sum, { count }) => sum + count, 0);

describe('hlog', () => {
  const lines = printed(report, 'hlog')
    .split('\n')
    .filter((line) => line.startsWith('Tag='))
    .map((line) => line.split(','));

  test('has an interval for each trial, phase and figure, and its histogram as it is stored', () => {
    const ofRest = lines.filter(([tag]) => tag === 'Tag=rest:latency:baseline:response');
    expect(ofRest).toHaveLength(5);
    const counts = ofRest.map(([, , , , histogram]) => countOf(decodeHdr(histogram!)));
    expect(counts).toEqual([600, 600, 600, 600, 600]);
  });

  test('is read by HdrHistogram’s own reader: maxima, starts and tags', () => {
    const reader = new HistogramLogReader(printed(report, 'hlog'));
    const tags: string[] = [];
    for (let next = reader.nextIntervalHistogram(); next; next = reader.nextIntervalHistogram())
      tags.push(next.tag);
    expect(tags).toHaveLength(lines.length);
    expect(new Set(tags)).toContain('queue:service-outage:recovery:completion');
    expect(reader.startTimeSec).toBe(Date.parse('2026-11-02T10:00:00.000Z') / 1000);
  });

  test('the maximum of an interval is that of its histogram, in milliseconds', () => {
    for (const [, , , maximum, histogram] of lines) {
      const { low, high } = decodeHdr(histogram!).at(-1)!;
      expect(Number(maximum) * 1000).toBeGreaterThanOrEqual(low - 1);
      expect(Number(maximum) * 1000).toBeLessThanOrEqual(high + 1);
    }
  });
});

describe('hgrm', () => {
  const filesOf = async (of: Report) => (await loadFormat('hgrm')).files!(of, SURFACE);

  test('has a file for each distribution, whose lines count what lies below them', async () => {
    const files = await filesOf(report);
    expect(files).toHaveLength(distributionsIn(result.trials).length);
    const { text } = files.find(({ name }) => name === 'queue.latency.baseline.completion.hgrm')!;
    const buckets = bucketsOf('queue', 'latency', 'completion');
    const lines = [...text.matchAll(/^ *([\d.]+) ([\d.]+) +(\d+)/gm)].map(([, ...fields]) =>
      fields.map(Number),
    );
    expect(lines.length).toBeGreaterThan(20);
    for (const [ms, percentile, count] of lines) {
      const below = countOf(buckets.filter(({ low }) => low <= ms! * 1000 + 0.5));
      expect(count).toBe(below);
      expect(count! / countOf(buckets)).toBeGreaterThanOrEqual(percentile! - 1e-9);
    }
    expect(lines.at(-1)).toEqual([lines.at(-1)![0], 1, 3000]);
  });

  test('is printed where there is one distribution, and refused with the remedy where there are several', async () => {
    const { reporter } = await loadFormat('hgrm');
    expect(() => reporter(report, SURFACE)).toThrow(/a file holds one distribution, and there are \d+/);
    const [first] = result.trials[0]!.phases;
    const empty = { ...first!, dispatchLag: { ...first!.dispatchLag, count: 0 } };
    const none = { ...empty, serviceTime: empty.dispatchLag, completion: empty.dispatchLag };
    const one = viewOf(resultOf([REST], [latencyTrial(1, 'rest', 1, { phases: [none] })]));
    expect(reporter({ ...report, record: one.record! }, SURFACE)).toContain('1/(1-Percentile)');
  });
});

describe('windows', () => {
  const [head, ...rows] = printed(report, 'windows')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  const named = rows.map((row) => Object.fromEntries(head!.map((name, i) => [name, row[i]!])));

  test('has the greatest latency of each 100 ms of each trial', () => {
    const own = named.filter(({ trial, figure }) => trial === '3' && figure === 'response-max');
    expect(own.map(({ from_ms: from, to_ms: to }) => [from, to]).slice(0, 2)).toEqual([
      ['0', '100'],
      ['100', '200'],
    ]);
    const maxima = own.map(({ value }) => Number(value));
    expect(maxima).toEqual(result.trials[2]!.phases[0]!.response.intervalMaximaUs);
  });

  test('counts time from the start of the load, whatever the phase', () => {
    const own = named.filter(({ trial, phase }) => trial === '13' && phase === 'recovery');
    expect(own[0]).toMatchObject({ from_ms: '7000', to_ms: '7100', unit: 'us', kind: 'service-outage' });
  });
});

describe.each([
  ['prometheus', false],
  ['openmetrics', true],
])('%s', (format, isOpen) => {
  const families = readExposition(printed(report, format), isOpen);
  const family = (name: string): ReadFamily =>
    families.find((one) => one.name === name || one.name === `${name}_total`)!;

  test('has a histogram of each latency, which counts what an independent reader counts', () => {
    const { samples, type } = family('commbench_completion_seconds');
    expect(type).toBe('histogram');
    const buckets = bucketsOf('rest', 'latency', 'completion');
    const own = samples.filter(({ labels }) => labels['pattern'] === 'rest' && labels['kind'] === 'latency');
    for (const { labels, value } of own.filter(({ name }) => name.endsWith('_bucket'))) {
      const boundUs = labels['le'] === '+Inf' ? Infinity : Number(labels['le']) * 1e6;
      expect(value).toBe(countOf(buckets.filter(({ high }) => high <= boundUs + 1e-6)));
    }
    const sum = own.find(({ name }) => name.endsWith('_sum'))!.value;
    const exact = buckets.reduce((total, { low, high, count }) => total + ((low + high) / 2) * count, 0);
    expect(sum).toBeCloseTo(exact / 1e6, 9);
  });

  test('counts calls by how they ended, over all rounds', () => {
    const outcomes = family('commbench_calls').samples.filter(({ labels }) => labels['pattern'] === 'rest');
    const during = outcomes.find(({ labels }) => labels['phase'] === 'outage');
    expect(during).toMatchObject({ labels: { outcome: 'refused' }, value: 800 });
    const usual = outcomes.find(({ labels }) => labels['kind'] === 'latency');
    expect(usual).toMatchObject({ labels: { outcome: 'ok' }, value: 3000 });
  });

  test('has every figure of the tables, in base units', () => {
    const texts = report.tables.flatMap(({ rows }) =>
      rows.flatMap(({ pattern, cells }) => (pattern === null ? [] : cells)),
    );
    const figures = texts.filter(({ value, unit }) => value !== null && unit !== 'text' && unit !== 'graph');
    const found = families
      .filter(({ name }) => name.startsWith('commbench_figure_'))
      .flatMap(({ samples }) => samples);
    expect(found).toHaveLength(figures.length);
    const median = found.find(
      ({ labels: { table, pattern, figure } }) =>
        table === 'latency' && pattern === 'rest' && figure === 'response-p50',
    );
    expect(median?.value ?? 0).toBeGreaterThan(0.0005);
    expect(median!.value).toBeLessThan(0.001);
  });

  test(isOpen ? 'each sample has the time at which the run ended' : 'no sample has a time', () => {
    const ends = result.trials.map(({ startedAt, wallMs }) => (Date.parse(startedAt) + wallMs) / 1000);
    const times = new Set(families.flatMap(({ samples }) => samples.map(({ time }) => time)));
    expect([...times]).toEqual(isOpen ? [Math.max(...ends)] : [undefined]);
  });
});

test.each(['hgrm', 'hlog', 'windows', 'prometheus', 'openmetrics', 'otlp'])(
  '%s refuses a report of several results, and says what to do',
  (format) => {
    expect(() => printed(comparisonView(COMPARISONS.regressed), format)).toThrow(
      `--format ${format} cannot be used: this report is not of one result`,
    );
  },
);

test('labels keep their values, whatever is in them', () => {
  const odd = {
    ...report,
    record: resultOf([REST], [latencyTrial(1, 'rest', 1, { variant: 'a "b" \\ c' })]),
  };
  const [family] = readExposition(printed(odd, 'openmetrics'), true).filter(
    ({ name }) => name === 'commbench_calls',
  );
  expect(family!.samples[0]!.labels['variant']).toBe('a "b" \\ c');
});
