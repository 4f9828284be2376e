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
import { doubtText } from '../doubt.ts';
import { faultFindings } from '../faults/fault-finding.ts';
import { servedWord } from '../../analysis/patterns/found-coupling.ts';
import { outageSeen } from '../../analysis/patterns/outage-seen.ts';
import { latenessText } from '../lateness-text.ts';
import { comparableRounds, ORDER_ROUNDS, orderOf } from '../../analysis/patterns/order.ts';
import type { Result } from '../../record/record.ts';
import { isMarked, isValid, type ResultRow, sameGuarantee } from '../../analysis/patterns/row.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import type { VariantOrder } from '../../analysis/patterns/variant-order.ts';
import { downText } from '../down-text.ts';
import { changeText, ORDER_TAKES, orderText } from '../order-text.ts';
import { streamFindings } from './stream-finding.ts';
import { survivorsText } from '../survivors.ts';

/** What was found, one sentence each, from the figures alone; the headline first. */
export function findingsOf({ result, patterns: rows, words: judged, faults, orders }: Analysis): string[] {
  const ofFaults = faultFindings(faults, result.scenario);
  if (ofFaults.length > 0) return ofFaults;
  const isFinished = rows.some((row) => row.latency.length > 0 || row.outage.length > 0);
  if (judged.length > 0 && isFinished) return choicesOf(result, rows, judged);
  // Of a stream the wait for its end is its plan: its items tell more.
  const streams = streamFindings(rows);
  const steady = streams.length > 0 ? streams : latencyFindings(result, rows, orders);
  const found = [outageFinding(result, rows), ...steady].filter((text) => text !== undefined);
  return found.length > 0 ? found : [nothingFound(rows)];
}

/** Variants are told one by one: their latencies are never mixed. */
function latencyFindings(
  result: Result,
  rows: readonly ResultRow[],
  orders: readonly VariantOrder[],
): (string | undefined)[] {
  if (orders.length === 0) return [latencyFinding(result, rows)];
  if (rows.length < 2 || orders.every(({ groups }) => groups.length === 0)) return [];
  const changed = orders.filter(({ changes: found }) => found.length > 0);
  const changes = changed.map(
    (order) => `at ${order.variant.title} ${order.changes.map(changeText).join(', ')}`,
  );
  const ends = [orders[0]!, orders.at(-1)!].map(
    ({ variant, groups }) => `at ${variant.title} ${groups.length === 0 ? "can't tell" : orderText(groups)}`,
  );
  const isShort = orders.some((order) => order.isShort);
  return [
    changes.length > 0
      ? `The order of the patterns changes: ${changes.join('; ')}.`
      : `No change of the order of the patterns is shown${isShort ? `: ${ORDER_TAKES}` : ''}.`,
    `The work is done soonest ${ends.join('; ')} ("or": no order between them is shown).`,
  ];
}

function nothingFound(rows: readonly ResultRow[]): string {
  const measured = rows.flatMap((row) => [...row.latency, ...row.outage]);
  if (measured.length > 0 && measured.every((trial) => trial.measurement.verdict !== 'valid')) {
    return 'Nothing can be said: no trial was measured validly. The warnings say why, and what to do.';
  }
  if (measured.length > 0) {
    return `Nothing can be said: too few calls. A percentile takes at least ${SAMPLES_BEYOND} samples beyond it, from at least ${INTERVALS_BEYOND} separate 100 ms intervals.`;
  }
  return rows.some((row) => row.floor.length > 0)
    ? 'Nothing was found: no trial was finished but that of the floor.'
    : 'Nothing was found: no trial was finished.';
}

/** `Callee killed for 4 s: REST served 0.0 % of 800 calls and 800 were never done; ...` */
function outageFinding({ scenario }: Result, rows: readonly ResultRow[]): string | undefined {
  if (!scenario.outage || rows.every((row) => row.outage.length === 0)) return undefined;
  // A target is never taken away.
  const concerned = rows.filter((row) => row.pattern.target === null);
  const parts = concerned.map((row) => `${row.pattern.title} ${outagePart(row)}`);
  return `Callee ${downText(scenario.outage.do)} for ${formatMs(scenario.outage.forMs)}: ${parts.join('; ')}.`;
}

function outagePart(row: ResultRow): string {
  if (row.pattern.state === 'not-run') return 'was not run';
  if (row.outage.length === 0) return 'gave no result';
  const seen = outageSeen(row, 'outage');
  const { intended, served, finallyDone } = seen.counts;
  if (!seen.isSeen) return 'was not seen to go down';
  if (intended === 0) return 'met no call while it was down';
  const ending =
    finallyDone === intended
      ? `finally did all of it${latenessText(seen)}`
      : `${formatCount(intended - finallyDone)} were never done`;
  return `${servedWord(row)} ${formatShare(served / intended)} of ${formatCount(intended)} calls and ${ending} (${seen.verdicts.join(' / ')} coupling)${doubtText(row.outage)}`;
}

/** `Without a fault, at 200/s: the caller waits 0.85 ms (REST) and 1.20 ms (...) at the median; ...` */
function latencyFinding({ scenario }: Result, rows: readonly ResultRow[]): string | undefined {
  const waits = rows.flatMap((row) => medianPart(row, 'response'));
  if (waits.length === 0) return undefined;
  const done = rows.flatMap((row) => medianPart(row, 'completion'));
  const parts = [
    `the caller waits ${waits.join(', ')} at the median`,
    ...(done.length > 0 ? [`the work is done after ${done.join(', ')}`] : []),
    ...comparison(rows),
  ];
  return `Without a fault, at ${formatRate(peakPerS(scenario.load))}: ${parts.join('; ')}.`;
}

function medianPart(row: ResultRow, kind: 'response' | 'completion'): string[] {
  const { merged, planned } = row[kind];
  const cell = merged && quantileCell(merged, 0.5);
  if (!merged || cell?.state !== 'known') return [];
  const until = kind === 'response' && row.waitsFor === 'confirm' ? ", until the broker's confirm" : '';
  const survivors = survivorsText(merged.count, planned, kind === 'completion' ? 'done' : row.waitsFor);
  const of = survivors === undefined ? '' : `, ${survivors}`;
  const doubtful = kind === 'response' ? doubtText(row.latency) : '';
  return [`${formatUs(cell.valueUs)} (${row.pattern.title}${until}${of}${doubtful})`];
}

/**
 * So many rounds of each row. Two like rows have ranges that do not overlap with probability
 * 2 (n!)^2 / (2n)!: a third at 2 rounds, 0.8 % at 5 (an exact permutation test).
 */
const ROUNDS_TO_CLAIM = 5;

/** An order is claimed only between valid and unmarked rows; between two, only where their rounds do not overlap. */
function comparison(rows: readonly ResultRow[]): string[] {
  const fit = rows.filter(
    (row) => isValid(row.latency) && !isMarked(row.latency, 0.5) && row.completion.merged,
  );
  if (fit.length > 2) return [severalOrdered(fit)];
  const [a, b] = fit;
  if (!a || !b) return [];
  const [x, y] = [medianRange(a), medianRange(b)];
  if (!x || !y) return [];
  if (Math.min(x.rounds, y.rounds) < ROUNDS_TO_CLAIM)
    return [`which is sooner takes ${ROUNDS_TO_CLAIM} rounds to say`];
  const condition = sameGuarantee(fit) ? '' : ', under unequal guarantees';
  if (x.highUs < y.lowUs) return [`sooner with ${a.pattern.title} in every round${condition}`];
  if (y.highUs < x.lowUs) return [`sooner with ${b.pattern.title} in every round${condition}`];
  return [`no difference beyond the spread of the rounds${condition}`];
}

/** More than two rows: as far as the intervals of their ratios carry an order. */
function severalOrdered(rows: readonly ResultRow[]): string {
  if (comparableRounds(rows, 'completion') < ORDER_ROUNDS) return `${ORDER_TAKES} to say`;
  const groups = orderOf(rows, 'completion');
  const condition = sameGuarantee(rows) ? '' : ', under unequal guarantees';
  return groups.length === 1
    ? `no order beyond the spread of the rounds${condition}`
    : `soonest ${orderText(groups)}${condition}`;
}

function medianRange(row: ResultRow): Extract<Spread, { state: 'known' }> | undefined {
  const spread = spreadOf(row.completion.rounds, 0.5);
  return spread.state === 'known' && spread.quantile === 0.5 ? spread : undefined;
}
