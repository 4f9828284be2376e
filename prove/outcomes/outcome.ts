import { faultComparisonsOf, type FaultComparison } from '../../src/analysis/faults/fault-comparison.ts';
import type { Result } from '../../src/record/record.ts';

/**
 * What a scenario is to show with every seed: no figure, but a word that a figure comes down to, such as `recovered`
 * or `retry > breaker`. What is expected was written down before the first run.
 */
export interface Outcome {
  readonly what: string;
  readonly expected: string;
  /** The lines that it looks at; empty: the whole run. */
  readonly at: readonly At[];
  found(result: Result): string;
}

/** All that is to be seen of one of the shipped scenarios. */
export interface Expected {
  /** As `commbench run` takes it. */
  readonly scenario: string;
  readonly outcomes: readonly Outcome[];
}

/** Which of a result's lines: what is left out is the only one that there is. */
export interface At {
  readonly pattern?: string;
  readonly variant?: string;
  readonly case?: string;
}

export interface Seen {
  readonly comparison: FaultComparison;
  readonly result: Result;
}

/** Two figures closer than this are not told apart. */
const MARGIN = 1.05;

/** Of one line, in a word. */
export function word(what: string, at: At, expected: string, say: (seen: Seen) => string): Outcome {
  const place = Object.values(at).join(', ');
  return {
    what: place ? `${place}: ${what}` : what,
    expected,
    at: [at],
    found: (result) => saidOf(result, at, say),
  };
}

/** Whether something holds of one line. */
export function holds(what: string, at: At, isSo: (seen: Seen) => boolean): Outcome {
  return word(what, at, 'yes', (seen) => (isSo(seen) ? 'yes' : 'no'));
}

/**
 * Variants by a figure, the greatest first: `retry > breaker`, or `~` where the greater is not 5 % above the other.
 * @param expected names all variants that are looked at
 */
export function order(
  what: string,
  at: At,
  expected: string,
  figure: (seen: Seen) => number | null,
): Outcome {
  const variants = expected.split(' > ');
  const places = variants.map((variant) => ({ ...at, variant }));
  const prefix = Object.values(at).map((id) => `${id}: `);
  return {
    what: `${prefix.join('')}${what}`,
    expected,
    at: places,
    found(result) {
      const figures = places.map((one) => {
        const comparison = lineAt(result, one);
        return { variant: one.variant, value: (comparison && figure({ comparison, result })) ?? NaN };
      });
      const unknown = figures.filter(({ value }) => Number.isNaN(value));
      if (unknown.length > 0) return `unknown of ${unknown.map(({ variant }) => variant).join(', ')}`;
      return inOrder(figures);
    },
  };
}

function inOrder(figures: readonly { readonly variant: string; readonly value: number }[]): string {
  const sorted = figures.toSorted((a, b) => b.value - a.value);
  return sorted
    .map(({ variant, value }, i) => {
      const above = sorted[i - 1];
      if (!above) return variant;
      return `${above.value > value * MARGIN ? '>' : '~'} ${variant}`;
    })
    .join(' ');
}

/** Of the whole run. */
export function ofRun(what: string, expected: string, found: (result: Result) => string): Outcome {
  return { what, expected, at: [], found };
}

function saidOf(result: Result, at: At, say: (seen: Seen) => string): string {
  const comparison = lineAt(result, at);
  return comparison ? say({ comparison, result }) : 'not run';
}

function lineAt(result: Result, at: At): FaultComparison | undefined {
  return faultComparisonsOf(result).find((comparison) => {
    return (
      comparison.missing === null &&
      (at.pattern === undefined || comparison.pattern.id === at.pattern) &&
      (at.variant === undefined || comparison.variant?.id === at.variant) &&
      (at.case === undefined || comparison.case?.id === at.case)
    );
  });
}
