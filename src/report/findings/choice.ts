import { quantileCell } from '../../measure/figures/percentile.ts';
import { formatCpuUs, formatRatio, formatShare, formatUs, oneOf, plural } from '../format.ts';
import { wholeCpuUs } from '../../analysis/patterns/cpu.ts';
import { doubtText } from '../doubt.ts';
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
import { hasBroker, type ResultRow, sameGuarantee, type SeriesKind } from '../../analysis/patterns/row.ts';
import type { JudgedRow } from '../../analysis/claims/words/words.ts';
import type { Aspect, WordJudgement } from '../../analysis/claims/words/word.ts';
import { foundCoupling, servedWord, sharesOf } from '../../analysis/patterns/found-coupling.ts';
import { foundTexts } from '../claims/word-text.ts';
import { downText } from '../down-text.ts';
import { ORDER_TAKES } from '../order-text.ts';
import { couplingText, sharesText } from '../reasons/coupling-text.ts';
import { medianText as whyText } from '../reasons/median-text.ts';
import { comparableMedian } from '../../analysis/patterns/side-by-side.ts';

/**
 * Which pattern to take, and why: from the figures alone. Who needs the answer takes the row that makes its
 * caller wait least; who must go on when the callee is away takes one that is loose to it, at its price.
 * Then how often the guides were right.
 */
export function choicesOf(result: Result, rows: readonly ResultRow[], all: readonly JudgedRow[]): string[] {
  return [answerChoice(rows), ...awayChoice(result, rows), guidesScore(all)].filter(
    (text) => text !== undefined,
  );
}

/** `Needs the answer back: REST (0.80 ms at the median; gRPC 1.31×, GraphQL 1.52×).` */
function answerChoice(rows: readonly ResultRow[]): string | undefined {
  const answering = rows.filter((row) => row.waitsFor === 'reply');
  if (answering.length === 0) return undefined;
  const groups = soonestAnswers(rows);
  const [first = [], ...later] = groups;
  const [best] = first;
  const untold = answering.filter((row) => !groups.flat().includes(row)).map(whyNoMedian);
  if (!best) return `Needs the answer back: can't tell: ${untold.join(', ')}.`;
  const condition = sameGuarantee(groups.flat()) ? '' : '; their guarantees differ';
  const medians = first.map((row) => medianText(row, 'response') + doubtText(row.latency)).join(', ');
  const others = later.flat().map((row) => `${row.pattern.title} ${timesText(row, best, 'response')}`);
  const rest = others.length > 0 ? `; ${others.join(', ')}${condition}` : '';
  const unclear = first.length > 1 ? `, ${whyUnclear(first)}` : '';
  const names = oneOf(first.map((row) => row.pattern.title));
  return `Needs the answer back: ${names} (the caller waits ${medians} at the median${unclear}${rest}).${untold.length > 0 ? ` Can't tell of ${untold.join(', ')}.` : ''}`;
}

function soonestAnswers(rows: readonly ResultRow[]): ResultRow[][] {
  return orderOf(
    rows.filter((row) => row.waitsFor === 'reply' && !isSaturated(row)),
    'response',
  );
}

/** Its percentiles are of a growing backlog, or of the few calls that did. */
function isSaturated({ latency }: ResultRow): boolean {
  return latency.some((trial) => trial.load.verdict === 'saturated');
}

/** `gRPC (its measurement is disturbed)` */
function whyNoMedian(row: ResultRow): string {
  const [why] = row.latency.flatMap((trial) => {
    const median = comparableMedian(trial, 'response');
    return median.state === 'unusable' ? [whyText(median.why)] : [];
  });
  const missing = row.pattern.state === 'not-run' ? 'it was not run' : 'no trial of it was finished';
  return `${row.pattern.title} (${isSaturated(row) ? 'it is saturated' : (why ?? missing)})`;
}

function whyUnclear(rows: readonly ResultRow[]): string {
  const isShort = comparableRounds(rows, 'response') < ORDER_ROUNDS;
  return isShort ? ORDER_TAKES : 'no order between them is shown';
}

function timesText(row: ResultRow, of: ResultRow, kind: SeriesKind): string {
  const interval = ratioBetween(row, of, kind);
  return interval ? formatRatio(interval.ratio) : '–';
}

function medianText(row: ResultRow, kind: 'response' | 'completion'): string {
  const { merged } = row[kind];
  const cell = merged && quantileCell(merged, 0.5);
  return cell?.state === 'known' ? formatUs(cell.valueUs) : '–';
}

/** `Callee may be away: Message queue (...).` and, where any row is, what that costs. */
function awayChoice(result: Result, rows: readonly ResultRow[]): string[] {
  if (rows.every((row) => row.outage.length === 0)) return [];
  const found = rows.map((row) => ({ row, coupling: foundCoupling(row, 'outage') }));
  const loose = found.flatMap(({ row, coupling }) =>
    coupling.state === 'known' && coupling.coupling.verdict === 'loose' ? [row] : [],
  );
  const untold = found.flatMap(({ row, coupling }) =>
    coupling.state === 'unknown' ? [`${row.pattern.title} (${couplingText(coupling.reason)})`] : [],
  );
  const rest = untold.length > 0 ? ` Can't tell of ${untold.join(', ')}.` : '';
  if (loose.length === 0)
    return [`Callee may be away: none of the rows that could be judged is loose to it.${rest}`];
  const names = loose.map((row) => `${row.pattern.title} (${keptText(row)})`);
  return [`Callee may be away: ${oneOf(names)}.${rest}`, pricesText(result, rows, loose)];
}

/** `all accepted and done, 95 % within 4.33 s` */
function keptText(row: ResultRow): string {
  const found = foundCoupling(row, 'outage');
  if (found.state === 'unknown') return couplingText(found.reason);
  const { intended, served, finallyDone } = found.coupling;
  const word = servedWord(row);
  const kept =
    served === intended && finallyDone === intended
      ? `all ${word} and done`
      : `${formatShare(served / intended)} ${word}, ${formatShare(finallyDone / intended)} done`;
  return kept + latenessText(outageSeen(row, 'outage'));
}

/** What it takes to be loose, against the row that answers soonest. */
function pricesText(result: Result, rows: readonly ResultRow[], loose: readonly ResultRow[]): string {
  const [best] = soonestAnswers(rows).flat();
  const against = best ? ` against ${best.pattern.title} (${costsOf(result, best).join(', ')})` : '';
  const prices = loose.map((row) => `${row.pattern.title} ${priceOf(result, row, rows, best).join(', ')}`);
  return `The price${against}: ${prices.join('; ')}.`;
}

/** `work done after 0.68 ms, 279 µs of CPU` */
function costsOf(result: Result, row: ResultRow): string[] {
  const done = `work done after ${medianText(row, 'completion')}${doubtText(row.latency)}`;
  return [done, ...cpuText(result, row)];
}

/** How many times as long is told only where the rounds carry that it is another time at all. */
function priceOf(
  result: Result,
  row: ResultRow,
  rows: readonly ResultRow[],
  best: ResultRow | undefined,
): string[] {
  const isTold = best && relationOf(row, best, 'completion', rows) !== 'unclear';
  const costs = isTold
    ? [`${timesText(row, best, 'completion')} as long`, ...cpuText(result, row)]
    : costsOf(result, row);
  return [...costs, ...brokerText(result, row)];
}

function cpuText(result: Result, row: ResultRow): string[] {
  const us = wholeCpuUs(result, row);
  return us === undefined ? [] : [`${formatCpuUs(us)} of CPU`];
}

/** `a broker to run (while that was killed: 0.0 % accepted)` */
function brokerText(result: Result, row: ResultRow): string[] {
  if (!hasBroker(result, row)) return [];
  const found = foundCoupling(row, 'middle');
  const { middle } = result.scenario;
  const shares = sharesOf(row, 'middle');
  if (!middle || !shares || found.state === 'unknown') return ['a broker to run'];
  return [`a broker to run (while that was ${downText(middle.do)}: ${sharesText(shares)})`];
}

/** `The guides: 9 of 14 words hold. Not so: gRPC latency low → medium; ... Can't tell: ...` */
function guidesScore(all: readonly JudgedRow[]): string | undefined {
  const cells = all.flatMap(({ row, words }) =>
    (Object.entries(words) as [Aspect, WordJudgement][]).map(([claim, judged]) => ({ row, claim, judged })),
  );
  const counted = cells.filter(({ judged }) => judged.verdict !== null);
  if (counted.length === 0) return undefined;
  const of = (verdict: WordJudgement['verdict']) =>
    counted.filter(({ judged }) => judged.verdict === verdict);
  const not = of('contradicted').map(
    ({ row, claim, judged }) =>
      `${row.pattern.title} ${claim} ${judged.said} → ${foundTexts(judged).join(', ')}`,
  );
  const untold = of('inconclusive').map(({ row, claim }) => `${row.pattern.title} ${claim}`);
  return [
    `The guides: ${of('supported').length} of ${plural(counted.length, 'word')} agree with what was found.`,
    ...(not.length > 0 ? [`They disagree on ${not.join('; ')}.`] : []),
    ...(untold.length > 0 ? [`Can't tell: ${untold.join(', ')}.`] : []),
  ].join(' ');
}
