import { decidePoint } from '../../../src/measure/stats/crossover-point.ts';
import {
  findingOf,
  type MeasuredPoint,
  searchCrossover,
} from '../../../src/measure/stats/crossover-search.ts';
import type { Crossover, Pair, Point, Question, TrialFigure } from '../../../src/record/crossover-record.ts';
import { POINT_RULES, sampleOf } from '../../../src/report/searches/crossover-sample.ts';
import { completeResult, QUEUE, REST } from '../result.ts';

/** What the two trials of a pair say, made up; the search, its samples and verdicts are the real ones. */
export type PairMaker = (at: number, pair: number) => readonly [Partial<TrialFigure>, Partial<TrialFigure>];

const FIGURE: TrialFigure = { validity: 'valid', load: 'sustained', why: null, p50Us: 1000, outage: null };
export const RANGES = {
  payload: { from: 100, to: 1_000_000, within: 1.5 },
  rate: { from: 20, to: 5000, within: 1.5 },
  outage: { from: 100, to: 10_000, within: 1.5 },
};

/** A share of 100 calls finally done, with its delay. */
export function outageFigure(
  finallyDone: number,
  observedMs: number,
  p50Us: number | null = null,
): Partial<TrialFigure> {
  return { p50Us, outage: { intended: 100, finallyDone, observedMs } };
}

/** @param mostPairs the time is over after so many */
export async function crossoverOf(
  question: Question,
  make: PairMaker,
  more: Partial<Crossover> = {},
  mostPairs = Infinity,
): Promise<Crossover> {
  const record = emptyCrossover(question, more);
  let made = 0;
  const looked: MeasuredPoint[] = await searchCrossover(record.range, async (at) => {
    const point: Point = { at, pairs: [], verdict: null };
    record.points.push(point);
    for (;;) {
      const samples = point.pairs.map(({ sample }) => sample);
      const verdict =
        decidePoint(samples, record.rule) ?? (made >= mostPairs ? { state: 'stopped' as const } : undefined);
      if (verdict) return (point.verdict = verdict);
      const [first, second] = make(at, ++made).map((figure) => ({ ...FIGURE, ...figure })) as [
        TrialFigure,
        TrialFigure,
      ];
      const pair: Pair = {
        seed: made,
        order: ['rest', 'queue'],
        first,
        second,
        sample: sampleOf(question, first, second),
      };
      point.pairs.push(pair);
    }
  });
  return { ...record, state: 'complete', finding: findingOf(record.range, looked) };
}

export function emptyCrossover(question: Question, more: Partial<Crossover> = {}): Crossover {
  const { environment, brokers } = completeResult();
  const { looks, ...rule } = POINT_RULES[question];
  return {
    format: 'commbench-crossover',
    version: 1,
    commbench: '0.1.0',
    startedAt: '2026-11-20T10:00:00.000Z',
    finishedAt: '2026-11-20T10:05:00.000Z',
    state: 'running',
    question,
    range: RANGES[question],
    figure: 'completion',
    do: question === 'outage' ? 'kill' : null,
    scenario: 'pattern-comparison',
    ratePerS: question === 'rate' ? null : 200,
    deadlineMs: 500,
    budgetMs: 300_000,
    seed: 7,
    rule: { looks: [...looks], ...rule },
    capacities: [null, null],
    patterns: [REST, QUEUE],
    environment,
    brokers,
    points: [],
    finding: { kind: 'inconclusive' },
    ...more,
  };
}
