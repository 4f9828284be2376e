import type { ComparisonSide } from '../../measure/stats/crossover-point.ts';
import type { CrossoverPoint } from '../../measure/stats/crossover-search.ts';
import { formatLimit, formatMs, formatRate, formatRatio, formatUs, plural } from '../../report/format.ts';
import { type Templates, worded } from '../../report/template.ts';
import { discardedWhy, otherRow, type CrossoverRow } from './figures.ts';
import {
  type CrossoverPointFound,
  type CrossoverFinding,
  crossoverFindings,
  type Lead,
  type NoCrossing,
  type OpenPoint,
  type Price,
  type WideCrossover,
} from './findings.ts';
import { type Crossover, findingIn } from './found.ts';
import { atText, observedText, shareText, sideText, sideTitle } from './text.ts';

/** The answer, one sentence each; the first is the headline. */
export function answerOf(record: Crossover): string[] {
  return crossoverFindings(record).map(worded(templates(record)));
}

/** Whether it is an answer at all. */
export function isQuestionAnswered(record: Crossover): boolean {
  return findingIn(record).kind !== 'inconclusive';
}

function templates(record: Crossover): Templates<CrossoverFinding> {
  const [first, second] = record.rows;
  return {
    'crossover-point': (found) => crossoverPointText(record, found),
    crossovers: ({ crossovers }) => crossoversText(record, crossovers),
    'no-crossing': (found) => noneText(record, found),
    inconclusive: ({ open }) => inconclusiveText(record, open),
    'nothing-above': ({ top, why }) =>
      `Not measured above ${atText(record, top)}: too many pairs did not count there, the first as ${why ?? UNSAID}.`,
    'wide-crossover': ({ crossoverPoint, why }) =>
      `${placed(record, crossoverPoint)} is not known better: ${wideText(record, why)}.`,
    'unequal-guarantees': () =>
      `Under unequal guarantees: ${first.title}: ${first.guarantee.label}; ${second.title}: ${second.guarantee.label}.`,
    'ended-early': () => 'Ended early: these are the results so far.',
  };
}

const UNSAID = 'no reason was given';

/** `18.0 kB [12.1 kB–25.0 kB]`. */
function placed(record: Crossover, { low, high }: CrossoverPoint): string {
  const middle = Number(Math.sqrt(low * high).toPrecision(2));
  return `${atText(record, middle)} [${atText(record, low)}–${atText(record, high)}]`;
}

function crossoverPointText(
  record: Crossover,
  { crossoverPoint, winner, other, isAbove, price }: CrossoverPointFound,
): string {
  const does = claimText(record, winner, isAbove ? 'above' : 'below');
  const rest = restText(record, other, isAbove);
  return `${does} ${placed(record, crossoverPoint)} on this machine${priceText(record, winner, price)}${rest}.`;
}

function claimText(record: Crossover, winner: CrossoverRow, where: 'above' | 'below'): string {
  const [title, loser] = [winner, otherRow(winner)].map((row) => sideTitle(record, row));
  if (record.question !== 'outage') return `${title} is faster than ${loser} ${where}`;
  const outages = { above: 'longer', below: 'shorter' }[where];
  return `${title} finishes more of the work than ${loser} for outages ${outages} than`;
}

function restText({ question, rule, rows }: Crossover, other: ComparisonSide, isAbove: boolean): string {
  const isOutage = question === 'outage';
  const [shorter, longer] = isOutage ? ['for shorter ones', 'for longer ones'] : ['below it', 'above it'];
  const there = isAbove ? shorter : longer;
  if (other === 'alike') return `; ${there} both finish alike (within ${formatLimit(rule.margin)})`;
  return `; ${there} ${rows[other === 'first' ? 0 : 1].title} ${isOutage ? 'does' : 'is'}`;
}

function priceText(record: Crossover, winner: CrossoverRow, { delay, isOtherSaturated }: Price): string {
  if (delay)
    return `, at the cost of ${formatUs(delay.us)} of delay (p50 of its work intended in an outage of ${formatMs(delay.outageMs)})`;
  if (!isOtherSaturated) return '';
  const loser = otherRow(winner);
  const capacity = record.capacities[loser === 'first' ? 0 : 1];
  const known = capacity === null ? '' : ` (its closed-loop capacity: ${formatRate(capacity)})`;
  return `, where ${sideTitle(record, loser)} is saturated${known}`;
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

function noneText(record: Crossover, { side, from, top, ends, price }: NoCrossing): string {
  const between = `between ${atText(record, from)} and ${atText(record, top)} on this machine`;
  if (side === 'alike')
    return `No crossing ${between}: both finish alike throughout (within ${formatLimit(record.rule.margin)}).`;
  const seen = ends.map((lead) => `${leadText(lead)} at ${atText(record, lead.at)}`).join(', ');
  const cost = price ? priceText(record, side, price) : '';
  return `No crossing ${between}: ${sideTitle(record, side)} ${isBetter(record)} throughout (${seen})${cost}.`;
}

/** `1.3×`, or the shares done. */
function leadText({ shares, times }: Lead): string {
  if (shares) return shares.map(shareText).join(' against ');
  return times === null ? 'the other one saturated' : formatRatio(times);
}

function inconclusiveText(record: Crossover, open: readonly OpenPoint[]): string {
  const { range, rows } = record;
  const which = rows.map(({ title }) => title).join(' or ');
  const where = `between ${atText(record, range.from)} and ${atText(record, range.to)}`;
  const why = open.map((one) => openText(record, one)).join('; ');
  return `Inconclusive where ${which} ${isBetter(record)} ${where}: ${why || 'nothing was measured'}.`;
}

/** Why a point is not decided, and what it would take. */
function openText(record: Crossover, { point, discarded, needed }: OpenPoint): string {
  const seen = observedText(record, point);
  const base = `at ${atText(record, point.at)} ${sideText(record, point)}${seen === undefined ? '' : ` (${seen})`}`;
  switch (point.verdict?.state) {
    case 'stopped':
      return `${base}: a longer --budget would go on`;
    case 'unmeasured':
      return `${base}, the first as ${discarded ?? UNSAID}: it takes a quieter machine, or a lower load`;
    case 'unclear':
      return needed === null
        ? `${base}: they are too alike for any number of pairs`
        : `${base}: if it goes on like this, about ${plural(needed, 'pair')} would tell`;
    default:
      return base;
  }
}

function wideText(record: Crossover, why: WideCrossover['why']): string {
  switch (why.code) {
    case 'open-point':
      return openText(record, why.open);
    case 'time-over':
      return 'the time was over (a longer --budget would go on)';
    case 'points-used-up':
      return `${plural(why.points, 'point')} were looked at`;
  }
}

/** Pairs that did not count: how many of all, and how often for what. */
export function discardedText({ points }: Crossover): string | undefined {
  const pairs = points.flatMap((point) => point.pairs);
  const why = points.flatMap(discardedWhy).map((text) => text.split(':')[0]!);
  if (why.length === 0) return undefined;
  const counts = [...Map.groupBy(why, (one) => one)].map(([one, all]) => `${one} ×${all.length}`);
  return `${why.length} of ${plural(pairs.length, 'pair')} did not count: ${counts.join(', ')}`;
}
