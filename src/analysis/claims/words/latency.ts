import { ratioInterval, type RatioInterval } from '../../../measure/stats/ratio.ts';
import type { PatternResult } from '../../patterns/pattern-result.ts';
import { sideBySide, type SideBySide } from '../../patterns/side-by-side.ts';
import { variabilityOf, type Variability } from '../../patterns/variability.ts';
import { verdictOf } from '../verdict.ts';
import {
  type WordCaveat,
  type WordEvidence,
  type WordJudgement,
  wordJudgement,
  type WordReason,
} from './word.ts';

/** Completion p50 against the reference's in the same round: below this it is low ... */
export const LOW_BELOW = 0.8;
/** ... above this high, and medium between (DESIGN 4). */
export const HIGH_ABOVE = 1.5;
const CONFIDENCE = 0.95;
/** One round has no interval. */
export const LEAST_ROUNDS = 2;

export interface ComparedWith {
  /** The row that the others are compared with; undefined where there is none. */
  readonly reference: PatternResult | undefined;
  /** Share of a row's capacity that its busy blocks were to have. */
  readonly busyShare: number;
}

export function rateLatency(
  pattern: PatternResult,
  { reference, busyShare }: ComparedWith,
  said: string,
): WordJudgement {
  const variability = variabilityOf(pattern, busyShare);
  // That it is not variable is worth a word only where it is said to be.
  const worth = said === 'variable' ? ['variable', 'steady'] : ['variable'];
  const variable = worth.filter((word) => word === variability.found).map((word) => [word]);
  if (pattern === reference) {
    const all = { found: [['medium'], ...variable], evidence: idleAndBusy(variability) };
    return said === 'variable'
      ? rateVariable(said, variability, all)
      : wordJudgement(said, { ...all, verdict: null });
  }
  const level = levelOf(pattern, reference);
  const all = {
    found: [...(level.word === undefined ? [] : [[level.word]]), ...variable],
    figure: level.interval ? ({ code: 'ratio', interval: level.interval } as const) : null,
    caveat: reference ? caveatOf(pattern, reference) : null,
    evidence: [...level.evidence, ...idleAndBusy(variability)],
  };
  if (said === 'variable') return rateVariable(said, variability, all);
  return judgeLevel(said, level, all, variable);
}

type Found = Partial<Omit<WordJudgement, 'verdict' | 'said'>>;

function judgeLevel(
  said: string,
  { word, interval, reason }: Level,
  all: Found,
  variable: readonly string[][],
): WordJudgement {
  if (word !== undefined) return wordJudgement(said, { ...all, verdict: verdictOf(word === said) });
  const possible = interval ? levelsWithin(interval) : LEVELS;
  return possible.some((one) => one === said)
    ? wordJudgement(said, { ...all, verdict: 'inconclusive', reason })
    : wordJudgement(said, { ...all, found: [possible, ...variable], verdict: 'contradicted' });
}

function rateVariable(said: string, { found, reason }: Variability, all: Found): WordJudgement {
  if (found === 'unknown') return wordJudgement(said, { ...all, verdict: 'inconclusive', reason });
  return wordJudgement(said, { ...all, verdict: verdictOf(found === 'variable') });
}

interface Level {
  readonly word: 'low' | 'medium' | 'high' | undefined;
  readonly interval: RatioInterval | undefined;
  readonly reason: WordReason | null;
  readonly evidence: readonly WordEvidence[];
}

function levelOf(pattern: PatternResult, reference: PatternResult | undefined): Level {
  const none = { word: undefined, interval: undefined, evidence: [] };
  if (!reference) return { ...none, reason: { code: 'no-reference' } };
  if (pattern.record.state === 'not-run') return { ...none, reason: { code: 'pattern-not-run' } };
  const compared = sideBySide(pattern, reference, 'completion');
  const { rounds, excluded } = compared;
  const interval = ratioInterval(
    rounds.map((one) => one.ratio),
    CONFIDENCE,
  );
  const evidence = roundEvidence(pattern, reference, compared);
  if (!interval) {
    const counts = { atLeast: LEAST_ROUNDS, rounds: rounds.length, excluded: excluded[0] ?? null };
    return { ...none, reason: { code: 'too-few-rounds', ...counts }, evidence };
  }
  const word = levelWord(interval);
  return {
    word,
    interval,
    reason: word === undefined ? across(interval) : null,
    evidence: [...evidence, { code: 'ratio-interval', interval }],
  };
}

function across(interval: RatioInterval): WordReason {
  const crossovers = [LOW_BELOW, HIGH_ABOVE].filter(
    (border) => interval.low <= border && interval.high >= border,
  );
  return { code: 'across-levels', interval, crossovers };
}

const LEVELS = ['low', 'medium', 'high'] as const;

/** The levels that the interval touches: none but these may be the row's. */
function levelsWithin({ low, high }: RatioInterval): (typeof LEVELS)[number][] {
  return LEVELS.filter(
    (word) =>
      (word === 'low' && low < LOW_BELOW) ||
      (word === 'medium' && high >= LOW_BELOW && low <= HIGH_ABOVE) ||
      (word === 'high' && high > HIGH_ABOVE),
  );
}

export function levelWord({ low, high }: Pick<RatioInterval, 'low' | 'high'>): Level['word'] {
  if (high < LOW_BELOW) return 'low';
  if (low > HIGH_ABOVE) return 'high';
  return low >= LOW_BELOW && high <= HIGH_ABOVE ? 'medium' : undefined;
}

function roundEvidence(
  pattern: PatternResult,
  reference: PatternResult,
  { rounds, excluded }: SideBySide,
): WordEvidence[] {
  const [of, to] = [pattern.record.title, reference.record.title];
  return [
    ...(rounds.length > 0 ? [{ code: 'median-ratios', of, reference: to, rounds } as const] : []),
    ...(excluded.length > 0 ? [{ code: 'excluded-rounds', excluded } as const] : []),
  ];
}

function idleAndBusy(variability: Variability): WordEvidence[] {
  const isConclusive = variability.interval !== undefined || variability.reason !== null;
  return isConclusive ? [{ code: 'idle-and-busy', variability }] : [];
}

/** Two kinds of promise: a row that answers has done the work before; another one has only taken it. */
function caveatOf(pattern: PatternResult, reference: PatternResult): WordCaveat | null {
  if (pattern.waitsFor === reference.waitsFor) return null;
  return {
    code: 'other-reply-path',
    reference: reference.record.title,
    referenceWaitsFor: reference.waitsFor,
  };
}
