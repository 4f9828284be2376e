import { describe, expect, test } from 'vitest';
import { printed } from '../../support/reporters.ts';
import { answerOf, isQuestionAnswered } from '../../../src/experiments/crossover/answer.ts';
import { type Crossover, findingIn } from '../../../src/experiments/crossover/found.ts';
import { sampleOf, trialFigureOf } from '../../../src/experiments/crossover/sample.ts';
import { crossoverView } from '../../../src/experiments/crossover/view.ts';
import { reportSchema } from '../../../src/report/json/report-schema.ts';
import {
  emptyCrossover,
  madeCrossover,
  outageFigure,
  type PairMaker,
} from '../../support/records/crossover.ts';
import { failingTrial, latencyTrial, outageTrial } from '../../support/result.ts';

/** A little apart from pair to pair. */
const near = (us: number, pair: number) => Math.round(us * (1 + 0.01 * ((pair * 7) % 5)));
const slower =
  (factor: (at: number) => number): PairMaker =>
  (at, pair) => [{ p50Us: near(1000 * factor(at), pair) }, { p50Us: near(1000, pair + 3) }];
const crossing = slower((at) => (at / 18_000) ** 0.3);
const headline = (record: Crossover) => answerOf(record)[0];

describe('the answer', () => {
  test('a crossover point, with its interval and both sides', () => {
    const record = madeCrossover('payload', crossing);
    expect(headline(record)).toMatch(
      /^Message queue is faster than REST above \d\d\.0 kB \[\d\d\.\d kB–\d\d\.\d kB\] on this machine; below it REST is\.$/,
    );
    const finding = findingIn(record);
    const [crossoverPoint] = finding.kind === 'crossovers' ? finding.crossovers : [];
    expect(crossoverPoint!.low).toBeLessThan(18_000);
    expect(crossoverPoint!.high).toBeGreaterThan(18_000);
    expect(isQuestionAnswered(record)).toBe(true);
  });
  test('no crossing, with the ratios at both ends', () => {
    const record = madeCrossover(
      'payload',
      slower((at) => (at > 1000 ? 1 / 1.1 : 1 / 1.3)),
    );
    expect(headline(record)).toMatch(
      /^No crossing between 100 B and 1\.00 MB on this machine: REST is faster throughout \(1\.\d\d× at 100 B, 1\.\d\d× at 1\.00 MB\)\.$/,
    );
    expect(isQuestionAnswered(record)).toBe(true);
  });
  test('inconclusive, with what it would take', () => {
    const even: PairMaker = (_at, pair) => [{ p50Us: 1000 }, { p50Us: pair % 2 === 0 ? 1100 : 930 }];
    const record = madeCrossover('payload', even);
    expect(headline(record)).toMatch(
      /^Inconclusive where REST or Message queue is faster between 100 B and 1\.00 MB: /,
    );
    expect(headline(record)).toMatch(
      /at 100 B inconclusive \(REST\/Message queue .* in 8 pairs\): .*would decide/,
    );
    expect(isQuestionAnswered(record)).toBe(false);
  });
  test("inconclusive where too few pairs count, and why they don't", () => {
    const disturbed = { validity: 'disturbed', why: 'disturbed: CPU steal is 9 %', p50Us: null } as const;
    const record = madeCrossover('payload', () => [{}, disturbed]);
    expect(headline(record)).toBe('No results: 4 of 4 pairs did not count: disturbed ×4.');
    expect(crossoverView(record).caveats.warnings[0]!.text).toBe('4 of 4 pairs did not count: disturbed ×4.');
    expect(isQuestionAnswered(record)).toBe(false);
  });
  test('a time limit that was reached: what is known, and what would help', () => {
    const record = madeCrossover('payload', crossing, {}, 11);
    expect(answerOf(record).join('\n')).toMatch(
      /above .* \[100 B–1\.00 MB\][^]*is not known better: the time limit was reached/,
    );
    const none = madeCrossover('payload', crossing, {}, 3);
    expect(headline(none)).toContain('at 100 B time limit reached');
    expect(headline(none)).toContain('--budget');
  });
  test('an interrupted one says so', () => {
    const texts = answerOf(emptyCrossover('payload', { state: 'interrupted' }));
    expect(texts).toEqual([
      'No results: no pair finished.',
      'Interrupted: these are the pairs that were finished.',
    ]);
  });
  test('a pattern that is saturated loses, and that is said with its closed loop', () => {
    const record = madeCrossover(
      'rate',
      (at, pair) => [
        { p50Us: near(500, pair), load: at > 900 ? 'saturated' : 'sustained' },
        { p50Us: near(900, pair) },
      ],
      { loopsPerS: [880, 4000] },
    );
    expect(headline(record)).toMatch(
      /^Message queue is faster than REST above .*\/s \[.*\] on this machine, where REST is saturated \(its closed loop: 880\/s\); below it REST is\.$/,
    );
  });
  test('nothing is said of what generator or both patterns can not keep up with', () => {
    const record = madeCrossover('rate', (at, pair) =>
      at > 2000
        ? [{ load: 'saturated' }, { load: 'saturated' }]
        : [{ p50Us: near(500, pair) }, { p50Us: near(900, pair) }],
    );
    const answer = answerOf(record).join('\n');
    expect(answer).toMatch(/No crossing between 20\/s and 1,\d+\/s on this machine: REST is faster/);
    expect(answer).toMatch(/Not measured above 1,\d+\/s: .* both patterns are saturated\./);
  });
  test('an order that changes there and back', () => {
    const record = madeCrossover(
      'payload',
      slower((at) => (at > 3000 && at < 40_000 ? 1.5 : 0.7)),
    );
    expect(headline(record)).toMatch(
      /^Which one is faster changes 2 times on this machine: REST below .* \[.*\], Message queue from there to .* \[.*\], REST above\.$/,
    );
  });
});

describe('of an outage', () => {
  const frozen: PairMaker = (at) =>
    at <= 1000
      ? [outageFigure(100, at, at * 500), outageFigure(100, at, at * 500)]
      : [outageFigure(30, at), outageFigure(100, at, at * 500)];
  test('how much more is done, at the cost of which delay; alike for shorter ones', () => {
    const record = madeCrossover('outage', frozen, { do: 'freeze' });
    expect(headline(record)).toMatch(
      /^Message queue finishes more of the work than REST for outages longer than 1\.\d+ s \[1 s–1\.\d+ s\] on this machine, at the cost of \d+ ms of delay \(p50 of its work intended in an outage of 1\.\d+ s\); for shorter ones both finish alike \(within 5 %\)\.$/,
    );
  });
  test('more at every length', () => {
    const record = madeCrossover('outage', (at) => [outageFigure(0, at), outageFigure(100, at, at * 500)]);
    expect(headline(record)).toBe(
      'No crossing between 100 ms and 10 s on this machine: Message queue finishes more of the work throughout (100 % against 0.0 % at 100 ms, 100 % against 0.0 % at 10 s), at the cost of 5.00 s of delay (p50 of its work intended in an outage of 10 s).',
    );
  });
  test('alike at every length', () => {
    const record = madeCrossover('outage', (at) => [outageFigure(99, at, 1e5), outageFigure(100, at, 1e5)]);
    expect(headline(record)).toContain('both finish alike throughout (within 5 %)');
  });
});

describe('a pair', () => {
  const of = (...[id, pattern, more]: [number, 'rest' | 'queue', object?]) =>
    trialFigureOf(latencyTrial(id, pattern, 1, more), 'payload', 'completion');
  test('compares the medians of the chosen figure', () => {
    const [first, second] = [of(1, 'rest'), of(2, 'queue')];
    const sample = sampleOf('payload', first, second);
    expect(sample).toEqual({ kind: 'value', value: Math.log(first.p50Us! / second.p50Us!) });
    const response = trialFigureOf(latencyTrial(1, 'rest', 1), 'payload', 'response');
    expect(response.p50Us).not.toBe(first.p50Us);
  });
  test('counts where other programs were busy beside both', () => {
    const validity = { verdict: 'disturbed', causes: [], boundQuantiles: [0.9] };
    expect(sampleOf('payload', of(1, 'rest', { validity }), of(2, 'queue')).kind).toBe('value');
  });
  test('an outage counts only where both trials are valid, whatever came of it', () => {
    const outage = { intended: 800, finallyDone: 0, observedMs: 4000 };
    const figure = { ...of(1, 'rest'), outage, p50Us: null };
    expect(sampleOf('outage', figure, { ...figure, outage: { ...outage, finallyDone: 800 } })).toEqual({
      kind: 'value',
      value: 1,
    });
    const noisy = { ...figure, validity: 'disturbed', p50Us: 1000, why: 'noise' } as const;
    expect(sampleOf('outage', noisy, figure).kind).toBe('discarded');
  });
  test('a trial that was saturated in noise may be the noise itself', () => {
    const validity = { verdict: 'disturbed', causes: [], boundQuantiles: [] };
    const saturated = of(1, 'rest', { validity, load: { verdict: 'saturated', detail: '' } });
    expect(sampleOf('payload', saturated, of(2, 'queue')).kind).toBe('discarded');
  });
  test('does not count where a median is not usable, whatever its load', () => {
    const validity = {
      verdict: 'generator-bound',
      causes: [{ cause: 'generator-bound', detail: 'lag' }],
      boundQuantiles: [0.5, 0.9],
    };
    const bound = of(1, 'rest', { validity, load: { verdict: 'saturated', detail: '' } });
    expect(sampleOf('payload', bound, of(2, 'queue'))).toEqual({
      kind: 'discarded',
      why: 'generator-bound: lag',
    });
  });
  test('does not count where a trial failed', () => {
    const failed = trialFigureOf(
      { ...failingTrial('none'), state: 'failed', failure: 'it died' },
      'payload',
      'completion',
    );
    expect(failed.why).toBe('it died');
  });
  test('is lost by the pattern that is saturated alone', () => {
    const saturated = of(1, 'rest', { load: { verdict: 'saturated', detail: '' } });
    const fine = of(2, 'queue');
    expect(sampleOf('payload', saturated, fine)).toEqual({ kind: 'value', value: Math.log(10) });
    expect(sampleOf('payload', fine, saturated)).toEqual({ kind: 'value', value: -Math.log(10) });
    expect(sampleOf('payload', saturated, saturated)).toEqual({
      kind: 'discarded',
      why: 'both patterns are saturated',
    });
  });
  test('of outages compares the shares finally done', () => {
    const of2 = (id: number, pattern: 'rest' | 'queue') =>
      trialFigureOf(outageTrial(id, pattern), 'outage', 'completion');
    const [rest, queue] = [of2(1, 'rest'), of2(2, 'queue')];
    expect(rest.outage).toMatchObject({ finallyDone: 0 });
    expect(queue.outage!.finallyDone).toBe(queue.outage!.intended);
    expect(sampleOf('outage', rest, queue)).toEqual({ kind: 'value', value: 1 });
  });
});

describe('the report', () => {
  const print = (record: Crossover, format: string, width = 120) =>
    printed(crossoverView(record, 'commbench-results/crossover.json'), format, { width });
  test('as a table', async () => {
    await expect(print(madeCrossover('payload', crossing), 'table')).toMatchFileSnapshot(
      '../../golden/crossover-120.txt',
    );
  });
  test.each([200, 80, 60])('is no wider than %d columns', async (width) => {
    const record = madeCrossover('outage', (at) => [outageFigure(0, at), outageFigure(100, at, at * 500)]);
    expect(
      print(record, 'table', width)
        .split('\n')
        .filter((line) => line.length > width),
    ).toEqual([]);
  });
  test('as JSON it is what its schema says; as CSV it has every point', async () => {
    const record = madeCrossover('payload', crossing);
    const { findings } = reportSchema.parse(JSON.parse(print(record, 'json')));
    expect(findings[0]).toMatchObject({ code: 'crossover-point', verdict: 'found' });
    expect(print(record, 'csv')).toContain('points,rest/queue,100 B,pairs,4,count');
    expect(print(record, 'markdown')).toContain('is faster than REST above');
  });
});
