import type { StoredTrial } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell } from '../rule.ts';
import { driftText, isDrifting } from './drift.ts';
import { type PatternLine, roundsOf, type SeriesName, wholeOf } from './patterns.ts';
import {
  callsNeeded,
  highestKnown,
  LEAST_BEYOND,
  NAMED,
  percentile,
  printable,
  type Samples,
} from './samples.ts';

/** Cells that several tables have. */

export function cell(text: string, below: string | null = null): OwnCell {
  return { text, below };
}

/** Empty where there is no figure. */
export function cellOf<Value>(
  value: Value | null | undefined,
  text: (value: Value) => string,
  below: string | null = null,
): OwnCell {
  return value == null ? NOTHING : cell(text(value), below);
}

/** On a screen, in a row of figures: words say nothing there. */
export function figureOnly({ text }: OwnCell): OwnCell {
  return /\d/.test(text) ? cell(text) : NOTHING;
}

/** A count that is printed only where there is any. */
export function ifAny(n: number): OwnCell {
  return n === 0 ? NOTHING : cell(write.count(n));
}

/** A percentile of all rounds together with the range of the rounds, or what it would take to know it. */
export function percentileCell(line: PatternLine, of: SeriesName, q: number): OwnCell {
  if (line.pattern.state === 'not-run') return cell('not run');
  const whole = wholeOf(line, of);
  if (!whole) return NOTHING;
  const us = printable(whole, q);
  if (us === undefined) return cell(neededText(whole, q));
  if (isDrifting(line)) return cell(driftText(roundsOf(line, of), q));
  const spread = spreadOf(roundsOf(line, of), q);
  if (!spread) return cell(write.us(us), 'spread unknown');
  const name = spread.q === q ? '' : `${write.quantile(spread.q)} `;
  return cell(write.us(us), name + write.usRange(spread.low, spread.high, us));
}

/** The same as a screen shows it: a range only of the same percentile. */
export function screenPercentile(line: PatternLine, of: SeriesName, q: number): OwnCell {
  if (line.pattern.state === 'not-run') return cell('not run');
  const whole = wholeOf(line, of);
  const us = printable(whole, q);
  if (us === undefined) return whole && whole.count > 0 ? cell('too few') : NOTHING;
  if (isDrifting(line)) return cell(driftText(roundsOf(line, of), q));
  const spread = spreadOf(roundsOf(line, of), q);
  return cell(write.us(us), spread?.q === q ? write.usRange(spread.low, spread.high, us) : null);
}

/** The highest percentile up to p99 that may be printed, above the median. */
export function screenTail(line: PatternLine, of: SeriesName): OwnCell {
  const whole = wholeOf(line, of);
  if (!whole || whole.count === 0) return NOTHING;
  const known = highestKnown(whole);
  if (!known || known.q <= 0.5) return cell('too few');
  const text = isDrifting(line) ? driftText(roundsOf(line, of), known.q) : write.us(known.us);
  return cell(`${known.q === 0.99 ? '' : `${write.quantile(known.q)} `}${text}`);
}

/** `5 of 7`. */
export function validCount(trials: readonly StoredTrial[]): OwnCell {
  const valid = trials.filter(({ validity }) => validity.verdict === 'valid').length;
  return trials.length === 0 ? NOTHING : cell(`${valid} of ${trials.length}`);
}

export function neededText(samples: Samples, q: number): string {
  const beyond = percentile(samples, q)?.beyond ?? 0;
  return beyond >= LEAST_BEYOND ? 'needs 5 intervals' : `needs ${write.plural(callsNeeded(q), 'call')}`;
}

/** The range of the rounds' own percentiles where each may be printed, else of the next lower one. */
export function spreadOf(rounds: readonly Samples[], q: number) {
  if (rounds.length < 2) return undefined;
  for (const own of [q, ...NAMED.filter((lower) => lower < q).toReversed()]) {
    const values = rounds.flatMap((round) => printable(round, own) ?? []);
    if (values.length === rounds.length)
      return { q: own, low: Math.min(...values), high: Math.max(...values) };
  }
  return undefined;
}

/** The highest of these that may be printed for half of the series that have samples. */
export function tailOf(all: readonly (Samples | null)[]): number {
  const filled = all.filter((samples) => samples !== null && samples.count > 0);
  const isCommon = (q: number) =>
    2 * filled.filter((samples) => printable(samples, q) !== undefined).length >= filled.length;
  return [0.999, 0.99, 0.95, 0.9].find(isCommon) ?? 0.75;
}

/** A percentile or the highest lower one that may be printed, by its name; below it the same of the control. */
export function fallingCell(samples: Samples | null, q: number, control: Samples | null): OwnCell {
  if (!samples || samples.count === 0) return NOTHING;
  const asked = printable(samples, q);
  const known = asked === undefined ? highestKnown(samples, q) : { q, us: asked };
  if (!known) return cell('too few');
  const name = known.q === q ? '' : `${write.quantile(known.q)} `;
  const usual = printable(control, known.q);
  return cell(name + write.us(known.us), usual === undefined ? null : `vs ${write.us(usual)}`);
}

const WORST_FIRST = ['incomplete', 'generator-bound', 'disturbed', 'valid'];

/** The worst verdict of the trials, and of how many. */
export function validityCell(trials: readonly StoredTrial[], unit: 'rounds' | 'trials'): OwnCell {
  const verdicts = trials.map(({ validity }) => validity.verdict);
  const worst = WORST_FIRST.find((verdict) => verdicts.includes(verdict));
  if (worst === undefined || worst === 'valid') return worst ? cell(worst) : NOTHING;
  const of = verdicts.filter((verdict) => verdict === worst).length;
  const others = verdicts.filter((verdict) => verdict !== 'valid' && verdict !== worst).length;
  const more = others > 0 ? `, ${others} more not valid` : '';
  return cell(worst, trials.length > 1 ? `${of} of ${trials.length} ${unit}${more}` : null);
}

/** The worst verdict on the load, and of how many rounds. */
export function loadCell(trials: readonly StoredTrial[]): OwnCell {
  const verdicts = trials.map(({ load }) => load.verdict);
  const worst = ['saturated', 'faulted', 'unknown', 'sustained'].find((one) => verdicts.includes(one));
  if (worst === undefined || worst === 'sustained') return worst ? cell(worst) : NOTHING;
  const of = verdicts.filter((verdict) => verdict === worst).length;
  return cell(worst, trials.length > 1 ? `${of} of ${trials.length} rounds` : null);
}
