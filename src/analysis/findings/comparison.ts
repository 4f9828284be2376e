import {
  type Comparison,
  type Difference,
  type ExcludedPair,
  isShareGate,
  type PatternComparison,
  type PrimaryGate,
} from '../compare/comparison.ts';
import type { Finding, FoundFigure } from '../finding.ts';

/** Verdict on the whole, factors and confounders, and the verdict on each pattern with the ratio that decided. */
export function comparisonFound(comparison: Comparison): Finding[] {
  const { verdict, how, margin, baseline, candidate, factors, confounders, patterns, validity } = comparison;
  const limit: FoundFigure = { name: 'margin', value: margin, unit: 'share' };
  const terms = { how, baseline: baseline.title, candidate: candidate.title };
  return [
    { code: 'comparison-verdict', subject: [], figures: [limit], verdict, terms, caveats: [] },
    ...factors.map((factor) => differenceOf('factor', factor)),
    ...confounders.map((one) => ({
      ...differenceOf('confounder', one),
      verdict: one.isDeclared ? 'declared' : 'not-declared',
    })),
    ...patterns.map(patternFinding),
    validity,
  ];
}

function differenceOf(code: string, { what, baseline, candidate }: Difference): Finding {
  const terms = { what, baseline: valuesText(baseline), candidate: valuesText(candidate) };
  return { code, subject: [], figures: [], terms, caveats: [] };
}

/** Each value of a side, as written in a scenario. */
function valuesText(values: Difference['baseline']): string {
  return values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(', ');
}

function patternFinding(pattern: PatternComparison): Finding {
  const discarded = pattern.gate?.excluded ?? [];
  return {
    code: 'comparison',
    subject: [
      { kind: 'pattern', id: pattern.pattern },
      ...(pattern.variant === null ? [] : [{ kind: 'variant', id: pattern.variant } as const]),
    ],
    figures: figuresOf(pattern),
    verdict: pattern.verdict,
    ...(discarded.length > 0 ? { terms: { discarded: discarded.map(discardedText).join('; ') } } : {}),
    caveats: pattern.invariants
      .filter(({ isBroken }) => isBroken)
      .map(({ name }) => ({ code: `more-${name}` })),
  };
}

function figuresOf({ gate }: PatternComparison): FoundFigure[] {
  if (!gate) return [];
  const { used, excluded } = gate;
  return [
    decidingFigure(gate),
    { name: 'used', value: Math.min(used.baseline, used.candidate), unit: 'count' },
    { name: 'discarded', value: excluded.length, unit: 'count' },
  ];
}

/** A ratio of times, or a difference of shares. */
function decidingFigure(gate: PrimaryGate): FoundFigure {
  const of = gate.figure.replaceAll(' ', '-');
  if (isShareGate(gate)) {
    return { name: `${of}-difference`, unit: 'points', ...valueOf(gate.interval?.difference, gate.interval) };
  }
  return { name: `${of}-ratio`, unit: 'ratio', ...valueOf(gate.interval?.ratio, gate.interval) };
}

function valueOf(
  value: number | undefined,
  interval: PrimaryGate['interval'],
): Pick<FoundFigure, 'value' | 'interval'> {
  if (value === undefined || !interval) return { value: null };
  return { value, interval: { low: interval.low, high: interval.high, level: interval.level } };
}

/** Example: `round 3: trial-missing`. */
function discardedText({ round, why }: ExcludedPair): string {
  return `round ${round}: ${why.code}`;
}
