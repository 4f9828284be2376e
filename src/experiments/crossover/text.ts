import { differenceAt, discardedWhy, valuesOf } from './figures.ts';
import { type Crossover, findingIn, type Point } from './found.ts';
import type { Question } from './record.ts';
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

/** `REST`: the title of a side. */
export function sideTitle({ patterns }: Crossover, side: 'first' | 'second'): string {
  return patterns[side === 'first' ? 0 : 1].title;
}

/** `pair 3 at 18.0 kB: REST`. */
export function pairName(record: Crossover, point: Point, title: string): string {
  return `pair ${point.pairs.length + 1} at ${atText(record, point.at)}: ${title}`;
}

/** `between 1.00 kB and 100 kB, 182 s left`: what is known of the crossover point so far. */
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

/** The decision at a point, or how far it got. */
export function pointVerdictText(record: Crossover, { verdict }: Point): string {
  switch (verdict?.state) {
    case 'decided':
      if (verdict.side === 'alike') return 'both finish alike';
      return `${sideTitle(record, verdict.side)} ${record.question === 'outage' ? 'finishes more' : 'is faster'}`;
    case 'unclear':
      return 'inconclusive';
    case 'unmeasured':
      return 'not measured';
    case 'stopped':
      return 'time limit reached';
    case undefined:
      return 'not finished';
  }
}

/** The same with the pairs that did not count. */
export function sideText(record: Crossover, point: Point): string {
  const text = pointVerdictText(record, point);
  if (point.verdict?.state !== 'unmeasured') return text;
  return `${text}: ${discardedWhy(point).length} of ${plural(point.pairs.length, 'pair')} did not count`;
}

/** The pairs' mean, its interval, and their number; undefined for fewer than two. */
export function observedText(record: Crossover, point: Point): string | undefined {
  const difference = pairDifferenceText(record, point);
  if (difference === undefined) return undefined;
  const [first, second] = record.patterns.map(({ title }) => title);
  const what = record.question === 'outage' ? `${second} − ${first}` : `${first}/${second}`;
  return `${what} ${difference} in ${plural(valuesOf(point).length, 'pair')}`;
}

/** `1.43× [1.20–1.60]`, or for an outage `+96.0 % [+91.2–+100.0]`. */
export function pairDifferenceText(record: Crossover, point: Point): string | undefined {
  const seen = differenceAt(record, point);
  if (!seen) return undefined;
  const { mean, low, high } = seen;
  if (record.question !== 'outage') return formatInterval({ ratio: mean, low, high });
  const percent = (share: number) => `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)}`;
  return `${percent(mean)} % [${percent(low)} to ${percent(high)}]`;
}

/** `99.5 %`: the share of the work that was done. */
export function shareText(share: number | null): string {
  return share === null ? '–' : formatShare(share);
}
