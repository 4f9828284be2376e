import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeFromCompressedBase64, encodeIntoCompressedBase64, Int32Histogram } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { checkPage, checkScreen, type TableCheck } from '../../prove/recompute/check.ts';
import { isSound } from '../../prove/recompute/evidence.ts';
import { fisherOneSided } from '../../prove/recompute/figures/fisher.ts';
import { decodeHdr } from '../../prove/recompute/figures/hdr.ts';
import { confidenceAt } from '../../prove/recompute/figures/looks.ts';
import { studentT } from '../../prove/recompute/figures/student.ts';
import type { StoredRecord, StoredTrial } from '../../prove/recompute/pages/stored.ts';
import { checkRecord } from '../../prove/recompute/record-check.ts';
import { allRules } from '../../prove/recompute/rules.ts';
import { readRecord } from '../../src/experiments/read-record.ts';
import { lookLevel } from '../../src/measure/stats/looks.ts';
import { printed } from '../support/reporters.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const rules = await allRules();

async function reported(file: string): Promise<{ record: StoredRecord; markdown: string; json: string }> {
  const { record, kind } = await readRecord(path.join(ROOT, file));
  const stored = JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')) as StoredRecord;
  const view = kind.view(record, file);
  return { record: stored, markdown: printed(view, 'markdown'), json: printed(view, 'json') };
}

const { record, markdown, json } = await reported('results/examples/pattern-comparison.json');

const tables = (of: StoredRecord, page: string): readonly TableCheck[] => checkPage(of, page, rules);
const deviating = (of: StoredRecord, page: string): string[] =>
  tables(of, page).flatMap(({ heading, deviations }) => deviations.map(({ at }) => `${heading}: ${at}`));

/** The record with one of its trials changed. */
function withTrial(
  is: (trial: StoredTrial) => boolean,
  change: (trial: StoredTrial) => StoredTrial,
): StoredRecord {
  const at = record.trials.findIndex(is);
  return { ...record, trials: record.trials.with(at, change(record.trials[at]!)) };
}

describe('the code of the recomputation', () => {
  it('imports nothing of src, and no library of histograms', () => {
    const folder = path.join(ROOT, 'prove/recompute');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) {
      expect([file, readFileSync(path.join(folder, file), 'utf8')]).not.toEqual([
        file,
        expect.stringMatching(/from '(?:[^']*\/src\/|(?!\.|node:))/),
      ]);
    }
  });

  it('decodes what the library encodes, in buckets of the width that it says', () => {
    const values = [1, 2, 2047, 2048, 2049, 4096, 70_000, 1_000_001, 599_999_999];
    const histogram = new Int32Histogram(1, 600_000_000, 3);
    for (const [i, value] of values.entries()) histogram.recordValueWithCount(value, 10 ** (i % 8));
    const buckets = decodeHdr(encodeIntoCompressedBase64(histogram));
    expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(histogram.totalCount);
    for (const { low, high, count } of buckets) {
      expect([histogram.lowestEquivalentValue(low), histogram.highestEquivalentValue(low)]).toEqual([
        low,
        high,
      ]);
      expect(histogram.getCountAtIndex(histogram.countsArrayIndex(low))).toBe(count);
    }
    expect(() => decodeHdr('AAAA'.repeat(10))).toThrow('Expected the cookie');
  });

  it('has the quantiles of tables', () => {
    expect(studentT(0.95, 4)).toBeCloseTo(2.776445, 5);
    expect(studentT(0.99, 1)).toBeCloseTo(63.656741, 3);
    expect(studentT(0.99, 30)).toBeCloseTo(2.749996, 5);
    // The first of four equally spaced analyses: 4.333 standard errors (Lan & DeMets 1983, O'Brien–Fleming type).
    expect(1 - confidenceAt(6, 24)).toBeCloseTo(1.47e-5, 6);
    for (const pairs of [6, 8, 10, 16, 24])
      expect(confidenceAt(pairs, 24)).toBeCloseTo(lookLevel(pairs, 24), 6);
    // Fisher's tea: all four of four.
    expect(fisherOneSided([0, 4], [4, 4])).toBeCloseTo(1 / 70, 9);
    expect(fisherOneSided([0, 4], [0, 4])).toBe(1);
  });
});

describe('a report', () => {
  it.each(['pattern-comparison', 'circuit-breaker', 'crossover', 'sweep', 'ab', 'calibrate'])(
    'of %s agrees in every cell',
    async (name) => {
      const one = await reported(`results/examples/${name}.json`);
      const found = tables(one.record, one.markdown);
      expect(deviating(one.record, one.markdown)).toEqual([]);
      expect(
        checkScreen(one.record, one.json, rules).filter((table) => !isSound({ file: '', tables: [table] })),
      ).toEqual([]);
      expect(found.flatMap(({ notRecomputed }) => notRecomputed)).toEqual([]);
      expect(found.reduce((sum, { figures }) => sum + figures, 0)).toBeGreaterThan(10);
    },
  );

  it('with one other figure deviates there, and nowhere else', () => {
    const page = markdown.replace('0.17× \\[0.13–0.22\\]', '0.17× \\[0.13–0.23\\]');
    expect(deviating(record, page)).toEqual([
      expect.stringMatching(/^Idle .*: row 1, REST: Busy\/idle \[95 %\]$/),
    ]);
  });

  it('on a screen with one other figure deviates, too', () => {
    const other = checkScreen(
      record,
      json.replace('"2.01×', '"2.02×').replace('contradicted 2.01×', 'supported 2.01×'),
      rules,
    );
    expect(other.flatMap(({ deviations }) => deviations.map(({ at }) => at))).toEqual([
      'row 2, gRPC: Latency: claimed → measured',
    ]);
  });

  it('of a column or a table that nobody recomputes is not sound', () => {
    const renamed = tables(record, markdown.replace('| Lost |', '| Lost calls |'));
    expect(renamed.find(({ heading }) => heading === 'Delivery ledger')!.notRecomputed).toEqual([
      'Lost calls',
    ]);
    expect(isSound({ file: '', tables: renamed })).toBe(false);
    const other = tables(record, markdown.replace('### Delivery ledger', '### Another ledger'));
    expect(other.flatMap(({ notRecomputed }) => notRecomputed)).toEqual(['the whole table']);
    // And the table itself is missed.
    expect(isSound({ file: '', tables: other.filter(({ cells }) => cells === 0) })).toBe(false);
  });

  it('without a row or a table deviates', () => {
    const row = /^\| REST \| service killed \|.*\n/m;
    expect(markdown).toMatch(row);
    expect(deviating(record, markdown.replace(row, ''))).toContain('Delivery ledger: rows');
    expect(deviating(record, markdown.split('### Without a fault')[0]!)).toContainEqual(
      expect.stringMatching(/Without a fault.*: table$/),
    );
  });
});

describe('a result', () => {
  const isFirst = ({ kind, pattern }: StoredTrial) => kind === 'latency' && pattern === 'rest';

  it('with one bucket elsewhere deviates from what was printed of it', () => {
    const changed = withTrial(isFirst, (trial) => {
      const [phase] = trial.phases;
      const histogram = decodeFromCompressedBase64(phase!.completion.histogram, 32, false) as Int32Histogram;
      const [first] = decodeHdr(phase!.completion.histogram).toSorted((a, b) => b.count - a.count);
      const index = histogram.countsArrayIndex(first!.low);
      histogram.recordValueWithCount(100_000, histogram.getCountAtIndex(index));
      histogram.setCountAtIndex(index, 0);
      const completion = { ...phase!.completion, histogram: encodeIntoCompressedBase64(histogram) };
      return { ...trial, phases: [{ ...phase!, completion }] };
    });
    expect(deviating(changed, markdown)).toContainEqual(
      expect.stringMatching(/^Without a fault: .*: row 1, REST: Completion p99$/),
    );
  });

  it('with one call lost deviates in the ledger, and from its own sum', () => {
    const changed = withTrial(isFirst, (trial) => {
      const [ledger] = trial.ledgers;
      const { accepted } = ledger!;
      const lost = { ...accepted, done0: accepted.done0 + 1, done1: accepted.done1 - 1 };
      return { ...trial, ledgers: [{ ...ledger!, accepted: lost }] };
    });
    expect(deviating(changed, markdown)).toEqual([
      'Delivery ledger: row 1, REST: Done',
      'Delivery ledger: row 1, REST: Lost',
    ]);
    expect(checkRecord(record).deviations).toEqual([]);
    expect(checkRecord(changed).deviations.map(({ at }) => at)).toEqual([
      expect.stringContaining('lost at subscriber 0'),
    ]);
  });

  it('with another verdict, or fewer samples than it says, deviates from itself', () => {
    const changed = withTrial(isFirst, (trial) => {
      const [phase] = trial.phases;
      const response = { ...phase!.response, count: phase!.response.count + 1 };
      return {
        ...trial,
        phases: [{ ...phase!, response }],
        validity: { ...trial.validity, verdict: 'disturbed' },
      };
    });
    expect(checkRecord(changed).deviations.map(({ at }) => at)).toEqual([
      expect.stringContaining('samples of phases 0 response'),
      expect.stringContaining('validity'),
    ]);
  });
});

describe('the evidence', () => {
  const text = readFileSync(path.join(ROOT, 'docs/evidence/recompute.txt'), 'utf8');

  it('is of every committed result, and without a deviation', () => {
    for (const folder of ['results/examples', 'docs/evidence']) {
      const files = readdirSync(path.join(ROOT, folder)).filter((file) => file.endsWith('.json'));
      const results = files
        .map((file) => `${folder}/${file}`)
        .filter((file) =>
          readFileSync(path.join(ROOT, file), 'utf8').startsWith('{"format":"commbench-result"'),
        );
      for (const file of results) expect(text).toContain(`${file}: `);
    }
    expect(text).toMatch(/; 0 deviations, 0 not recomputed\n$/);
  });
});
