import type { Result } from '../../record/record.ts';
import type { ResultRow } from './row.ts';
import type { Explanation } from '../../report/view.ts';
import { COMPLEXITY_RULE, judgeComplexity } from './rated-complexity.ts';
import { COUPLING_RULE, judgeCoupling } from './rated-coupling.ts';
import { type Claim, type Judged, judgedText } from './judged.ts';
import { judgeLatency, LATENCY_RULE } from './rated-latency.ts';

/** A row of which the guides say something. */
export interface JudgedRow {
  readonly row: ResultRow;
  readonly useCase: string;
  readonly claims: Readonly<Record<Claim, Judged>>;
}

export const RULES: Readonly<Record<Claim, string>> = {
  latency: LATENCY_RULE,
  complexity: COMPLEXITY_RULE,
  coupling: COUPLING_RULE,
};
const CLAIMS = Object.keys(RULES) as Claim[];

/** Every row of which the guides say something, with each of their words judged; empty where they say nothing. */
export function judgedRows({ scenario }: Result, rows: readonly ResultRow[]): JudgedRow[] {
  const reference = rows.find((row) => row.pattern.id === scenario.reference);
  const busyShare = scenario.idle?.busyShare ?? 1;
  return rows.flatMap((row) => {
    const said = scenario.patterns.find((pattern) => pattern.id === row.pattern.id)?.said;
    if (!said) return [];
    const claims = {
      latency: judgeLatency(row, { reference, busyShare }, said.latency),
      complexity: judgeComplexity(row, said.complexity),
      coupling: judgeCoupling(row, said.coupling),
    };
    return [{ row, useCase: said.useCase, claims }];
  });
}

/** How each verdict was reached: the rule once, then each row's figures and what follows. */
export function explanationsOf(all: readonly JudgedRow[]): Explanation[] {
  if (all.length === 0) return [];
  return CLAIMS.map((claim) => ({
    title: claim.charAt(0).toUpperCase() + claim.slice(1),
    rule: `${RULES[claim]}.`,
    rows: all.map(({ row, claims }) => ({
      title: row.pattern.title,
      figures: claims[claim].figures,
      verdict: verdictText(claims[claim]),
    })),
  }));
}

function verdictText(judged: Judged): string {
  const why = judged.verdict === "can't tell" && judged.reason !== null ? ` (${judged.reason})` : '';
  return `said ${judgedText(judged)}${why}`;
}
