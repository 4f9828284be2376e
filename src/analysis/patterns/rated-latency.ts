import { ratioInterval, type RatioInterval } from '../../measure/stats/ratio.ts';
import { formatInterval, formatRatio, formatUs, plural } from '../../report/format.ts';
import type { PatternResult } from './pattern-result.ts';
import { sideBySide, type SideBySide } from './side-by-side.ts';
import {
  VARIABLE_ABOVE,
  VARIABLE_NEAR_END,
  variabilityOf,
  type BlockPair,
  type Variability,
} from './variability.ts';
import { type Rating, rating } from './rating.ts';

/** Completion p50 against the reference's in the same round: below this it is low ... */
export const LOW_BELOW = 0.8;
/** ... above this high, and medium between (DESIGN 4). */
export const HIGH_ABOVE = 1.5;
const CONFIDENCE = 0.95;
/** One round has no interval. */
const MIN_ROUNDS = 2;

export const LATENCY_RULE =
  `completion p50 as a ratio to the reference's in the same round, with the 95 % interval of its logarithm over the rounds ` +
  `(Student's t): low when all of it lies below ${LOW_BELOW}, medium from ${LOW_BELOW} to ${HIGH_ABOVE}, high above; across a ` +
  `border: inconclusive, unless the level that is said lies wholly outside. Variable: p50 when busy and when idle differ more than ${VARIABLE_ABOVE}×, the near end of the interval ` +
  `beyond ${VARIABLE_NEAR_END}×; it stands beside the level, and what the guides say agrees when it is one of the two. ` +
  `Only valid trials with an unmarked median that kept up with their load count, at least ${MIN_ROUNDS} rounds; of idle and busy ` +
  `only medians are compared, so a generator that was too late at its p90 and nowhere below, with nothing else wrong, does not spoil them`;

export interface ComparedWith {
  /** The row that the others are compared with; undefined where there is none. */
  readonly reference: PatternResult | undefined;
  /** Share of a row's capacity that its busy blocks were to have. */
  readonly busyShare: number;
}

export function rateLatency(
  pattern: PatternResult,
  { reference, busyShare }: ComparedWith,
  claimed: string,
): Rating {
  const variability = variabilityOf(pattern, busyShare);
  // That it is not variable is worth a word only where it is said to be.
  const worth = claimed === 'variable' ? ['variable', 'steady'] : ['variable'];
  const variable = worth.filter((word) => word === variability.found);
  if (pattern === reference) {
    const all = { found: ['medium', ...variable], figures: variabilityFigures(variability) };
    return claimed === 'variable'
      ? rateVariable(claimed, variability, all)
      : rating(claimed, { ...all, verdict: 'reference' });
  }
  const level = levelOf(pattern, reference);
  const all = {
    found: [...(level.word === undefined ? [] : [level.word]), ...variable],
    figure: level.interval ? formatInterval(level.interval) : null,
    caution: reference ? cautionOf(pattern, reference) : null,
    figures: [...level.figures, ...variabilityFigures(variability)],
  };
  if (claimed === 'variable') return rateVariable(claimed, variability, all);
  const possible = level.interval ? levelsWithin(level.interval) : LEVELS;
  if (level.word === undefined && possible.some((word) => word === claimed)) {
    return rating(claimed, { ...all, verdict: 'inconclusive', reason: level.reason });
  }
  if (level.word === undefined) {
    return rating(claimed, {
      ...all,
      measured: [possible.join(' or '), ...variable],
      verdict: 'contradicted',
    });
  }
  return rating(claimed, { ...all, verdict: level.word === claimed ? 'supported' : 'contradicted' });
}

type Found = Partial<Omit<Rating, 'verdict' | 'claimed'>>;

function rateVariable(claimed: string, { found, reason }: Variability, all: Found): Rating {
  if (found === 'unknown') return rating(claimed, { ...all, verdict: 'inconclusive', reason });
  return rating(claimed, { ...all, verdict: found === 'variable' ? 'supported' : 'contradicted' });
}

interface Level {
  readonly word: 'low' | 'medium' | 'high' | undefined;
  readonly interval: RatioInterval | undefined;
  readonly reason: string | null;
  readonly figures: readonly string[];
}

function levelOf(pattern: PatternResult, reference: PatternResult | undefined): Level {
  const none = { word: undefined, interval: undefined, figures: [] };
  if (!reference) return { ...none, reason: 'the row that latencies are compared with is not here' };
  if (pattern.record.state === 'not-run') return { ...none, reason: 'it was not run' };
  const { rounds, excluded } = sideBySide(pattern, reference, 'completion');
  const interval = ratioInterval(
    rounds.map((one) => one.ratio),
    CONFIDENCE,
  );
  const figures = levelFigures(pattern, reference, { rounds, excluded });
  if (!interval) {
    const why = excluded[0] === undefined ? '' : ` (${excluded[0]})`;
    const reason = `it takes at least ${MIN_ROUNDS} rounds that count, and there ${rounds.length === 1 ? 'is 1' : `are ${rounds.length}`}${why}`;
    return { ...none, reason, figures };
  }
  const word = levelWord(interval);
  const summary = `${plural(interval.pairs, 'round')}: ratio ${formatInterval(interval)} at 95 %`;
  return {
    word,
    interval,
    reason: word === undefined ? acrossText(interval) : null,
    figures: [...figures, summary],
  };
}

/** `1.52× [1.45–1.60] reaches across 1.5×` */
function acrossText(interval: RatioInterval): string {
  const crossed = [LOW_BELOW, HIGH_ABOVE].filter(
    (boundary) => interval.low <= boundary && interval.high >= boundary,
  );
  return `the interval ${formatInterval(interval)} reaches across ${crossed.map((boundary) => `${boundary}×`).join(' and ')}`;
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

function levelFigures(
  pattern: PatternResult,
  reference: PatternResult,
  { rounds, excluded }: SideBySide,
): string[] {
  const [mine, its] = [pattern.record.title, reference.record.title];
  const each = rounds.map(
    (one) => `round ${one.round} ${formatUs(one.us)} / ${formatUs(one.ofUs)} = ${formatRatio(one.ratio)}`,
  );
  return [
    ...(each.length > 0 ? [`completion p50, ${mine} / ${its}: ${each.join(', ')}`] : []),
    ...(excluded.length > 0 ? [`excluded: ${excluded.join('; ')}`] : []),
  ];
}

function variabilityFigures({ found, pairs, interval, reason }: Variability): string[] {
  if (!interval) return reason === null ? [] : [`idle and busy: ${reason}`];
  const each = pairs.map(pairText).join(', ');
  const is = found === 'unknown' ? `inconclusive whether it is variable (${reason})` : found;
  return [
    `busy / idle p50: ${each}; ${plural(pairs.length, 'pair')}: ${formatInterval(interval)} at 95 %: ${is}`,
  ];
}

function pairText({ idleUs, busyUs, ratio }: BlockPair): string {
  return `${formatUs(busyUs)} / ${formatUs(idleUs)} = ${formatRatio(ratio)}`;
}

/** Two kinds of promise: a row that answers has done the work before; another one has only taken it. */
function cautionOf(pattern: PatternResult, reference: PatternResult): string | null {
  if (pattern.waitsFor === reference.waitsFor) return null;
  const { title } = reference.record;
  return reference.waitsFor === 'reply'
    ? `Compared is when the work is done: ${title} has a reply path, this row has none and answers nobody.`
    : `Compared is when the work is done: this row has a reply path, ${title} has none and answers nobody.`;
}
