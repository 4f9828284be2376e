import { quantileCell } from '../../../measure/figures/percentile.ts';
import type { Result } from '../../../record/record.ts';
import type { Analysis } from '../../analysis.ts';
import type { Aspect, WordRating } from '../../claims/words/word.ts';
import type { RatedPattern } from '../../claims/words/words.ts';
import type { Coded } from '../../coded.ts';
import { isRowSaturated, soonestAnswers } from '../../patterns/answering.ts';
import { wholeCpuUs } from '../../patterns/cpu.ts';
import { type CaveatCount, caveatOf } from '../../patterns/caveat.ts';
import {
  type CouplingCounts,
  type CouplingShares,
  type CouplingUnknown,
  foundCoupling,
  servedWord,
  sharesOf,
} from '../../patterns/found-coupling.ts';
import { comparableRounds, ORDER_ROUNDS, ratioBetween, relationOf } from '../../patterns/order.ts';
import { type OutageSeen, outageSeen } from '../../patterns/outage-seen.ts';
import {
  hasBroker,
  type PatternResult,
  sameGuarantee,
  type SeriesKind,
} from '../../patterns/pattern-result.ts';
import { comparableMedian, type NoMedian } from '../../patterns/side-by-side.ts';

/**
 * The choice of a pattern and its reason, from the figures alone. A caller that needs the reply takes the pattern with
 * the fastest response. A caller that must continue during an outage takes a loosely coupled one, at its price. The
 * score of the guides' claims comes last.
 */
export type ChoiceStatement = SoonestAnswer | LoosePatterns | LoosePrice | GuidesScore;

export interface SoonestAnswer {
  readonly code: 'soonest-answer';
  /** In no particular order; empty: every pattern is inconclusive. */
  readonly first: readonly RankedRow[];
  readonly later: readonly RankedRow[];
  readonly isUnequal: boolean;
  /** Too few rounds to order the first ones. */
  readonly isShort: boolean;
  readonly inconclusive: readonly WithoutAnswer<NoMedian | Coded<'pattern-not-run' | 'no-trial'>>[];
}

export interface RankedRow {
  readonly title: string;
  readonly medianUs: number | null;
  readonly caveat: CaveatCount | null;
  /** Ratio to the median of the first one; null: unknown. */
  readonly times: number | null;
}

export interface WithoutAnswer<Reason> {
  readonly title: string;
  readonly reason: Reason;
}

export interface LoosePatterns {
  readonly code: 'loose-rows';
  readonly loose: readonly LoosePattern[];
  readonly inconclusive: readonly WithoutAnswer<CouplingUnknown>[];
}

export interface LoosePattern {
  readonly title: string;
  readonly counts: CouplingCounts;
  readonly served: CouplingShares['as'];
  readonly seen: OutageSeen;
}

/** Price of loose coupling, against the pattern with the fastest response. */
export interface LoosePrice {
  readonly code: 'loose-price';
  readonly best: PatternCosts | null;
  readonly loose: readonly PatternCosts[];
}

export interface PatternCosts {
  readonly title: string;
  /** Ratio to the completion time of the best pattern; null: no difference is significant. */
  readonly times: number | null;
  readonly completionUs: number | null;
  readonly caveat: CaveatCount | null;
  readonly cpuUs: number | null;
  /** Null: it runs without a broker. */
  readonly broker: BrokerAway | null;
}

/** Outcome of calls while the broker is down; null: no broker outage, or unknown. */
export interface BrokerAway {
  readonly away: { readonly how: 'kill' | 'freeze'; readonly shares: CouplingShares } | null;
}

export interface GuidesScore {
  readonly code: 'guides-score';
  readonly words: readonly ScoredWord[];
}

export interface ScoredWord {
  readonly title: string;
  readonly aspect: Aspect;
  readonly rating: WordRating;
}

export function choiceStatements({ result, patterns, words }: Analysis): ChoiceStatement[] {
  return [...soonestAnswer(patterns), ...looseStatements(result, patterns), ...guidesScore(words)];
}

function soonestAnswer(patterns: readonly PatternResult[]): SoonestAnswer[] {
  const answering = patterns.filter((pattern) => pattern.waitsFor === 'reply');
  if (answering.length === 0) return [];
  const groups = soonestAnswers(patterns);
  const [first = [], ...later] = groups;
  const ranked = (pattern: PatternResult) => rankedRow(pattern, first[0]!);
  return [
    {
      code: 'soonest-answer',
      first: first.map(ranked),
      later: later.flat().map(ranked),
      isUnequal: !sameGuarantee(groups.flat()),
      isShort: comparableRounds(first, 'response') < ORDER_ROUNDS,
      inconclusive: answering.filter((pattern) => !groups.flat().includes(pattern)).map(answerUnknown),
    },
  ];
}

function rankedRow(pattern: PatternResult, best: PatternResult): RankedRow {
  return {
    title: pattern.record.title,
    medianUs: medianUs(pattern, 'response'),
    caveat: caveatOf(pattern.trials.latency),
    times: pattern === best ? null : timesOf(pattern, best, 'response'),
  };
}

function answerUnknown(pattern: PatternResult): SoonestAnswer['inconclusive'][number] {
  const { title, state } = pattern.record;
  if (isRowSaturated(pattern)) return { title, reason: { code: 'saturated' } };
  const [why] = pattern.trials.latency.flatMap((trial) => {
    const median = comparableMedian(trial, 'response');
    return median.state === 'unusable' ? [median.why] : [];
  });
  return { title, reason: why ?? { code: state === 'not-run' ? 'pattern-not-run' : 'no-trial' } };
}

function timesOf(pattern: PatternResult, of: PatternResult, kind: SeriesKind): number | null {
  return ratioBetween(pattern, of, kind)?.ratio ?? null;
}

function medianUs(pattern: PatternResult, kind: 'response' | 'completion'): number | null {
  const { merged } = pattern.series[kind];
  const cell = merged && quantileCell(merged, 0.5);
  return cell?.state === 'known' ? cell.valueUs : null;
}

/** Loosely coupled patterns and, if there are any, their price. */
function looseStatements(result: Result, patterns: readonly PatternResult[]): (LoosePatterns | LoosePrice)[] {
  if (patterns.every((pattern) => pattern.trials.serviceOutage.length === 0)) return [];
  const found = patterns.map((pattern) => ({ pattern, coupling: foundCoupling(pattern, 'serviceOutage') }));
  const loose = found.flatMap(({ pattern, coupling }) =>
    coupling.state === 'known' && coupling.coupling.verdict === 'loose'
      ? [{ pattern, counts: coupling.coupling }]
      : [],
  );
  const inconclusive = found.flatMap(({ pattern, coupling }) =>
    coupling.state === 'unknown' ? [{ title: pattern.record.title, reason: coupling.reason }] : [],
  );
  return [
    {
      code: 'loose-rows',
      loose: loose.map(({ pattern, counts }) => loosePattern(pattern, counts)),
      inconclusive,
    },
    ...(loose.length === 0
      ? []
      : [
          loosePrice(
            result,
            patterns,
            loose.map(({ pattern }) => pattern),
          ),
        ]),
  ];
}

function loosePattern(pattern: PatternResult, counts: CouplingCounts): LoosePattern {
  return {
    title: pattern.record.title,
    counts,
    served: servedWord(pattern),
    seen: outageSeen(pattern, 'serviceOutage'),
  };
}

function loosePrice(
  result: Result,
  patterns: readonly PatternResult[],
  loose: readonly PatternResult[],
): LoosePrice {
  const [best] = soonestAnswers(patterns).flat();
  return {
    code: 'loose-price',
    best: best ? costOf(result, best, null) : null,
    loose: loose.map((pattern) => {
      const isDifferent = best && relationOf(pattern, best, 'completion', patterns) !== 'unclear';
      return {
        ...costOf(result, pattern, isDifferent ? timesOf(pattern, best, 'completion') : null),
        broker: brokerAway(result, pattern),
      };
    }),
  };
}

function costOf(result: Result, pattern: PatternResult, times: number | null): PatternCosts {
  return {
    title: pattern.record.title,
    times,
    completionUs: medianUs(pattern, 'completion'),
    caveat: caveatOf(pattern.trials.latency),
    cpuUs: wholeCpuUs(result, pattern) ?? null,
    broker: null,
  };
}

function brokerAway(result: Result, pattern: PatternResult): BrokerAway | null {
  if (!hasBroker(result, pattern)) return null;
  const { brokerOutage } = result.scenario;
  const shares = sharesOf(pattern, 'brokerOutage');
  const isKnown = brokerOutage && shares && foundCoupling(pattern, 'brokerOutage').state === 'known';
  return { away: isKnown ? { how: brokerOutage.do, shares } : null };
}

function guidesScore(all: readonly RatedPattern[]): GuidesScore[] {
  const words = all.flatMap(({ pattern, words: own }) =>
    (Object.entries(own) as [Aspect, WordRating][]).map(([aspect, rating]) => ({
      title: pattern.record.title,
      aspect,
      rating,
    })),
  );
  const counted = words.filter(({ rating }) => rating.verdict !== null);
  return counted.length === 0 ? [] : [{ code: 'guides-score', words: counted }];
}
