import { MOST_PAIRS } from '../../measure/stats/looks.ts';
import {
  type Comparison,
  type PrimaryGate,
  type Invariant,
  type PatternComparison,
  type ComparisonVerdict,
  WORST_FIRST,
} from '../../analysis/compare/comparison.ts';
import { formatCount, formatInterval, formatLimit, plural } from '../format.ts';
import { sideValuesText, comparisonNoteText } from './comparison-text.ts';

/** A verdict as a sentence begins with it. */
export const VERDICT_WORDS: Readonly<Record<ComparisonVerdict, string>> = {
  improved: 'Improved',
  equivalent: 'Equivalent',
  regressed: 'Regressed',
  inconclusive: 'Inconclusive',
  'not-comparable': 'Not comparable',
};

/** How the two sides were measured. */
export const HOW: Readonly<Record<Comparison['how'], string>> = {
  paired: 'interleaved pairs, made by one `commbench ab`: round by round, in random order',
  switchback: 'switchback: both sides alive, the load alternating between them within each pair',
  unpaired: 'not interleaved: two runs apart from each other, widened by the noise between sessions',
};

/** One sentence each; the first is the verdict with what it comes from. */
export function comparisonFindings(comparison: Comparison): string[] {
  const { verdict: whole, patterns, notes } = comparison;
  // Of what stands in the way of a row enough is said once.
  const shown = WORST_FIRST.flatMap((weight) => patterns.filter((pattern) => pattern.verdict === weight));
  const open = shown.filter(({ verdict }) => verdict !== 'not-comparable');
  const blocked = whole === 'not-comparable' ? [blockedText(comparison)] : [];
  const sentences = [
    ...blocked.map((text) => `${VERDICT_WORDS['not-comparable']}: ${text}.`),
    ...open.map((pattern) => `${VERDICT_WORDS[pattern.verdict]}: ${patternText(pattern, comparison)}.`),
  ];
  return [...(sentences.length > 0 ? sentences : [NOTHING]), ...notes.map(comparisonNoteText)];
}

const NOTHING = 'Inconclusive: no pattern is in both.';

/** Confounders that nobody meant. */
export function undeclared({ confounders }: Comparison): Comparison['confounders'] {
  return confounders.filter(({ isDeclared }) => !isDeclared);
}

function blockedText(comparison: Comparison): string {
  const each = undeclared(comparison).map(
    ({ what, baseline, candidate }) => `${what} (${sideValuesText(baseline)} → ${sideValuesText(candidate)})`,
  );
  return `what should be the same differs: ${each.join(', ')}`;
}

/** What came of a row, with the figures that decided. */
export function patternText(pattern: PatternComparison, comparison: Comparison): string {
  const broken = pattern.invariants.filter(({ isBroken }) => isBroken).map(invariantText);
  const gate = pattern.gate ? [gateText(pattern.gate, comparison)] : [];
  // Where the gate alone would have let it pass, what did not is told first.
  const parts = pattern.gate?.verdict === 'regressed' ? [...gate, ...broken] : [...broken, ...gate];
  return parts.length === 0
    ? `${patternNameOf(pattern)} cannot be compared`
    : `${patternNameOf(pattern)} ${parts.join('; it ')}`;
}

/** `REST`, or `REST, 10 kB`. */
export function patternNameOf({ title, variant }: PatternComparison): string {
  return variant === null ? title : `${title}, ${variant}`;
}

const COUNTED: Readonly<Record<Invariant['name'], (of: string) => string>> = {
  lost: (of) => `lost ${of}`,
  duplicates: (of) => `did ${of} more than once`,
  failures: (of) => `failed ${of}`,
};

/** `lost 3 of 3,000 (baseline 0 of 3,000)`. */
export function invariantText({ name, baseline, candidate }: Invariant): string {
  return `${COUNTED[name](ofText(candidate))} (baseline ${ofText(baseline)})`;
}

/** Of nothing on one side nothing can be told. */
export function isConclusive({ baseline, candidate }: Invariant): boolean {
  return baseline.of > 0 && candidate.of > 0;
}

export function ofText({ count, of }: Invariant['baseline']): string {
  return `${formatCount(count)} of ${formatCount(of)}`;
}

/** `is 21 % slower, 1.21× [1.15–1.28] of 16 pairs, beyond ±5 %`. */
export function gateText(gate: PrimaryGate, { margin, how }: Comparison): string {
  const limit = `±${formatLimit(margin)}`;
  if (!gate.interval) {
    const { morePairs } = gate;
    const first =
      morePairs === null ? '' : `; the first interim analysis needs ${plural(morePairs, 'more pair')}`;
    return `inconclusive: as ${usedText(gate, how)} allow no interval${first}`;
  }
  const figures = `${formatInterval(gate.interval)} of ${usedText(gate, how)}`;
  switch (gate.verdict) {
    case 'regressed':
    case 'improved':
      return `${changeText(gate, gate.interval.ratio)}, ${figures}, beyond ${limit}`;
    case 'equivalent':
      return `${SAME[gate.figure]}, ${figures}, within ${limit}`;
    case 'inconclusive':
      return `inconclusive: ${figures} is neither within nor beyond ${limit}${how === 'unpaired' ? ' (not interleaved)' : ''}${moreText(gate)}`;
  }
}

function moreText({ morePairs, used }: PrimaryGate): string {
  if (morePairs === null) return '';
  const isTooMany = used.baseline + morePairs > MOST_PAIRS;
  const hint = ` (of one comparison ${MOST_PAIRS} at most: try longer trials, or a wider margin)`;
  return `; about ${plural(morePairs, 'more pair')} would tell${isTooMany ? hint : ''}`;
}

const SAME = {
  'response p50': 'is as fast as the baseline',
  'completion p50': 'does its work as soon as the baseline',
} as const;
const CHANGED = {
  'response p50': ['is', 'slower', 'faster', 'takes'],
  'completion p50': ['does its work', 'later', 'sooner', 'does its work after'],
} as const;

/** In per cent as long as that reads well: not from twice the time on, nor from half of it. */
function changeText({ figure }: PrimaryGate, ratio: number): string {
  const [verb, more, less, takes] = CHANGED[figure];
  if (ratio >= 2) return `${takes} twice the time or more`;
  if (ratio <= 0.5) return `${takes} half the time or less`;
  const percent = Math.abs(ratio - 1) * 100;
  const text = percent >= 10 ? percent.toFixed(0) : percent.toFixed(1);
  return `${verb} ${text} % ${ratio > 1 ? more : less}`;
}

/** `16 pairs`, or `5 + 6 rounds`: the baseline's and the candidate's. */
export function usedText({ used }: PrimaryGate, how: Comparison['how']): string {
  if (how !== 'unpaired') return plural(Math.min(used.baseline, used.candidate), 'pair');
  return `${formatCount(used.baseline)} + ${formatCount(used.candidate)} rounds`;
}
