import { cell, cellOf } from '../figures/cells.ts';
import { usableMedian } from '../figures/medians.ts';
import { nextPlace, type Place } from '../figures/next-place.ts';
import { lowerMedian, weakestRate } from '../figures/patterns.ts';
import { percentile, samplesOf } from '../figures/samples.ts';
import { meanWithInterval, ofLogs } from '../figures/student.ts';
import type { StoredRecord, StoredTrial } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../rule.ts';

interface Pair {
  readonly first: StoredTrial;
  readonly second: StoredTrial;
  /** Above zero where the second was better; null: discarded. */
  readonly value: number | null;
}

interface Point {
  readonly record: StoredRecord;
  readonly at: number;
  readonly pairs: readonly Pair[];
  /** It was measured last. */
  readonly isLast: boolean;
}

export const rules: readonly TableRule[] = [
  tableRule<Point>({
    of: ['crossover'],
    heading: /^Checked$/,
    lines: pointsOf,
    name: atText,
    columns: (record) => columnsOf(record),
  }),
];

function columnsOf({ patterns, design }: StoredRecord) {
  const [first, second] = patterns.map(({ title }) => title);
  const isOutage = design.question === 'outage';
  const shown = isOutage ? 'finally done' : 'p50';
  return {
    [`${first} ${shown}`]: (point: Point) => sideCell(point, 'first'),
    [`${second} ${shown}`]: (point: Point) => sideCell(point, 'second'),
    [isOutage ? `${second} − ${first}` : `${first}/${second}`]: differenceCell,
    'Pairs used': ({ pairs }: Point) => `${valuesOf(pairs).length} of ${pairs.length}`,
    ...(isOutage ? { 'Observed outage': outageCell } : {}),
    Result: resultText,
  };
}

/** By their place on the axis, and the one at which the search would have gone on. */
function pointsOf(record: StoredRecord): Point[] {
  const measured = measuredPoints(record);
  const places = measured.map((point): Place => {
    const found = verdictOf(point);
    const side = ['first', 'second', 'alike'].includes(found) ? found : null;
    return { at: point.at, side, isUnmeasured: found === 'unmeasured' };
  });
  const isOpen = measured.some((point) => verdictOf(point) === 'open');
  const next = isOpen ? undefined : nextPlace(axisOf(record), places);
  const last = next === undefined ? [] : [{ record, at: next, pairs: [], isLast: true }];
  return [...measured, ...last].toSorted((a, b) => a.at - b.at);
}

/** A rate goes up to the higher of both capacities, where they are known. */
function axisOf({ design, patterns, trials }: StoredRecord) {
  const range = design.range!;
  const probes = patterns.map(({ id }) => trials.find(({ at, pattern }) => at === null && pattern === id));
  const capacities = probes.flatMap((probe) => (probe && weakestRate(probe)) ?? []);
  if (capacities.length < 2) return range;
  return { ...range, to: Math.max(range.from + 1, Math.min(range.to, Math.round(Math.max(...capacities)))) };
}

/** In the order in which they were measured; a pair is both trials of a round. */
function measuredPoints(record: StoredRecord): Point[] {
  const rounds = Map.groupBy(
    record.trials.filter(({ at }) => typeof at === 'number'),
    ({ round }) => round,
  );
  const pairs = [...rounds.values()].flatMap((trials) => {
    const [first, second] = record.patterns.map(({ id }) => trials.find(({ pattern }) => pattern === id));
    return first && second ? [{ first, second, value: valueOf(record, first, second) }] : [];
  });
  const byPlace = [...Map.groupBy(pairs, ({ first }) => first.at as number)];
  return byPlace.map(([at, own], i) => ({ record, at, pairs: own, isLast: i === byPlace.length - 1 }));
}

function atText({ record: { design }, at }: Point): string {
  if (design.question === 'payload') return write.bytes(at);
  return design.question === 'rate' ? write.rate(at) : write.ms(at);
}

/** A pattern that is saturated where the other is not counts as ten times slower. */
const SATURATED = Math.log(10);

function valueOf({ design }: StoredRecord, first: StoredTrial, second: StoredTrial): number | null {
  const isOutage = design.question === 'outage';
  const medians = [first, second].map((trial) => usableMedian(trial, design.figure!));
  const isOut = (trial: StoredTrial, i: number) => {
    const { verdict } = trial.validity;
    if (trial.failure !== null || verdict === 'incomplete') return true;
    return (
      verdict !== 'valid' && (isOutage || trial.load.verdict === 'saturated' || medians[i] === undefined)
    );
  };
  if ([first, second].some(isOut)) return null;
  const [isFirst, isSecond] = [first, second].map(({ load }) => load.verdict === 'saturated');
  if (isOutage) return isFirst || isSecond ? null : differenceOfShares(first, second);
  if (isFirst || isSecond) return isFirst && isSecond ? null : isFirst ? SATURATED : -SATURATED;
  const [a, b] = medians;
  return a === undefined || b === undefined ? null : Math.log(a / b);
}

function shareDone({ coupling }: StoredTrial): number | undefined {
  return coupling ? coupling.finallyDone / coupling.intended : undefined;
}

function differenceOfShares(first: StoredTrial, second: StoredTrial): number | null {
  const [a, b] = [shareDone(first), shareDone(second)];
  return a === undefined || b === undefined ? null : b - a;
}

function valuesOf(pairs: readonly Pair[]): number[] {
  return pairs.flatMap(({ value }) => value ?? []);
}

const ERROR = 0.05;
const MOST_POINTS = 12;

/** Each tail of each planned look at each point has its share of the error. */
function intervalOf({ record: { design } }: Point, values: readonly number[]) {
  const { looks, leastDeviation } = design.rule!;
  return meanWithInterval(values, 1 - (2 * ERROR) / (MOST_POINTS * looks.length), leastDeviation);
}

function sideCell({ record: { design }, pairs }: Point, side: 'first' | 'second'): OwnCell {
  const trials = pairs.filter(({ value }) => value !== null).map((pair) => pair[side]);
  if (trials.length === 0) return NOTHING;
  if (design.question === 'outage') return doneCell(trials);
  const saturated = trials.filter(({ load }) => load.verdict === 'saturated').length;
  if (2 * saturated > trials.length) return cell('saturated');
  return cellOf(lowerMedian(trials.flatMap((trial) => usableMedian(trial, design.figure!) ?? [])), write.us);
}

function doneCell(trials: readonly StoredTrial[]): OwnCell {
  const done = trials.reduce((sum, { coupling }) => sum + coupling!.finallyDone, 0);
  const due = trials.reduce((sum, { coupling }) => sum + coupling!.intended, 0);
  const medians = trials.flatMap(({ phases }) => {
    const outage = phases.find(({ name }) => name === 'outage')!;
    return percentile(samplesOf(outage.completion), 0.5)?.us ?? [];
  });
  const us = lowerMedian(medians);
  return cell(write.share(done / due), us === undefined ? null : `p50 after ${write.us(us)}`);
}

function differenceCell(point: Point): OwnCell {
  const found = intervalOf(point, valuesOf(point.pairs));
  if (!found) return NOTHING;
  if (point.record.design.question !== 'outage') return cell(write.ratioInterval(ofLogs(found)));
  const percent = (share: number) => `${share < 0 ? '−' : '+'}${(100 * Math.abs(share)).toFixed(1)}`;
  const [low, high] = [Math.max(-1, found.low), Math.min(1, found.high)];
  return cell(`${percent(found.mean)} % [${percent(low)} to ${percent(high)}]`);
}

function outageCell({ pairs }: Point): OwnCell {
  const seen = pairs
    .filter(({ value }) => value !== null)
    .map(({ first: { faults } }) => faults[0]!.readyNs! - faults[0]!.observedNs!);
  return cellOf(lowerMedian(seen), (ns) => write.us(ns / 1000));
}

/** Of all its pairs, at a planned number of them or beyond the last. */
function verdictOf(point: Point): 'first' | 'second' | 'alike' | 'unclear' | 'unmeasured' | 'open' {
  const { looks, margin } = point.record.design.rule!;
  const values = valuesOf(point.pairs);
  const last = looks.at(-1)!;
  const isLook = looks.includes(values.length) || values.length > last;
  const found = isLook ? intervalOf(point, values) : undefined;
  if (found && found.low > margin) return 'second';
  if (found && found.high < -margin) return 'first';
  if (found && found.low > -margin && found.high < margin) return 'alike';
  if (isLook && values.length >= last) return 'unclear';
  const discarded = point.pairs.length - values.length;
  if (discarded >= (values.length === 0 ? 4 : Math.max(6, values.length))) return 'unmeasured';
  return point.isLast ? 'open' : 'unclear';
}

const RESULTS = { alike: 'both finish alike', unclear: 'inconclusive', unmeasured: 'not measured' };

function resultText(point: Point): string {
  const found = verdictOf(point);
  if (found === 'first' || found === 'second') return sideText(point, found === 'first' ? 0 : 1);
  if (found !== 'open') return RESULTS[found];
  return point.record.state === 'complete' ? 'time limit reached' : 'not finished';
}

function sideText({ record }: Point, side: 0 | 1): string {
  const does = record.design.question === 'outage' ? 'finishes more' : 'is faster';
  return `${record.patterns[side]!.title} ${does}`;
}
