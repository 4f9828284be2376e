import { cell, cellOf, neededText, spreadOf } from '../figures/cells.ts';
import { isLate } from '../figures/medians.ts';
import { addUp, isDoneByReply, phasesOf, secondsOf } from '../figures/patterns.ts';
import { mostMet, rateVerdict } from '../figures/rates.ts';
import { percentile, printable, type Samples, together } from '../figures/samples.ts';
import type { StoredPattern, StoredRecord, StoredTrial } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../rule.ts';

/** All trials of a pattern at one rate. */
interface Point {
  readonly perS: number;
  readonly trials: readonly StoredTrial[];
  readonly valid: readonly StoredTrial[];
  readonly state: 'sustained' | 'saturated' | 'unmeasured';
  readonly figure: 'response' | 'completion';
}

interface Swept {
  readonly record: StoredRecord;
  readonly pattern: StoredPattern;
  readonly figure: Point['figure'];
  readonly points: readonly Point[];
}

interface PointLine {
  readonly swept: Swept;
  readonly point: Point;
}

function sweptIn(record: StoredRecord): Swept[] {
  return record.patterns.map((pattern) => {
    const own = record.trials.filter((trial) => trial.pattern === pattern.id);
    const isSeen = own.every(({ evidence, state }) => evidence !== 'none' || state === 'failed');
    const figure = isDoneByReply(pattern) || !isSeen ? 'response' : 'completion';
    const rates = [...new Set(own.map(({ ratePerS }) => ratePerS!))].toSorted((a, b) => a - b);
    const points = rates.map((perS) =>
      pointOf(
        perS,
        own.filter(({ ratePerS }) => ratePerS === perS),
        figure,
      ),
    );
    return { record, pattern, figure, points };
  });
}

function pointOf(perS: number, trials: readonly StoredTrial[], figure: Point['figure']): Point {
  const valid = trials.filter(({ validity }) => validity.verdict === 'valid');
  const saturated = valid.filter((trial) => rateVerdict(trial).limit === 'saturated');
  const isHalf = 2 * saturated.length >= valid.length;
  const state = valid.length === 0 ? 'unmeasured' : isHalf ? 'saturated' : 'sustained';
  return { perS, trials, valid, state, figure };
}

export const rules: readonly TableRule[] = [
  tableRule<Swept>({
    of: ['sweep'],
    heading: /^Capacity of each pattern$/,
    lines: sweptIn,
    name: ({ pattern }) => pattern.title,
    columns: (record) => ({
      Mark: ({ pattern }) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[record.patterns.indexOf(pattern)]!,
      'Latency of': ({ figure }) => (figure === 'response' ? 'reply' : 'completion'),
      [`Knee (${write.quantile(record.design.quantile!)})`]: kneeCell,
      'Highest sustained rate': (swept) => cellOf(sustainedUpTo(swept), write.rate),
      'Saturated from': (swept) => cellOf(saturatedFrom(swept), write.rate),
      'Valid points': ({ points }) => {
        const valid = points.filter(({ state }) => state !== 'unmeasured').length;
        return points.length === 0 ? NOTHING : cell(`${valid} of ${points.length}`);
      },
    }),
  }),
  tableRule<PointLine>({
    of: ['sweep'],
    heading: /^All points$/,
    lines: (record) => sweptIn(record).flatMap((swept) => swept.points.map((point) => ({ swept, point }))),
    name: ({ swept }) => swept.pattern.title,
    columns: ({ design }) => ({
      Rate: ({ point }) => write.rate(point.perS),
      ...Object.fromEntries(
        [0.5, design.quantile!].map((q) => [
          write.quantile(q),
          ({ point }: PointLine) => latencyCell(point, q),
        ]),
      ),
      'Within deadline': ({ point }) => inTimeCell(point),
      'Backlog growth': ({ point }) => growthCell(point),
      Verdict: ({ point }) => verdictCell(point),
    }),
  }),
];

function saturatedFrom({ points }: Swept): number | undefined {
  return points.find(({ state }) => state === 'saturated')?.perS;
}

function sustainedUpTo(swept: Swept): number | undefined {
  const from = saturatedFrom(swept) ?? Infinity;
  return swept.points.findLast(({ state, perS }) => state === 'sustained' && perS < from)?.perS;
}

function roundsOf({ valid, figure }: Point): Samples[] {
  const known = valid.filter(({ evidence }) => figure === 'response' || evidence !== 'none');
  return known.flatMap(({ phases }) => phases.map((phase) => together([phase[figure]])!));
}

function wholeOf({ valid, figure }: Point): Samples | null {
  const known = valid.filter(({ evidence }) => figure === 'response' || evidence !== 'none');
  return together(phasesOf(known).map((phase) => phase[figure]));
}

/** Goodput / delay is greatest at the knee; it lies between the neighbours. */
function kneeCell({ pattern, points, record }: Swept): OwnCell {
  if (pattern.state === 'not-run') return cell('not run');
  const powers = points.flatMap((point) => {
    const us = delayOf(point, record.design.quantile!);
    return us === undefined ? [] : [{ perS: point.perS, power: goodputOf(point) / Math.max(1, us) }];
  });
  if (powers.length < 3) return cell('inconclusive');
  const best = powers.findIndex(({ power }) => power === Math.max(...powers.map((one) => one.power)));
  const [before, at, after] = [powers[best - 1], powers[best]!, powers[best + 1]];
  if (!after) return cell(`${write.rate(at.perS)} or above`);
  if (!before) return cell(`${write.rate(at.perS)} or below`);
  return cell(`${write.rate(at.perS)} [${write.rate(before.perS)}–${write.rate(after.perS)}]`);
}

/** The tail of a backlog is a lower bound of the delay, which is enough for where the knee is. */
function delayOf(point: Point, q: number): number | undefined {
  if (point.valid.length === 0 || isLate(phasesOf(point.valid), q)) return undefined;
  const whole = wholeOf(point);
  const known = printable(whole, q);
  return known ?? (whole && point.state === 'saturated' ? percentile(whole, q)?.us : undefined);
}

function goodputOf({ valid, figure }: Point): number {
  const phases = phasesOf(valid);
  return (
    addUp(phases, (phase) => (figure === 'completion' ? phase.doneInTime : phase.correct)) / secondsOf(phases)
  );
}

function latencyCell(point: Point, q: number): OwnCell {
  const whole = wholeOf(point);
  if (point.valid.length > 0 && isLate(phasesOf(point.valid), q)) return cell('marked');
  if (!whole) return NOTHING;
  const us = printable(whole, q);
  if (us === undefined) return cell(neededText(whole, q));
  const spread = spreadOf(roundsOf(point), q);
  return cell(write.us(us), spread?.q === q ? write.usRange(spread.low, spread.high, us) : null);
}

function inTimeCell(point: Point): OwnCell {
  if (point.valid.length === 0) return NOTHING;
  const perS = goodputOf(point);
  const share = Math.min(1, perS / point.perS);
  return cell(write.share(share), share < 1 ? write.rate(perS) : null);
}

/** The mean of the rounds' slopes. */
function growthCell({ valid }: Point): OwnCell {
  const slopes = valid.flatMap(({ backlogGrowth }) => backlogGrowth?.perS ?? []);
  if (slopes.length === 0) return NOTHING;
  const perS = Math.round(addUp(slopes, (slope) => slope) / slopes.length);
  const sign = perS > 0 ? '+' : perS < 0 ? '−' : '';
  return cell(`${sign}${write.count(Math.abs(perS))}/s`);
}

function verdictCell({ state, valid, trials }: Point): OwnCell {
  const of = valid.length < trials.length ? `${valid.length} of ${trials.length} valid` : null;
  if (state === 'sustained') return cell(state, of);
  const met = (state === 'saturated' ? valid : trials).map(rateVerdict);
  return cell((state === 'saturated' ? state : mostMet(met)) ?? state, of);
}
