import {
  INTERVALS_BEYOND,
  quantileCell,
  SAMPLES_BEYOND,
  type Spread,
  spreadOf,
} from '../../measure/figures/percentile.ts';
import { peakPerS } from '../../kernel/load-shape.ts';
import { formatCount, formatMs, formatRate, formatShare, formatUs } from '../format.ts';
import { choicesOf } from './choice.ts';
import { caveatText } from '../caveat.ts';
import { faultFindings } from '../faults/fault-finding.ts';
import { servedWord } from '../../analysis/patterns/found-coupling.ts';
import { outageSeen } from '../../analysis/patterns/outage-seen.ts';
import { latenessText } from '../lateness-text.ts';
import { comparableRounds, ORDER_ROUNDS, orderOf } from '../../analysis/patterns/order.ts';
import type { Result } from '../../record/record.ts';
import {
  isMarked,
  isValid,
  type PatternResult,
  sameGuarantee,
} from '../../analysis/patterns/pattern-result.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import type { VariantOrder } from '../../analysis/patterns/variant-order.ts';
import { downText } from '../down-text.ts';
import { changeText, ORDER_TAKES, orderText } from '../order-text.ts';
import { streamFindings } from './stream-finding.ts';
import { sampleCoverageText } from '../sample-coverage.ts';

/** What was found, one sentence each, from the figures alone; the headline first. */
export function findingsOf({ result, patterns, words: rated, faults, orders }: Analysis): string[] {
  const ofFaults = faultFindings(faults, result.scenario);
  if (ofFaults.length > 0) return ofFaults;
  const isFinished = patterns.some(
    (pattern) => pattern.latency.length > 0 || pattern.serviceOutage.length > 0,
  );
  if (rated.length > 0 && isFinished) return choicesOf(result, patterns, rated);
  // Of a stream the wait for its end is its plan: its items tell more.
  const streams = streamFindings(patterns);
  const steady = streams.length > 0 ? streams : latencyFindings(result, patterns, orders);
  const found = [outageFinding(result, patterns), ...steady].filter((text) => text !== undefined);
  return found.length > 0 ? found : [nothingFound(patterns)];
}

/** Variants are told one by one: their latencies are never mixed. */
function latencyFindings(
  result: Result,
  patterns: readonly PatternResult[],
  orders: readonly VariantOrder[],
): (string | undefined)[] {
  if (orders.length === 0) return [latencyFinding(result, patterns)];
  if (patterns.length < 2 || orders.every(({ groups }) => groups.length === 0)) return [];
  const changed = orders.filter(({ changes: found }) => found.length > 0);
  const changes = changed.map(
    (order) => `at ${order.variant.title} ${order.changes.map(changeText).join(', ')}`,
  );
  const ends = [orders[0]!, orders.at(-1)!].map(
    ({ variant, groups }) =>
      `at ${variant.title} ${groups.length === 0 ? 'inconclusive' : orderText(groups)}`,
  );
  const isShort = orders.some((order) => order.isShort);
  return [
    changes.length > 0
      ? `The order of the patterns changes: ${changes.join('; ')}.`
      : `No change of the order of the patterns is shown${isShort ? `: ${ORDER_TAKES}` : ''}.`,
    `The work is done soonest ${ends.join('; ')} ("or": no order between them is shown).`,
  ];
}

function nothingFound(patterns: readonly PatternResult[]): string {
  const measured = patterns.flatMap((pattern) => [...pattern.latency, ...pattern.serviceOutage]);
  if (measured.length > 0 && measured.every((trial) => trial.validity.verdict !== 'valid')) {
    return 'No result: no trial is valid. The warnings give the reason and the remedy.';
  }
  if (measured.length > 0) {
    return `No result: too few calls. A percentile needs at least ${SAMPLES_BEYOND} samples beyond it, from at least ${INTERVALS_BEYOND} separate 100 ms intervals.`;
  }
  return patterns.some((pattern) => pattern.noop.length > 0)
    ? 'No result: only the no-op baseline was finished.'
    : 'No result: no trial was finished.';
}

/** `Service killed for 4 s: REST served 0.0 % of 800 calls and 800 were never done; ...` */
function outageFinding({ scenario }: Result, patterns: readonly PatternResult[]): string | undefined {
  if (!scenario.serviceOutage || patterns.every((pattern) => pattern.serviceOutage.length === 0))
    return undefined;
  // A target is never taken away.
  const concerned = patterns.filter((pattern) => pattern.record.target === null);
  const parts = concerned.map((pattern) => `${pattern.record.title} ${outagePart(pattern)}`);
  return `Service ${downText(scenario.serviceOutage.do)} for ${formatMs(scenario.serviceOutage.forMs)}: ${parts.join('; ')}.`;
}

function outagePart(pattern: PatternResult): string {
  if (pattern.record.state === 'not-run') return 'was not run';
  if (pattern.serviceOutage.length === 0) return 'gave no result';
  const seen = outageSeen(pattern, 'serviceOutage');
  const { intended, served, finallyDone } = seen.counts;
  if (!seen.isObserved) return 'was not observed to go down';
  if (intended === 0) return 'met no call while it was down';
  const ending =
    finallyDone === intended
      ? `finally did all of it${latenessText(seen)}`
      : `${formatCount(intended - finallyDone)} were never done`;
  return `${servedWord(pattern)} ${formatShare(served / intended)} of ${formatCount(intended)} calls and ${ending} (${seen.verdicts.join(' / ')} coupling)${caveatText(pattern.serviceOutage)}`;
}

/** `Without a fault, at 200/s: the caller waits 0.85 ms (REST) and 1.20 ms (...) at the median; ...` */
function latencyFinding({ scenario }: Result, patterns: readonly PatternResult[]): string | undefined {
  const waits = patterns.flatMap((pattern) => medianPart(pattern, 'response'));
  if (waits.length === 0) return undefined;
  const done = patterns.flatMap((pattern) => medianPart(pattern, 'completion'));
  const parts = [
    `median response time ${waits.join(', ')}`,
    ...(done.length > 0 ? [`the work is done after ${done.join(', ')}`] : []),
    ...comparison(patterns),
  ];
  return `Without a fault, at ${formatRate(peakPerS(scenario.load))}: ${parts.join('; ')}.`;
}

function medianPart(pattern: PatternResult, kind: 'response' | 'completion'): string[] {
  const { merged, planned } = pattern[kind];
  const cell = merged && quantileCell(merged, 0.5);
  if (!merged || cell?.state !== 'known') return [];
  const until = kind === 'response' && pattern.waitsFor === 'confirm' ? ", until the broker's confirm" : '';
  const coverageNotes = sampleCoverageText(
    merged.count,
    planned,
    kind === 'completion' ? 'done' : pattern.waitsFor,
  );
  const of = coverageNotes === undefined ? '' : `, ${coverageNotes}`;
  const caveat = kind === 'response' ? caveatText(pattern.latency) : '';
  return [`${formatUs(cell.valueUs)} (${pattern.record.title}${until}${of}${caveat})`];
}

/**
 * So many rounds of each row. Two like rows have ranges that do not overlap with probability
 * 2 (n!)^2 / (2n)!: a third at 2 rounds, 0.8 % at 5 (an exact permutation test).
 */
const ROUNDS_TO_CLAIM = 5;

/** An order is claimed only between valid and unmarked rows; between two, only where their rounds do not overlap. */
function comparison(patterns: readonly PatternResult[]): string[] {
  const fit = patterns.filter(
    (pattern) => isValid(pattern.latency) && !isMarked(pattern.latency, 0.5) && pattern.completion.merged,
  );
  if (fit.length > 2) return [severalOrdered(fit)];
  const [a, b] = fit;
  if (!a || !b) return [];
  const [x, y] = [medianRange(a), medianRange(b)];
  if (!x || !y) return [];
  if (Math.min(x.rounds, y.rounds) < ROUNDS_TO_CLAIM)
    return [`which is sooner takes ${ROUNDS_TO_CLAIM} rounds to say`];
  const condition = sameGuarantee(fit) ? '' : ', under unequal guarantees';
  if (x.highUs < y.lowUs) return [`sooner with ${a.record.title} in every round${condition}`];
  if (y.highUs < x.lowUs) return [`sooner with ${b.record.title} in every round${condition}`];
  return [`no difference beyond the spread of the rounds${condition}`];
}

/** More than two rows: as far as the intervals of their ratios carry an order. */
function severalOrdered(patterns: readonly PatternResult[]): string {
  if (comparableRounds(patterns, 'completion') < ORDER_ROUNDS) return `${ORDER_TAKES} to say`;
  const groups = orderOf(patterns, 'completion');
  const condition = sameGuarantee(patterns) ? '' : ', under unequal guarantees';
  return groups.length === 1
    ? `no order beyond the spread of the rounds${condition}`
    : `soonest ${orderText(groups)}${condition}`;
}

function medianRange(pattern: PatternResult): Extract<Spread, { state: 'known' }> | undefined {
  const spread = spreadOf(pattern.completion.rounds, 0.5);
  return spread.state === 'known' && spread.quantile === 0.5 ? spread : undefined;
}
