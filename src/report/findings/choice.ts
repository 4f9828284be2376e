import { quantileCell } from '../../measure/figures/percentile.ts';
import { formatCpuUs, formatRatio, formatShare, formatUs, oneOf, plural } from '../format.ts';
import { wholeCpuUs } from '../../analysis/patterns/cpu.ts';
import { caveatText } from '../caveat.ts';
import { outageSeen } from '../../analysis/patterns/outage-seen.ts';
import { latenessText } from '../lateness-text.ts';
import {
  comparableRounds,
  ORDER_ROUNDS,
  orderOf,
  ratioBetween,
  relationOf,
} from '../../analysis/patterns/order.ts';
import type { Result } from '../../record/record.ts';
import {
  hasBroker,
  type PatternResult,
  sameGuarantee,
  type SeriesKind,
} from '../../analysis/patterns/pattern-result.ts';
import type { RatedPattern } from '../../analysis/claims/words/words.ts';
import type { Aspect, WordRating } from '../../analysis/claims/words/word.ts';
import { foundCoupling, servedWord, sharesOf } from '../../analysis/patterns/found-coupling.ts';
import { foundTexts } from '../claims/word-text.ts';
import { downText } from '../down-text.ts';
import { ORDER_TAKES } from '../order-text.ts';
import { couplingText, sharesText } from '../reasons/coupling-text.ts';
import { medianText as whyText } from '../reasons/median-text.ts';
import { comparableMedian } from '../../analysis/patterns/side-by-side.ts';

/**
 * Which pattern to take, and why: from the figures alone. Who needs the answer takes the row that makes its
 * caller wait least; who must go on when the service is away takes one that is loose to it, at its price.
 * Then how often the guides were right.
 */
export function choicesOf(
  result: Result,
  patterns: readonly PatternResult[],
  all: readonly RatedPattern[],
): string[] {
  return [answerChoice(patterns), ...awayChoice(result, patterns), guidesScore(all)].filter(
    (text) => text !== undefined,
  );
}

/** `If the caller needs a response: REST (median response time 0.80 ms; gRPC 1.31×, GraphQL 1.52×).` */
function answerChoice(patterns: readonly PatternResult[]): string | undefined {
  const answering = patterns.filter((pattern) => pattern.waitsFor === 'reply');
  if (answering.length === 0) return undefined;
  const groups = soonestAnswers(patterns);
  const [first = [], ...later] = groups;
  const [best] = first;
  const inconclusiveTitles = answering.filter((pattern) => !groups.flat().includes(pattern)).map(whyNoMedian);
  if (!best) return `If the caller needs a response: inconclusive: ${inconclusiveTitles.join(', ')}.`;
  const condition = sameGuarantee(groups.flat()) ? '' : '; their guarantees differ';
  const medians = first
    .map((pattern) => medianText(pattern, 'response') + caveatText(pattern.latency))
    .join(', ');
  const others = later
    .flat()
    .map((pattern) => `${pattern.record.title} ${timesText(pattern, best, 'response')}`);
  const rest = others.length > 0 ? `; ${others.join(', ')}${condition}` : '';
  const unclear = first.length > 1 ? `, ${whyUnclear(first)}` : '';
  const names = oneOf(first.map((pattern) => pattern.record.title));
  return `If the caller needs a response: ${names} (median response time ${medians}${unclear}${rest}).${inconclusiveTitles.length > 0 ? ` Inconclusive for ${inconclusiveTitles.join(', ')}.` : ''}`;
}

function soonestAnswers(patterns: readonly PatternResult[]): PatternResult[][] {
  return orderOf(
    patterns.filter((pattern) => pattern.waitsFor === 'reply' && !isSaturated(pattern)),
    'response',
  );
}

/** Its percentiles are of a growing backlog, or of the few calls that did. */
function isSaturated({ latency }: PatternResult): boolean {
  return latency.some((trial) => trial.load.verdict === 'saturated');
}

/** `gRPC (its measurement is disturbed)` */
function whyNoMedian(pattern: PatternResult): string {
  const [why] = pattern.latency.flatMap((trial) => {
    const median = comparableMedian(trial, 'response');
    return median.state === 'unusable' ? [whyText(median.why)] : [];
  });
  const missing = pattern.record.state === 'not-run' ? 'it was not run' : 'no trial of it was finished';
  return `${pattern.record.title} (${isSaturated(pattern) ? 'it is saturated' : (why ?? missing)})`;
}

function whyUnclear(patterns: readonly PatternResult[]): string {
  const isShort = comparableRounds(patterns, 'response') < ORDER_ROUNDS;
  return isShort ? ORDER_TAKES : 'no order between them is shown';
}

function timesText(pattern: PatternResult, of: PatternResult, kind: SeriesKind): string {
  const interval = ratioBetween(pattern, of, kind);
  return interval ? formatRatio(interval.ratio) : '–';
}

function medianText(pattern: PatternResult, kind: 'response' | 'completion'): string {
  const { merged } = pattern[kind];
  const cell = merged && quantileCell(merged, 0.5);
  return cell?.state === 'known' ? formatUs(cell.valueUs) : '–';
}

/** `Tolerates downtime of the service: Message queue (...).` and, where any row is, what that costs. */
function awayChoice(result: Result, patterns: readonly PatternResult[]): string[] {
  if (patterns.every((pattern) => pattern.serviceOutage.length === 0)) return [];
  const found = patterns.map((pattern) => ({ pattern, coupling: foundCoupling(pattern, 'serviceOutage') }));
  const loose = found.flatMap(({ pattern, coupling }) =>
    coupling.state === 'known' && coupling.coupling.verdict === 'loose' ? [pattern] : [],
  );
  const inconclusiveTitles = found.flatMap(({ pattern, coupling }) =>
    coupling.state === 'unknown' ? [`${pattern.record.title} (${couplingText(coupling.reason)})`] : [],
  );
  const rest = inconclusiveTitles.length > 0 ? ` Inconclusive for ${inconclusiveTitles.join(', ')}.` : '';
  if (loose.length === 0)
    return [`Tolerates downtime of the service: none of the measured patterns is loosely coupled.${rest}`];
  const names = loose.map((pattern) => `${pattern.record.title} (${sustainedText(pattern)})`);
  return [`Tolerates downtime of the service: ${oneOf(names)}.${rest}`, pricesText(result, patterns, loose)];
}

/** `all accepted and done, 95 % within 4.33 s` */
function sustainedText(pattern: PatternResult): string {
  const found = foundCoupling(pattern, 'serviceOutage');
  if (found.state === 'unknown') return couplingText(found.reason);
  const { intended, served, finallyDone } = found.coupling;
  const word = servedWord(pattern);
  const outcome =
    served === intended && finallyDone === intended
      ? `all ${word} and done`
      : `${formatShare(served / intended)} ${word}, ${formatShare(finallyDone / intended)} done`;
  return outcome + latenessText(outageSeen(pattern, 'serviceOutage'));
}

/** What it takes to be loose, against the row that answers soonest. */
function pricesText(
  result: Result,
  patterns: readonly PatternResult[],
  loose: readonly PatternResult[],
): string {
  const [best] = soonestAnswers(patterns).flat();
  const against = best ? ` against ${best.record.title} (${costsOf(result, best).join(', ')})` : '';
  const prices = loose.map(
    (pattern) => `${pattern.record.title} ${priceOf(result, pattern, patterns, best).join(', ')}`,
  );
  return `The price${against}: ${prices.join('; ')}.`;
}

/** `completion p50 0.68 ms, 279 µs of CPU` */
function costsOf(result: Result, pattern: PatternResult): string[] {
  const done = `completion p50 ${medianText(pattern, 'completion')}${caveatText(pattern.latency)}`;
  return [done, ...cpuText(result, pattern)];
}

/** How many times as long is told only where the rounds carry that it is another time at all. */
function priceOf(
  result: Result,
  pattern: PatternResult,
  patterns: readonly PatternResult[],
  best: PatternResult | undefined,
): string[] {
  const isConclusive = best && relationOf(pattern, best, 'completion', patterns) !== 'unclear';
  const costs = isConclusive
    ? [`${timesText(pattern, best, 'completion')} as long`, ...cpuText(result, pattern)]
    : costsOf(result, pattern);
  return [...costs, ...brokerText(result, pattern)];
}

function cpuText(result: Result, pattern: PatternResult): string[] {
  const us = wholeCpuUs(result, pattern);
  return us === undefined ? [] : [`${formatCpuUs(us)} of CPU`];
}

/** `a broker to run (while that was killed: 0.0 % accepted)` */
function brokerText(result: Result, pattern: PatternResult): string[] {
  if (!hasBroker(result, pattern)) return [];
  const found = foundCoupling(pattern, 'brokerOutage');
  const { brokerOutage } = result.scenario;
  const shares = sharesOf(pattern, 'brokerOutage');
  if (!brokerOutage || !shares || found.state === 'unknown') return ['a broker to run'];
  return [`a broker to run (while that was ${downText(brokerOutage.do)}: ${sharesText(shares)})`];
}

/** `The guides: 9 of 14 words hold. Not so: gRPC latency low → medium; ... Inconclusive: ...` */
function guidesScore(all: readonly RatedPattern[]): string | undefined {
  const cells = all.flatMap(({ pattern, words }) =>
    (Object.entries(words) as [Aspect, WordRating][]).map(([claim, rating]) => ({ pattern, claim, rating })),
  );
  const counted = cells.filter(({ rating }) => rating.verdict !== null);
  if (counted.length === 0) return undefined;
  const of = (verdict: WordRating['verdict']) => counted.filter(({ rating }) => rating.verdict === verdict);
  const not = of('contradicted').map(
    ({ pattern, claim, rating }) =>
      `${pattern.record.title} ${claim} ${rating.claimed} → ${foundTexts(rating).join(', ')}`,
  );
  const inconclusiveTitles = of('inconclusive').map(
    ({ pattern, claim }) => `${pattern.record.title} ${claim}`,
  );
  return [
    `The guides: ${of('supported').length} of ${plural(counted.length, 'rating')} are supported by the measurements.`,
    ...(not.length > 0 ? [`Contradicted: ${not.join('; ')}.`] : []),
    ...(inconclusiveTitles.length > 0 ? [`Inconclusive: ${inconclusiveTitles.join(', ')}.`] : []),
  ].join(' ');
}
