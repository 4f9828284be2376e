import {
  type Comparison,
  type PatternComparison,
  WORST_FIRST,
} from '../../../analysis/compare/comparison.ts';
import type { Finding } from '../../../analysis/finding.ts';
import { figureIn } from '../../../analysis/findings/figures.ts';
import { sideValuesText, comparisonNoteText } from '../../comparison/comparison-text.ts';
import { formatCount, formatInterval, formatLimit, plural } from '../../format.ts';

const WORDS = {
  'not-comparable': 'Not comparable',
  regressed: 'Regressed',
  inconclusive: 'Inconclusive',
  improved: 'Improved',
  equivalent: 'Equivalent',
} as const;

/** `Regressed: REST response p50 1.21× [1.15–1.28] over 16 pairs, beyond ±5 %.`, the worst first. */
export function comparisonWords(comparison: Comparison, found: readonly Finding[]): string[] {
  const { patterns, confounders, notes } = comparison;
  const undeclared = confounders.filter(({ isDeclared }) => !isDeclared);
  const blocked =
    undeclared.length > 0
      ? [
          `Not comparable: ${undeclared.map(({ what, baseline, candidate }) => `${what} differs (${sideValuesText(baseline)} → ${sideValuesText(candidate)})`).join(', ')}.`,
        ]
      : [];
  const ofPatterns = found.filter(({ code }) => code === 'comparison');
  const each = WORST_FIRST.flatMap((verdict) =>
    patterns.flatMap((pattern, i) =>
      pattern.verdict === verdict && verdict !== 'not-comparable'
        ? [`${WORDS[verdict]}: ${patternText(pattern, ofPatterns[i]!, comparison)}.`]
        : [],
    ),
  );
  const all = [...blocked, ...each];
  return [
    ...(all.length > 0 ? all : ['Inconclusive: no pattern is in both.']),
    ...notes.map(comparisonNoteText),
  ];
}

function patternText(pattern: PatternComparison, finding: Finding, comparison: Comparison): string {
  const broken = pattern.invariants
    .filter(({ isBroken }) => isBroken)
    .map(
      ({ name, baseline, candidate }) =>
        `${name} ${formatCount(candidate.count)} (baseline ${formatCount(baseline.count)})`,
    );
  const gate = pattern.gate ? [gateText(pattern, finding, comparison)] : [];
  const parts = pattern.gate?.verdict === 'regressed' ? [...gate, ...broken] : [...broken, ...gate];
  const name = pattern.variant === null ? pattern.title : `${pattern.title}, ${pattern.variant}`;
  return `${name} ${parts.length > 0 ? parts.join('; ') : 'has nothing to compare'}`;
}

function gateText({ gate }: PatternComparison, finding: Finding, { margin, how }: Comparison): string {
  const { figure, interval, morePairs, verdict } = gate!;
  const limit = `±${formatLimit(margin)}`;
  const used = figureIn(finding, 'used')?.value ?? 0;
  const unit = how === 'unpaired' ? 'round' : 'pair';
  const more = morePairs === null ? '' : `; about ${plural(morePairs, 'more pair')} needed`;
  if (!interval) return `${figure}: ${plural(used, `usable ${unit}`)}, too few for an interval${more}`;
  const text = `${figure} ${formatInterval(interval)} over ${plural(used, unit)}`;
  const where = {
    improved: 'beyond',
    regressed: 'beyond',
    equivalent: 'within',
    inconclusive: 'neither within nor beyond',
  };
  return `${text}, ${where[verdict]} ${limit}${more}`;
}
