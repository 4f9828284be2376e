import { MOST_PAIRS } from '../../measure/stats/looks.ts';
import {
  type Comparison,
  type PrimaryGate,
  type Invariant,
  type PatternComparison,
  type ComparisonVerdict,
  isShareGate,
  WORST_FIRST,
} from '../../analysis/compare/comparison.ts';
import { formatCount, formatInterval, formatLimit, formatPointsInterval, plural } from '../format.ts';
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
  return differText(undeclared(comparison));
}

/** `machine.node differs (24 → 26)`; empty: nothing does. */
export function differText(confounders: Comparison['confounders']): string {
  const each = confounders.map(
    ({ what, baseline, candidate }) =>
      `${what} differs (${sideValuesText(baseline)} → ${sideValuesText(candidate)})`,
  );
  return each.join(', ');
}

/** The figures that decided about a pattern. */
export function patternText(pattern: PatternComparison, comparison: Comparison): string {
  const broken = pattern.invariants.filter(({ isBroken }) => isBroken).map(invariantText);
  const gate = pattern.gate ? [gateText(pattern.gate, comparison)] : [];
  // A broken invariant comes first where the gate alone would have passed.
  const parts = pattern.gate?.verdict === 'regressed' ? [...gate, ...broken] : [...broken, ...gate];
  return `${patternNameOf(pattern)} ${parts.join('; ') || 'has nothing to compare'}`;
}

/** `REST`, or `REST, 10 kB`, or `orders, read`. */
export function patternNameOf({ title, variant, operation }: PatternComparison): string {
  return [title, variant, operation].filter((part) => part != null).join(', ');
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

/** Both sides have anything to count. */
export function isConclusive({ baseline, candidate }: Invariant): boolean {
  return baseline.of > 0 && candidate.of > 0;
}

export function ofText({ count, of }: Invariant['baseline']): string {
  return `${formatCount(count)} of ${formatCount(of)}`;
}

const WHERE = {
  improved: 'beyond',
  regressed: 'beyond',
  equivalent: 'within',
  inconclusive: 'neither within nor beyond',
} as const;

/** `response p50 1.21× [1.15–1.28] over 16 pairs, beyond ±5 %`. */
export function gateText(gate: PrimaryGate, comparison: Comparison): string {
  const { how } = comparison;
  const { figure, verdict, morePairs } = gate;
  const used = usedText(gate, how);
  const interval = gateIntervalText(gate);
  if (interval === null) {
    const first =
      morePairs === null ? '' : `; the first interim analysis needs ${plural(morePairs, 'more pair')}`;
    return `${figure}: ${used}, too few for an interval${first}`;
  }
  const apart = verdict === 'inconclusive' && how === 'unpaired' ? ' (not interleaved)' : '';
  const more = verdict === 'inconclusive' ? moreText(gate) : '';
  return `${figure} ${interval} over ${used}, ${WHERE[verdict]} ${marginText(comparison)}${apart}${more}`;
}

/** `1.21× [1.15–1.28]`, or of shares `+23.1 points [+20.4 to +25.8]`; null: no interval. */
export function gateIntervalText(gate: PrimaryGate): string | null {
  if (isShareGate(gate)) return gate.interval && formatPointsInterval(gate.interval);
  return gate.interval && formatInterval(gate.interval);
}

/** `±5 %`, or of shares `±5 points`. */
export function marginText({ margin, patterns }: Pick<Comparison, 'margin' | 'patterns'>): string {
  return isOfShares(patterns)
    ? `±${formatLimit(margin).replace(' %', ' points')}`
    : `±${formatLimit(margin)}`;
}

/** A comparison is of trials with faults, or of trials without. */
export function isOfShares(patterns: Comparison['patterns']): boolean {
  return patterns.some(({ gate }) => gate !== null && isShareGate(gate));
}

function moreText({ morePairs, used }: PrimaryGate): string {
  if (morePairs === null) return '';
  const isTooMany = used.baseline + morePairs > MOST_PAIRS;
  const hint = ` (of one comparison ${MOST_PAIRS} at most: try longer trials, or a wider margin)`;
  return `; about ${plural(morePairs, 'more pair')} would tell${isTooMany ? hint : ''}`;
}

/** `16 pairs`, or `5 + 6 rounds`: the baseline's and the candidate's. */
function usedText({ used }: PrimaryGate, how: Comparison['how']): string {
  if (how !== 'unpaired') return plural(Math.min(used.baseline, used.candidate), 'pair');
  return `${formatCount(used.baseline)} + ${formatCount(used.candidate)} rounds`;
}
