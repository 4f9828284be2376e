import { type ComparisonSide, pairsNeeded } from '../../measure/stats/crossover-point.ts';
import { type CrossoverPoint, topOf } from '../../measure/stats/crossover-search.ts';
import { formatLimit, formatMs, formatRate, formatRatio, formatUs, plural } from '../../report/format.ts';
import {
  type CrossoverSide,
  discardedWhy,
  isSaturated,
  middleP50Us,
  otherSide,
  shareDoneAt,
  timesSlower,
  valuesOf,
} from './figures.ts';
import { type Crossover, findingIn, measuredPoints, type Point } from './found.ts';
import { atText, observedText, shareText, sideText, sideTitle } from './text.ts';

/** The answer, one sentence each; the first is the headline. */
export function answerOf(record: Crossover): string[] {
  const early = record.state === 'complete' ? [] : ['Interrupted: these are the pairs that were finished.'];
  // If the time limit was reached, the inconclusive answer states what helps.
  const isStopped = record.points.some(({ verdict }) => verdict?.state === 'stopped');
  if (isEmpty(record) && !isStopped)
    return [`No results: ${discardedText(record) ?? 'no pair finished'}.`, ...early];
  return [
    headlineOf(record),
    ...nothingAbove(record),
    ...wideCrossovers(record),
    ...unequalGuarantees(record),
    ...early,
  ];
}

/** No pair can be used. */
export function isEmpty({ points }: Crossover): boolean {
  return points.every((point) => valuesOf(point).length === 0);
}

/** False: the search was inconclusive. */
export function isQuestionAnswered(record: Crossover): boolean {
  return findingIn(record).kind !== 'inconclusive';
}

function headlineOf(record: Crossover): string {
  const finding = findingIn(record);
  if (finding.kind === 'none') return noneText(record, finding.side);
  if (finding.kind === 'inconclusive') return inconclusiveText(record);
  const [crossoverPoint, ...more] = finding.crossovers;
  return more.length === 0
    ? crossoverPointText(record, crossoverPoint!)
    : crossoversText(record, finding.crossovers);
}

/** `18.0 kB [12.1 kB–25.0 kB]`. */
function placed(record: Crossover, { low, high }: CrossoverPoint): string {
  const middle = Number(Math.sqrt(low * high).toPrecision(2));
  return `${atText(record, middle)} [${atText(record, low)}–${atText(record, high)}]`;
}

/** States the side on which a pattern is better: above, unless both are alike there. */
function crossoverPointText(record: Crossover, crossoverPoint: CrossoverPoint): string {
  const { below, above, low, high } = crossoverPoint;
  const isAbove = above !== 'alike';
  const [winner, other] = (isAbove ? [above, below] : [below, above]) as [CrossoverSide, ComparisonSide];
  const price = priceText(record, winner, isAbove ? high : low);
  const does = claimText(record, winner, isAbove ? 'above' : 'below');
  return `${does} ${placed(record, crossoverPoint)} on this machine${price}${restText(record, other, isAbove)}.`;
}

function claimText(record: Crossover, winner: CrossoverSide, where: 'above' | 'below'): string {
  const [title, loser] = [winner, otherSide(winner)].map((side) => sideTitle(record, side));
  if (record.question !== 'outage') return `${title} is faster than ${loser} ${where}`;
  const outages = { above: 'longer', below: 'shorter' }[where];
  return `${title} finishes more of the work than ${loser} for outages ${outages} than`;
}

function restText({ question, rule, patterns }: Crossover, other: ComparisonSide, isAbove: boolean): string {
  const isOutage = question === 'outage';
  const [shorter, longer] = isOutage ? ['for shorter ones', 'for longer ones'] : ['below it', 'above it'];
  const there = isAbove ? shorter : longer;
  if (other === 'alike') return `; ${there} both finish alike (within ${formatLimit(rule.margin)})`;
  return `; ${there} ${patterns[other === 'first' ? 0 : 1].title} ${isOutage ? 'does' : 'is'}`;
}

/** The cost of the better pattern, or why the other one lost; empty where nothing is known of either. */
function priceText(record: Crossover, winner: CrossoverSide, at: number): string {
  const point = pointAt(record, at);
  if (record.question === 'outage') {
    const us = middleP50Us(point, winner);
    if (us === undefined) return '';
    return `, at the cost of ${formatUs(us)} of delay (p50 of its work intended in an outage of ${formatMs(at)})`;
  }
  const loser = otherSide(winner);
  if (!isSaturated(point, loser)) return '';
  const loopPerS = record.loopsPerS[loser === 'first' ? 0 : 1];
  const known = loopPerS === null ? '' : ` (its closed loop: ${formatRate(loopPerS)})`;
  return `, where ${sideTitle(record, loser)} is saturated${known}`;
}

function pointAt({ points }: Crossover, end: number): Point {
  return points.find(({ at }) => at === end)!;
}

function crossoversText(record: Crossover, crossovers: readonly CrossoverPoint[]): string {
  const sides = [crossovers[0]!.below, ...crossovers.map(({ above }) => above)];
  const stretches = sides.map((side, i) => {
    const who = side === 'alike' ? 'both alike' : sideTitle(record, side);
    if (i === 0) return `${who} below ${placed(record, crossovers[0]!)}`;
    if (i === crossovers.length) return `${who} above`;
    return `${who} from there to ${placed(record, crossovers[i]!)}`;
  });
  return `Which one ${isBetter(record)} changes ${plural(crossovers.length, 'time')} on this machine: ${stretches.join(', ')}.`;
}

function isBetter({ question }: Crossover): string {
  return question === 'outage' ? 'finishes more of the work' : 'is faster';
}

function noneText(record: Crossover, side: ComparisonSide): string {
  const { from } = record.range;
  const top = topOf(record.range, measuredPoints(record));
  const between = `between ${atText(record, from)} and ${atText(record, top)} on this machine`;
  if (side === 'alike')
    return `No crossing ${between}: both finish alike throughout (within ${formatLimit(record.rule.margin)}).`;
  const seen = [from, top].map(
    (at) => `${leadText(record, side, pointAt(record, at))} at ${atText(record, at)}`,
  );
  const price = record.question === 'outage' ? priceText(record, side, top) : '';
  return `No crossing ${between}: ${sideTitle(record, side)} ${isBetter(record)} throughout (${seen.join(', ')})${price}.`;
}

/** The lead of a pattern at a point: `1.3×`, or the shares done in an outage. */
function leadText({ question }: Crossover, side: CrossoverSide, point: Point): string {
  const other = otherSide(side);
  if (question === 'outage')
    return [side, other].map((one) => shareText(shareDoneAt(point, one))).join(' against ');
  return isSaturated(point, other) ? 'the other one saturated' : formatRatio(timesSlower(point));
}

function inconclusiveText(record: Crossover): string {
  const { range, patterns, points } = record;
  const which = patterns.map(({ title }) => title).join(' or ');
  const where = `between ${atText(record, range.from)} and ${atText(record, range.to)}`;
  const open = points.filter(({ verdict }) => verdict?.state !== 'decided');
  const why = open.map((point) => openText(record, point)).join('; ');
  return `Inconclusive where ${which} ${isBetter(record)} ${where}: ${why || 'nothing was measured'}.`;
}

/** Why a point is not decided, and what it would take. */
function openText(record: Crossover, point: Point): string {
  const seen = observedText(record, point);
  const base = `at ${atText(record, point.at)} ${sideText(record, point)}${seen === undefined ? '' : ` (${seen})`}`;
  switch (point.verdict?.state) {
    case 'stopped':
      return `${base}: use a longer --budget`;
    case 'unmeasured':
      return `${base}, the first as ${firstDiscarded(point)}: use a quieter machine, or a lower load`;
    case 'unclear': {
      const needed = pairsNeeded(
        point.pairs.map(({ sample }) => sample),
        record.rule,
      );
      return needed === undefined
        ? `${base}: too similar for any number of pairs`
        : `${base}: about ${plural(needed, 'pair')} would decide`;
    }
    default:
      return base;
  }
}

function firstDiscarded(point: Point): string {
  return discardedWhy(point)[0] ?? 'no reason was given';
}

/** Too many pairs did not count at the end of the range. */
function nothingAbove(record: Crossover): string[] {
  const { range, points } = record;
  const unmeasured = points.find(({ at, verdict }) => at === range.to && verdict?.state === 'unmeasured');
  if (!unmeasured) return [];
  const top = atText(record, topOf(range, measuredPoints(record)));
  const why = firstDiscarded(unmeasured);
  return [`Not measured above ${top}: too many pairs did not count there, the first as ${why}.`];
}

/** Intervals are rounded. */
const ROUNDING = 1.001;

/** Crossover points that are not known as well as was asked for. */
function wideCrossovers(record: Crossover): string[] {
  const finding = findingIn(record);
  if (finding.kind !== 'crossovers') return [];
  return finding.crossovers
    .filter(({ low, high }) => high / low > record.range.within * ROUNDING)
    .map((wide) => `${placed(record, wide)} is not known better: ${whyWide(record, wide)}.`);
}

function whyWide(record: Crossover, { low, high }: CrossoverPoint): string {
  const { points } = record;
  const isOpen = ({ verdict }: Point) => verdict?.state === 'unclear' || verdict?.state === 'unmeasured';
  const open = points.find((point) => point.at > low && point.at < high && isOpen(point));
  if (open) return openText(record, open);
  const isOver = points.some(({ verdict }) => verdict === null || verdict.state === 'stopped');
  return isOver
    ? 'the time limit was reached (use a longer --budget)'
    : `${plural(points.length, 'point')} were measured`;
}

function unequalGuarantees({ patterns: [first, second], points }: Crossover): string[] {
  if (first.guarantee.label === second.guarantee.label || points.length === 0) return [];
  const promise = ({ title, guarantee }: typeof first) => `${title}: ${guarantee.label}`;
  return [`Under unequal guarantees: ${promise(first)}; ${promise(second)}.`];
}

/** Pairs that did not count: how many of all, and how often for what. */
export function discardedText({ points }: Crossover): string | undefined {
  const pairs = points.flatMap((point) => point.pairs);
  const why = points.flatMap(discardedWhy).map((text) => text.split(':')[0]!);
  if (why.length === 0) return undefined;
  const counts = [...Map.groupBy(why, (one) => one)].map(([one, all]) => `${one} ×${all.length}`);
  return `${why.length} of ${plural(pairs.length, 'pair')} did not count: ${counts.join(', ')}`;
}
