import { ratioInterval, type RatioInterval } from '../../measure/stats/ratio.ts';
import { ratioOverSessions } from '../../measure/stats/with-sessions.ts';
import type { Result } from '../../record/record.ts';
import { LEVEL_CONFIDENCE, HIGH_ABOVE, levelWord, LOW_BELOW } from '../claims/words/latency.ts';
import { RATIO_SCATTER } from '../claims/words/ratio-scatter.ts';
import { isDrifting } from '../patterns/drift.ts';
import { meanMedianUs, ORDER_CONFIDENCE, relationIn } from '../patterns/order.ts';
import type { PatternResult } from '../patterns/pattern-result.ts';
import { type SameRound, sideBySide } from '../patterns/side-by-side.ts';
import { placeOn, type RegimeAxis, regimeAxes } from './regime-axes.ts';
import type { Regime } from './regime.ts';

/** Response: by the order of medians. Completion: the guides' levels, as a ratio to the reference. */
type RegimeWord = 'shorter' | 'longer' | 'low' | 'medium' | 'high';
export type RegimeFigure = 'response' | 'completion';

/** A pattern against the reference, along an axis. */
export interface RegimeSeries {
  readonly axis: RegimeAxis;
  readonly pattern: PatternResult;
  readonly reference: PatternResult;
  readonly figure: RegimeFigure;
  readonly places: readonly RegimePlace[];
  readonly changes: readonly WordChange[];
}

export interface RegimePlace {
  readonly regime: Regime;
  /** Ratio of the pattern's median to the reference's; null: too few rounds. */
  readonly interval: RatioInterval | null;
  /** Level of the interval. */
  readonly level: number;
  /** Geometric means of the medians; null: no round in which both may be compared. */
  readonly means: { readonly us: number; readonly ofUs: number } | null;
  /** Geometric mean of the reference's medians, whatever it is compared with; null: it has none. */
  readonly referenceUs: number | null;
  /** Null: inconclusive. */
  readonly word: RegimeWord | null;
}

/** Two known words, one after the other, that differ. */
export interface WordChange {
  readonly from: RegimePlace;
  readonly to: RegimePlace;
  /** Ms of work at which the word changes between the two; null: only known to lie between them. */
  readonly atMs: number | null;
}

/** Empty without a reference, or where no variants differ in work or rate alone. */
export function regimeSeries(result: Result, perVariant: readonly PatternResult[]): RegimeSeries[] {
  const of = (id: string, regime: Regime) =>
    perVariant.find(({ record, variant }) => record.id === id && variant === (regime.variant?.title ?? null));
  const others = result.patterns.filter(({ id }) => id !== result.scenario.reference);
  return regimeAxes(result).flatMap((axis) =>
    others.flatMap(({ id }) =>
      (['response', 'completion'] as const).flatMap((figure) => {
        const [pattern, reference] = [id, result.scenario.reference ?? ''].map((one) =>
          of(one, axis.regimes[0]!),
        );
        if (!pattern || !reference) return [];
        const places = axis.regimes.map((regime) =>
          placeIn(regime, of(id, regime), of(reference.record.id, regime), figure),
        );
        return [{ axis, pattern, reference, figure, places, changes: changesAlong(axis, places) }];
      }),
    ),
  );
}

/** All regimes of the series, by work and then by rate. */
export function regimesIn(all: readonly RegimeSeries[]): Regime[] {
  const byVariant = new Map(
    all.flatMap(({ places }) => places).map(({ regime }) => [regime.variant, regime]),
  );
  return [...byVariant.values()].toSorted(
    (a, b) => a.processingMs - b.processingMs || a.ratePerS - b.ratePerS,
  );
}

/** One pattern against another in one regime. */
function placeIn(
  regime: Regime,
  pattern: PatternResult | undefined,
  reference: PatternResult | undefined,
  figure: RegimeFigure,
): RegimePlace {
  const level = figure === 'response' ? ORDER_CONFIDENCE : LEVEL_CONFIDENCE;
  const rounds = pattern && reference ? sideBySide(pattern, reference, figure).rounds : [];
  const ratios = rounds.map(({ ratio }) => ratio);
  // A level must hold in the next session too, as in the guides' table; an order is of this one.
  const interval =
    (figure === 'response'
      ? ratioInterval(ratios, level)
      : ratioOverSessions(ratios, level, RATIO_SCATTER)) ?? null;
  const word = figure === 'response' ? orderWord(ratios) : interval && levelWord(interval);
  const referenceUs = reference && !isDrifting(reference) ? meanMedianUs(reference, figure) : null;
  return { regime, interval, level, means: meansOf(rounds), referenceUs, word: word ?? null };
}

function orderWord(ratios: readonly number[]): RegimeWord | null {
  const words = { before: 'shorter', after: 'longer', unclear: null } as const;
  return words[relationIn(ratios, ORDER_CONFIDENCE)];
}

function meansOf(rounds: readonly SameRound[]): RegimePlace['means'] {
  if (rounds.length === 0) return null;
  const mean = (of: (round: SameRound) => number) =>
    Math.exp(rounds.reduce((sum, round) => sum + Math.log(of(round)), 0) / rounds.length);
  return { us: mean(({ us }) => us), ofUs: mean(({ ofUs }) => ofUs) };
}

function changesAlong(axis: RegimeAxis, places: readonly RegimePlace[]): WordChange[] {
  const known = places.filter(({ word }) => word !== null);
  return known.slice(1).flatMap((to, i) => {
    const from = known[i]!;
    return from.word === to.word ? [] : [{ from, to, atMs: crossingMs(axis, from, to) }];
  });
}

/** Ratios at which a word ends, by the word. */
const ENDS_AT: Readonly<Record<RegimeWord, (next: RegimeWord) => number>> = {
  shorter: () => 1,
  longer: () => 1,
  low: () => LOW_BELOW,
  medium: (next) => (next === 'low' ? LOW_BELOW : HIGH_ABOVE),
  high: () => HIGH_ABOVE,
};

/**
 * A median grows with the work of its message by that work, or, before a confirm, not at all. So median − limit ×
 * reference's median is a straight line between two places, and its zero is where the ratio passes the limit.
 */
function crossingMs(axis: RegimeAxis, from: RegimePlace, to: RegimePlace): number | null {
  if (axis.condition !== 'processing-time' || !from.means || !to.means) return null;
  const limit = ENDS_AT[from.word!](to.word!);
  const beyond = ({ us, ofUs }: { us: number; ofUs: number }) => us - limit * ofUs;
  const [a, b] = [beyond(from.means), beyond(to.means)];
  if (a * b > 0) return null;
  const [fromMs, toMs] = [placeOn(axis, from.regime), placeOn(axis, to.regime)];
  return fromMs + ((toMs - fromMs) * a) / (a - b);
}
