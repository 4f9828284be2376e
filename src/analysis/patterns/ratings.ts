import type { Result } from '../../record/record.ts';
import type { PatternResult } from './pattern-result.ts';
import type { Explanation } from '../../report/view.ts';
import { COMPLEXITY_RULE, rateComplexity } from './rated-complexity.ts';
import { COUPLING_RULE, rateCoupling } from './rated-coupling.ts';
import { type RatedProperty, type Rating, ratingText } from './rating.ts';
import { rateLatency, LATENCY_RULE } from './rated-latency.ts';

/** A row of which the guides say something. */
export interface RatedPattern {
  readonly pattern: PatternResult;
  readonly useCase: string;
  readonly claims: Readonly<Record<RatedProperty, Rating>>;
}

export const RULES: Readonly<Record<RatedProperty, string>> = {
  latency: LATENCY_RULE,
  complexity: COMPLEXITY_RULE,
  coupling: COUPLING_RULE,
};
const CLAIMS = Object.keys(RULES) as RatedProperty[];

/** Every row of which the guides say something, with each of their words judged; empty where they say nothing. */
export function ratedPatterns({ scenario }: Result, patterns: readonly PatternResult[]): RatedPattern[] {
  const reference = patterns.find((pattern) => pattern.record.id === scenario.reference);
  const busyShare = scenario.idleBusy?.busyShare ?? 1;
  return patterns.flatMap((pattern) => {
    const claimed = scenario.patterns.find((own) => own.id === pattern.record.id)?.claimed;
    if (!claimed) return [];
    const claims = {
      latency: rateLatency(pattern, { reference, busyShare }, claimed.latency),
      complexity: rateComplexity(pattern, claimed.complexity),
      coupling: rateCoupling(pattern, claimed.coupling),
    };
    return [{ pattern, useCase: claimed.useCase, claims }];
  });
}

/** How each verdict was reached: the rule once, then each row's figures and what follows. */
export function explanationsOf(all: readonly RatedPattern[]): Explanation[] {
  if (all.length === 0) return [];
  return CLAIMS.map((claim) => ({
    title: claim.charAt(0).toUpperCase() + claim.slice(1),
    rule: `${RULES[claim]}.`,
    rows: all.map(({ pattern, claims }) => ({
      title: pattern.record.title,
      figures: claims[claim].figures,
      verdict: verdictText(claims[claim]),
    })),
  }));
}

function verdictText(rating: Rating): string {
  const why = rating.verdict === 'inconclusive' && rating.reason !== null ? ` (${rating.reason})` : '';
  return `said ${ratingText(rating)}${why}`;
}
