import { describe, expect, test } from 'vitest';
import { analysisOf } from '../../../src/analysis/analysis.ts';
import { regimeFindings } from '../../../src/analysis/findings/regimes.ts';
import { regimeAxes } from '../../../src/analysis/regimes/regime-axes.ts';
import type { Result } from '../../../src/record/record.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { variantsResult } from '../../support/comparison.ts';
import { measuredResult } from '../../support/fault-results.ts';
import type { Shape } from '../../support/result.ts';

/** Medians are 0.07 ms above the least. */
const at = (ms: number): Shape => ({ leastMs: ms, tailMs: 0.1 });

/** REST 0.57 ms and gRPC 1.07 ms beside the work, a confirm after 1.07 ms whatever the work. */
const result: Result = await measuredResult('regimes', ({ pattern, variant }) => {
  const workMs = Number(/^w(\d+)/.exec(variant!)![1]);
  const isQueued = ['queue', 'events'].includes(pattern);
  const beside = pattern === 'rest' || pattern === 'graphql' ? 0.5 : 1;
  return { wait: at(isQueued ? 1 : beside + workMs), done: at(beside + workMs) };
});
const { regimes } = analysisOf(result);

function seriesOf(pattern: string, figure: string, variant: string, condition = 'processing-time') {
  return regimes.find(
    (one) =>
      one.pattern.record.id === pattern &&
      one.figure === figure &&
      one.axis.condition === condition &&
      one.axis.regimes.some((regime) => regime.variant!.id === variant),
  )!;
}

describe('axes', () => {
  const names = (of: Result) =>
    regimeAxes(of).map((axis) => axis.regimes.map((regime) => regime.variant!.id).join(' '));

  test('a whole grid has one of work for each rate, and one of rates for each work, in rising order', () => {
    expect(names(result).toSorted()).toEqual(
      [
        'w0-r200 w6-r200 w21-r200',
        'w0-r50 w0-r200 w0-r500',
        'w0-r50 w6-r50 w21-r50',
        'w0-r500 w6-r500 w21-r500',
        'w21-r50 w21-r200 w21-r500',
        'w6-r50 w6-r200 w6-r500',
      ].toSorted(),
    );
  });
  test('variants that differ in anything besides are no axis', () => {
    expect(names(variantsResult())).toEqual([]);
    const variants = result.scenario.variants.map((variant, i) => ({
      ...variant,
      service: { ...variant.service, concurrency: i + 1 },
    }));
    expect(names({ ...result, scenario: { ...result.scenario, variants } })).toEqual([]);
  });
});

describe('words along an axis', () => {
  test('a confirm comes later than a reply without work, and sooner from the work on that makes up for it', () => {
    const series = seriesOf('queue', 'response', 'w21-r200');
    expect(series.places.map(({ word }) => word)).toEqual(['longer', 'shorter', 'shorter']);
    expect(series.changes).toHaveLength(1);
    expect(series.changes[0]!.atMs).toBeCloseTo(0.5, 1);
  });
  test('a level falls with the work that both have to do, at the ratio that parts the two levels', () => {
    const series = seriesOf('grpc', 'completion', 'w21-r200');
    expect(series.places.map(({ word }) => word)).toEqual(['high', 'medium', 'medium']);
    expect(series.places[0]!.interval!.ratio).toBeGreaterThan(1.8);
    expect(series.places[2]!.interval!.ratio).toBeLessThan(1.05);
    expect(series.changes[0]!.atMs).toBeCloseTo(0.43, 1);
  });
  test('between rates nothing is interpolated, and here nothing changes', () => {
    expect(seriesOf('grpc', 'completion', 'w0-r500', 'rate').changes).toEqual([]);
  });
  test('too few rounds for a word are no change', () => {
    const trials = result.trials.filter(({ round }) => round === 1);
    const few = analysisOf({ ...result, trials }).regimes;
    expect(few.flatMap(({ changes }) => changes)).toEqual([]);
    expect(few.every(({ places }) => places.every(({ word }) => word === null))).toBe(true);
  });
});

describe('what is found', () => {
  test('is a finding for each pattern, figure and axis, with each word', () => {
    const found = regimeFindings(analysisOf(result));
    const one = found.find(
      ({ subject, terms, verdict }) =>
        subject[0]!.id === 'queue' && terms?.['figure'] === 'response' && verdict === 'changes',
    )!;
    expect(one.terms).toMatchObject({ condition: 'processing-time', waits: 'confirm' });
    expect(Object.values(one.terms!)).toContain('longer');
    expect(one.figures.filter(({ name }) => name === 'changes-at')).toHaveLength(1);
  });
  test('is said by what rises, with where the word changes', () => {
    const { findings, tables, screen } = viewOf(result);
    expect(findings[0]).toMatch(
      /^With more work per message \(200\/s\): gRPC completes high → medium from about 0\.4\d ms on \(1\.8\d× → 1\.0\d×\); /,
    );
    expect(findings[0]).toMatch(/Message queue confirms sooner than REST replies from about 0\.\d+ ms on/);
    expect(findings[0]).toContain('With a higher rate (no work): no word changes from 50/s to 500/s');
    expect(tables[0]!.id).toBe('regimes');
    expect(screen.tables[0]!.id).toBe('regimes');
  });
  test('the table has the reference in full, and of the others the ratio with its word', () => {
    const { columns, rows } = viewOf(result).tables[0]!;
    expect(columns.map(({ id }) => id).slice(0, 4)).toEqual(['figure', 'w0-r50', 'w0-r200', 'w0-r500']);
    const column = columns.findIndex(({ id }) => id === 'w0-r200');
    const texts = rows.map(({ title, part, cells }) => [
      title,
      part,
      cells[column]!.text,
      cells[column]!.below,
    ]);
    expect(texts[0]).toEqual(['REST', 'response', '0.57 ms', 'reference']);
    expect(texts[2]).toEqual(['gRPC', 'response', expect.stringMatching(/^1\.8\d×$/), 'longer']);
    expect(texts[3]![3]).toBe('high');
  });
  test('the median of the reference does not depend on what was measured of the others', () => {
    const trials = result.trials.filter(({ pattern }) => pattern !== 'events');
    const { columns, rows } = viewOf({ ...result, trials }).tables[0]!;
    const column = columns.findIndex(({ id }) => id === 'w0-r200');
    expect(rows[0]!.cells[column]!.text).toBe('0.57 ms');
    expect(rows.at(-1)!.cells[column]!.text).toBe('too few rounds');
  });
});
