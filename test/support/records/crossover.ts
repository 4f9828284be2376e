import { crossoverSteps, type Crossover, type Pair } from '../../../src/experiments/crossover/found.ts';
import type { Question } from '../../../src/experiments/crossover/record.ts';
import { POINT_RULES, sampleOf, type TrialFigure } from '../../../src/experiments/crossover/sample.ts';
import { completeResult, QUEUE, REST } from '../result.ts';

/** What the two trials of a pair say, made up; the search, its samples and verdicts are the real ones. */
export type PairMaker = (at: number, pair: number) => readonly [Partial<TrialFigure>, Partial<TrialFigure>];

const FIGURE: TrialFigure = { validity: 'valid', load: 'sustained', why: null, p50Us: 1000, outage: null };
const RANGES = {
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
export function madeCrossover(
  question: Question,
  make: PairMaker,
  more: Partial<Crossover> = {},
  mostPairs = Infinity,
): Crossover {
  const found = emptyCrossover(question, more);
  const steps = crossoverSteps(found);
  let next = steps.next();
  for (let made = 0; !next.done;) {
    const { at } = next.value;
    if (made >= mostPairs) {
      next.value.verdict = { state: 'stopped' };
      break;
    }
    const [first, second] = make(at, ++made).map((figure) => ({ ...FIGURE, ...figure })) as [
      TrialFigure,
      TrialFigure,
    ];
    const pair: Pair = { first, second, sample: sampleOf(question, first, second) };
    next = steps.next(pair);
  }
  return { ...found, state: 'complete' };
}

export function emptyCrossover(question: Question, more: Partial<Crossover> = {}): Crossover {
  const { trials: _, design: __, scenario, ...header } = completeResult();
  const { looks, ...rule } = POINT_RULES[question];
  return {
    ...header,
    experiment: 'crossover',
    startedAt: '2026-11-20T10:00:00.000Z',
    finishedAt: '2026-11-20T10:05:00.000Z',
    state: 'running',
    question,
    range: RANGES[question],
    figure: 'completion',
    do: question === 'outage' ? 'kill' : null,
    scenario: { ...scenario, name: 'pattern-comparison', deadlineMs: 500 },
    ratePerS: question === 'rate' ? null : 200,
    budgetMs: 300_000,
    seed: 7,
    rule: { looks: [...looks], ...rule },
    loopsPerS: [null, null],
    patterns: [REST, QUEUE],
    points: [],
    ...more,
  };
}
