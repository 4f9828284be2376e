import type { RatioInterval } from '../../../measure/stats/ratio.ts';
import { ratioOverSessions } from '../../../measure/stats/with-sessions.ts';
import type { PatternResult } from '../../patterns/pattern-result.ts';
import { sideBySide, type SideBySide } from '../../patterns/side-by-side.ts';
import { variabilityOf, type Variability } from '../../patterns/variability.ts';
import { RATIO_SCATTER } from './ratio-scatter.ts';
import { verdictIf } from '../verdict.ts';
import { type WordCaveat, type WordEvidence, type WordRating, wordRating, type WordReason } from './word.ts';

/** A completion p50 below this share of the reference's in the same round is `low`. */
export const LOW_BELOW = 0.8;
/** Above this it is `high`, between both `medium` (DESIGN 4). */
export const HIGH_ABOVE = 1.5;
export const LEVEL_CONFIDENCE = 0.95;
/** One round has no interval. */
export const LEAST_ROUNDS = 2;

export interface ComparedWith {
  /** The pattern that the others are compared with; undefined where there is none. */
  readonly reference: PatternResult | undefined;
  /** Planned rate of a pattern's busy blocks, as a share of its closed loop. */
  readonly busyShare: number;
}

export function rateLatency(
  pattern: PatternResult,
  { reference, busyShare }: ComparedWith,
  claimed: string,
): WordRating {
  const variability = variabilityOf(pattern, busyShare);
  // Steadiness is reported only where the claim is about variability.
  const worth = claimed === 'variable' ? ['variable', 'steady'] : ['variable'];
  const variable = worth.filter((word) => word === variability.found).map((word) => [word]);
  if (pattern === reference) {
    const all = { measured: [['medium'], ...variable], evidence: idleAndBusy(variability) };
    return claimed === 'variable'
      ? rateVariable(claimed, variability, all)
      : wordRating(claimed, { ...all, verdict: null });
  }
  const level = latencyLevel(pattern, reference);
  const all = {
    measured: [...(level.word === undefined ? [] : [[level.word]]), ...variable],
    figure: level.interval ? ({ code: 'ratio', interval: level.interval } as const) : null,
    caveat: reference ? caveatOf(pattern, reference) : null,
    evidence: [...level.evidence, ...idleAndBusy(variability)],
  };
  if (claimed === 'variable') return rateVariable(claimed, variability, all);
  return rateLevel(claimed, level, all, variable);
}

type Found = Partial<Omit<WordRating, 'verdict' | 'claimed'>>;

function rateLevel(
  claimed: string,
  { word, interval, reason }: LatencyLevel,
  all: Found,
  variable: readonly string[][],
): WordRating {
  if (word !== undefined) return wordRating(claimed, { ...all, verdict: verdictIf(word === claimed) });
  const possible = interval ? levelsWithin(interval) : LEVELS;
  return possible.some((one) => one === claimed)
    ? wordRating(claimed, { ...all, verdict: 'inconclusive', reason })
    : wordRating(claimed, { ...all, measured: [possible, ...variable], verdict: 'contradicted' });
}

function rateVariable(claimed: string, { found: measured, reason }: Variability, all: Found): WordRating {
  if (measured === 'unknown') return wordRating(claimed, { ...all, verdict: 'inconclusive', reason });
  return wordRating(claimed, { ...all, verdict: verdictIf(measured === 'variable') });
}

/** The level of a pattern's completion time beside the reference, as far as it is known. */
export interface LatencyLevel {
  readonly word: LevelWord | undefined;
  readonly interval: RatioInterval | undefined;
  readonly reason: WordReason | null;
  readonly evidence: readonly WordEvidence[];
}

export function latencyLevel(pattern: PatternResult, reference: PatternResult | undefined): LatencyLevel {
  const none = { word: undefined, interval: undefined, evidence: [] };
  if (!reference) return { ...none, reason: { code: 'no-reference' } };
  if (pattern.record.state === 'not-run') return { ...none, reason: { code: 'pattern-not-run' } };
  const compared = sideBySide(pattern, reference, 'completion');
  const { rounds, excluded } = compared;
  // A word must hold in the next session too, not in this one alone.
  const interval = ratioOverSessions(
    rounds.map((one) => one.ratio),
    LEVEL_CONFIDENCE,
    RATIO_SCATTER,
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
  const boundaries = [LOW_BELOW, HIGH_ABOVE].filter(
    (boundary) => interval.low <= boundary && interval.high >= boundary,
  );
  return { code: 'across-levels', interval, boundaries };
}

export const LEVELS = ['low', 'medium', 'high'] as const;
export type LevelWord = (typeof LEVELS)[number];

/** Levels that the interval touches; the pattern's level is one of these. */
export function levelsWithin({ low, high }: RatioInterval): LevelWord[] {
  return LEVELS.filter(
    (word) =>
      (word === 'low' && low < LOW_BELOW) ||
      (word === 'medium' && high >= LOW_BELOW && low <= HIGH_ABOVE) ||
      (word === 'high' && high > HIGH_ABOVE),
  );
}

export function levelWord({ low, high }: Pick<RatioInterval, 'low' | 'high'>): LevelWord | undefined {
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
  const hasEvidence = variability.interval !== undefined || variability.reason !== null;
  return hasEvidence ? [{ code: 'idle-and-busy', variability }] : [];
}

/** A caveat where one pattern replies after the work and the other only accepts it: their promises differ. */
function caveatOf(pattern: PatternResult, reference: PatternResult): WordCaveat | null {
  if (pattern.waitsFor === reference.waitsFor) return null;
  return {
    code: 'other-reply-path',
    reference: reference.record.title,
    referenceWaitsFor: reference.waitsFor,
  };
}
