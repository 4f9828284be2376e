import { intervalOf } from '../../measure/stats/crossover-point.ts';
import { type Crossover, findingIn, type Pair, type Point } from './found.ts';
import type { Question } from './record.ts';
import { shareDone, type TrialFigure } from './sample.ts';
import {
  formatBytes,
  formatInterval,
  formatMs,
  formatRate,
  formatShare,
  plural,
} from '../../report/format.ts';

/** Words for one point of a search, shared by progress and report. */

const AXIS: Readonly<Record<Question, (at: number) => string>> = {
  payload: formatBytes,
  rate: formatRate,
  outage: formatMs,
};

/** `18.0 kB`, `200/s`, `3 s`: a value of the axis. */
export function atText({ question }: Pick<Crossover, 'question'>, at: number): string {
  return AXIS[question](at);
}

/** `REST`, or what both rows together are. */
export function sideTitle({ rows }: Crossover, side: 'first' | 'second'): string {
  return rows[side === 'first' ? 0 : 1].title;
}

/** `pair 3 at 18.0 kB: REST`. */
export function pairName(record: Crossover, point: Point, title: string): string {
  return `pair ${point.pairs.length + 1} at ${atText(record, point.at)}: ${title}`;
}

/** `between 1.00 kB and 100 kB, 182 s left`: where the border is by now. */
export function progressText(record: Crossover, leftMs: number): string {
  const finding = findingIn(record);
  const places =
    finding.kind === 'crossovers'
      ? finding.crossovers.map(
          ({ low, high }) => `between ${atText(record, low)} and ${atText(record, high)}`,
        )
      : ['no crossover point so far'];
  return `${places.join(', ')}, ${Math.ceil(leftMs / 1000)} s left`;
}

/** `18.0 kB: gRPC is faster, REST/gRPC 1.43× [1.20–1.60] in 4 pairs`. */
export function verdictText(record: Crossover, point: Point): string {
  return `${atText(record, point.at)}: ${[sideText(record, point), observedText(record, point)].filter(Boolean).join(', ')}`;
}

/** What was decided, in words. */
export function sideText(record: Crossover, { verdict, pairs }: Point): string {
  if (verdict?.state === 'decided') {
    if (verdict.side === 'alike') return 'both finish alike';
    return `${sideTitle(record, verdict.side)} ${record.question === 'outage' ? 'finishes more' : 'is faster'}`;
  }
  if (verdict?.state === 'unclear') return 'inconclusive';
  const discarded = pairs.filter(({ sample }) => sample.kind === 'discarded').length;
  if (verdict?.state === 'unmeasured')
    return `not measured: ${discarded} of ${plural(pairs.length, 'pair')} did not count`;
  return verdict?.state === 'stopped' ? 'the time was over' : 'not finished';
}

/** The pairs' mean and its interval, and how many they are; undefined for fewer than two. */
export function observedText(record: Crossover, point: Point): string | undefined {
  const difference = pairDifferenceText(record, point);
  if (difference === undefined) return undefined;
  const [first, second] = record.rows.map(({ title }) => title);
  const what = record.question === 'outage' ? `${second} − ${first}` : `${first}/${second}`;
  return `${what} ${difference} in ${plural(valuesOf(point).length, 'pair')}`;
}

/** `1.43× [1.20–1.60]`, or for an outage `+96.0 % [+91.2–+100.0]`. */
export function pairDifferenceText({ question, rule }: Crossover, { pairs }: Point): string | undefined {
  const seen = intervalOf(
    pairs.map(({ sample }) => sample),
    rule,
  );
  if (!seen) return undefined;
  const { mean, low, high } = seen;
  if (question !== 'outage') {
    return formatInterval({ ratio: Math.exp(mean), low: Math.exp(low), high: Math.exp(high) });
  }
  const percent = (share: number) => `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)}`;
  return `${percent(mean)} % [${percent(Math.max(-1, low))} to ${percent(Math.min(1, high))}]`;
}

export function valuesOf({ pairs }: Point): number[] {
  return pairs.flatMap(({ sample }) => (sample.kind === 'value' ? [sample.value] : []));
}

/** Figures of one row in the pairs that count. */
export function figuresOf({ pairs }: Point, row: 'first' | 'second'): TrialFigure[] {
  return pairs.filter(({ sample }) => sample.kind === 'value').map((pair: Pair) => pair[row]);
}

/** The row could not keep up in most of the pairs that count. */
export function isSaturated(point: Point, row: 'first' | 'second'): boolean {
  const figures = figuresOf(point, row);
  return 2 * figures.filter(({ load }) => load === 'saturated').length > figures.length;
}

/** The middle one of the pairs' medians, in us; undefined where none has one. */
export function middleP50Us(point: Point, row: 'first' | 'second'): number | undefined {
  return middle(figuresOf(point, row).flatMap(({ p50Us }) => p50Us ?? []));
}

/** `99.5 %`: of all work intended in these outages, how much was done in the end. */
export function shareText(point: Point, row: 'first' | 'second'): string {
  const figures = figuresOf(point, row).flatMap((figure) => (figure.outage ? [figure] : []));
  const sum = (of: (figure: NonNullable<TrialFigure['outage']>) => number) =>
    figures.reduce((total, { outage }) => total + of(outage!), 0);
  const intended = sum((outage) => outage.intended);
  return intended === 0 ? '–' : formatShare(sum((outage) => outage.finallyDone) / intended);
}

/** How long outages of this length were seen to be, the middle one of all; undefined where none was. */
export function observedOutageMs(point: Point, row: 'first' | 'second'): number | undefined {
  return middle(
    figuresOf(point, row).flatMap((figure) =>
      shareDone(figure) === undefined ? [] : figure.outage!.observedMs,
    ),
  );
}

function middle(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}
