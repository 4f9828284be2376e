import { pairsNeeded, type Side } from '../../measure/stats/crossover-point.ts';
import { type CrossoverPoint, topOf } from '../../measure/stats/crossover-search.ts';
import { type Crossover, findingIn, measuredPoints, type Point } from './found.ts';
import {
  atText,
  isSaturated,
  middleP50Us,
  shareText,
  sideText,
  sideTitle,
  observedText,
  valuesOf,
} from './text.ts';
import { formatLimit, formatMs, formatRate, formatRatio, formatUs, plural } from '../../report/format.ts';

type Named = Exclude<Side, 'alike'>;

/** The answer, one sentence each; the first is the headline. */
export function answerOf(record: Crossover): string[] {
  const state = record.state === 'complete' ? [] : ['Ended early: this is what is known so far.'];
  return [headline(record), ...boundsText(record), ...guaranteeText(record), ...state];
}

/** Whether it is an answer at all. */
export function isQuestionAnswered(record: Crossover): boolean {
  return findingIn(record).kind !== 'inconclusive';
}

function headline(record: Crossover): string {
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

function crossoverPointText(record: Crossover, crossoverPoint: CrossoverPoint): string {
  const { below, above } = crossoverPoint;
  // Said of the side on which somebody is better: above, unless both are alike there.
  const isAbove = above !== 'alike';
  const [winner, other] = (isAbove ? [above, below] : [below, above]) as [Named, Side];
  const loser = sideTitle(record, winner === 'first' ? 'second' : 'first');
  const point = record.points.find(({ at }) => at === (isAbove ? crossoverPoint.high : crossoverPoint.low))!;
  const does = claimText(record, winner, loser, isAbove ? 'above' : 'below');
  const rest = restText(record, other, isAbove);
  return `${does} ${placed(record, crossoverPoint)} on this machine${whyText(record, winner, point)}${rest}.`;
}

function claimText(record: Crossover, winner: Named, loser: string, where: 'above' | 'below'): string {
  const title = sideTitle(record, winner);
  if (record.question !== 'outage') return `${title} is faster than ${loser} ${where}`;
  const outages = { above: 'longer', below: 'shorter' }[where];
  return `${title} finishes more of the work than ${loser} for outages ${outages} than`;
}

function restText({ question, rule, rows }: Crossover, other: Side, isAbove: boolean): string {
  const isOutage = question === 'outage';
  const [shorter, longer] = isOutage ? ['for shorter ones', 'for longer ones'] : ['below it', 'above it'];
  const there = isAbove ? shorter : longer;
  if (other === 'alike') return `; ${there} both finish alike (within ${formatLimit(rule.margin)})`;
  return `; ${there} ${rows[other === 'first' ? 0 : 1].title} ${isOutage ? 'does' : 'is'}`;
}

/** What the better one costs, or why the other one lost. */
function whyText(record: Crossover, winner: Named, point: Point): string {
  const loser = winner === 'first' ? 'second' : 'first';
  if (record.question === 'outage') return delayText(record, winner, point);
  if (!isSaturated(point, loser)) return '';
  const capacity = record.capacities[loser === 'first' ? 0 : 1];
  const known = capacity === null ? '' : ` (its closed-loop capacity: ${formatRate(capacity)})`;
  return `, where ${sideTitle(record, loser)} is saturated${known}`;
}

function delayText(record: Crossover, winner: Named, point: Point): string {
  const delayUs = middleP50Us(point, winner);
  if (delayUs === undefined) return '';
  return `, at the cost of ${formatUs(delayUs)} of delay (p50 of its work intended in an outage of ${formatMs(point.at)})`;
}

function crossoversText(record: Crossover, crossovers: readonly CrossoverPoint[]): string {
  const sides = [crossovers[0]!.below, ...crossovers.map(({ above }) => above)];
  const stretches = sides.map((side, i) => {
    const who = side === 'alike' ? 'both alike' : sideTitle(record, side);
    if (i === 0) return `${who} below ${placed(record, crossovers[0]!)}`;
    if (i === crossovers.length) return `${who} above`;
    return `${who} from there to ${placed(record, crossovers[i]!)}`;
  });
  const what = record.question === 'outage' ? 'finishes more of the work' : 'is faster';
  return `Which one ${what} changes ${plural(crossovers.length, 'time')} on this machine: ${stretches.join(', ')}.`;
}

function noneText(record: Crossover, side: Side): string {
  const { range, question } = record;
  const top = topOf(range, measuredPoints(record));
  const between = `between ${atText(record, range.from)} and ${atText(record, top)} on this machine`;
  const ends = [range.from, top].map((end) => record.points.find(({ at }) => at === end)!);
  if (side === 'alike') {
    return `No crossing ${between}: both finish alike throughout (within ${formatLimit(record.rule.margin)}).`;
  }
  const seen = ends
    .map((point) => `${sizeText(record, point, side)} at ${atText(record, point.at)}`)
    .join(', ');
  const does = question === 'outage' ? 'finishes more of the work' : 'is faster';
  const cost = question === 'outage' ? delayText(record, side, ends[1]!) : '';
  return `No crossing ${between}: ${sideTitle(record, side)} ${does} throughout (${seen})${cost}.`;
}

/** How much better a side is at a point: `1.3×`, or the shares done. */
function sizeText({ question }: Crossover, point: Point, side: Named): string {
  const other = side === 'first' ? 'second' : 'first';
  if (question === 'outage') return `${shareText(point, side)} against ${shareText(point, other)}`;
  if (isSaturated(point, other)) return 'the other one saturated';
  const values = valuesOf(point);
  return formatRatio(Math.exp(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length)));
}

function inconclusiveText(record: Crossover): string {
  const { range, rows, question } = record;
  const which = rows.map(({ title }) => title).join(' or ');
  const what = question === 'outage' ? 'finishes more of the work' : 'is faster';
  const where = `between ${atText(record, range.from)} and ${atText(record, range.to)}`;
  const why = record.points
    .filter(({ verdict }) => verdict?.state !== 'decided')
    .map((point) => whyNot(record, point));
  return `Inconclusive where ${which} ${what} ${where}: ${why.join('; ') || 'nothing was measured'}.`;
}

/** Why a point is not decided, and what it would take. */
function whyNot(record: Crossover, point: Point): string {
  const { verdict, pairs, at } = point;
  const seen = observedText(record, point);
  const base = `at ${atText(record, at)} ${sideText(record, point)}${seen === undefined ? '' : ` (${seen})`}`;
  if (verdict?.state === 'stopped') return `${base}: a longer --budget would go on`;
  if (verdict?.state === 'unmeasured') {
    return `${base}, the first as ${discardedWhy(point)}: it takes a quieter machine, or a lower load`;
  }
  if (verdict?.state !== 'unclear') return base;
  const samples = pairs.map(({ sample }) => sample);
  const needed = pairsNeeded(samples, record.rule);
  return needed === undefined
    ? `${base}: they are too alike for any number of pairs`
    : `${base}: if it goes on like this, about ${plural(needed, 'pair')} would tell`;
}

function discardedWhy({ pairs }: Point): string {
  return (
    pairs.flatMap(({ sample }) => (sample.kind === 'discarded' ? [sample.why] : []))[0] ??
    'no reason was given'
  );
}

/** Why the border is not known better, and what nothing is said of. */
function boundsText(record: Crossover): string[] {
  const { range, points } = record;
  const finding = findingIn(record);
  const top = topOf(range, measuredPoints(record));
  const unmeasured = points.find(({ at, verdict }) => at === range.to && verdict?.state === 'unmeasured');
  const above = unmeasured
    ? [
        `Not measured above ${atText(record, top)}: too many pairs were discarded there, the first because ${discardedWhy(unmeasured)}.`,
      ]
    : [];
  if (finding.kind !== 'crossovers') return above;
  const wide = finding.crossovers.filter(({ low, high }) => high / low > range.within * 1.001);
  const isOver = points.some(({ verdict }) => verdict === null || verdict.state === 'stopped');
  return [
    ...above,
    ...wide.map((crossoverPoint) => {
      const inside = points.filter(({ at }) => at > crossoverPoint.low && at < crossoverPoint.high);
      const unclear = inside.find(
        ({ verdict }) => verdict?.state === 'unclear' || verdict?.state === 'unmeasured',
      );
      const why = unclear
        ? whyNot(record, unclear)
        : isOver
          ? 'the time was over (a longer --budget would go on)'
          : `${plural(points.length, 'point')} were looked at`;
      return `${placed(record, crossoverPoint)} is not known better: ${why}.`;
    }),
  ];
}

function guaranteeText({ rows: [first, second], points }: Crossover): string[] {
  if (first.guarantee.label === second.guarantee.label || points.length === 0) return [];
  return [
    `Under unequal guarantees: ${first.title}: ${first.guarantee.label}; ${second.title}: ${second.guarantee.label}.`,
  ];
}

/** Pairs that did not count: how many of all, and how often for what. */
export function discardedText({ points }: Crossover): string | undefined {
  const pairs = points.flatMap((point) => point.pairs);
  const why = pairs.flatMap(({ sample }) => (sample.kind === 'discarded' ? [sample.why.split(':')[0]!] : []));
  if (why.length === 0) return undefined;
  const counts = [...Map.groupBy(why, (one) => one)].map(([one, all]) => `${one} ×${all.length}`);
  return `${why.length} of ${plural(pairs.length, 'pair')} did not count: ${counts.join(', ')}`;
}
