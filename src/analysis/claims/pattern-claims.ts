import { ratioBetween, type Relation, relationOf } from '../patterns/order.ts';
import { type PatternResult, sameGuarantee } from '../patterns/pattern-result.ts';
import { type SameRound, sideBySide } from '../patterns/side-by-side.ts';
import {
  contradicted,
  inconclusive,
  type ClaimAssessment,
  lacking,
  supported,
  type TestedClaim,
} from './claim.ts';
import type { ClosedLoopEvidence, SoonerEvidence } from './evidence.ts';
import type { Sign } from './reason.ts';

type PatternsById<Id extends string> = Readonly<Record<Id, PatternResult>>;

/** A rule over patterns without faults, by their ids: it is given all of them, or the claim lacks a trial. */
export function ofPatterns<Id extends string>(
  ids: readonly Id[],
  decide: (patterns: PatternsById<Id>) => ClaimAssessment,
): TestedClaim['assess'] {
  return ({ base }) => {
    const found: Partial<Record<Id, PatternResult>> = {};
    for (const id of ids) {
      const pattern = base.find(({ record }) => record.id === id);
      if (!pattern || pattern.record.state === 'not-run')
        return lacking({ code: 'pattern-not-run', pattern: id });
      found[id] = pattern;
    }
    return decide(found as PatternsById<Id>);
  };
}

/** One of several comparisons that must agree. */
export interface ComparedPair {
  readonly relation: Relation;
  readonly evidence: SoonerEvidence | ClosedLoopEvidence;
}

/** Whether the first pattern is sooner at the median, by the same rule as in every report (DESIGN 4). */
export function soonerPair(
  a: PatternResult,
  b: PatternResult,
  kind: 'response' | 'completion',
): ComparedPair {
  const { rounds, excluded } = sideBySide(a, b, kind);
  return {
    relation: relationOf(a, b, kind),
    evidence: {
      code: 'sooner',
      of: a.name,
      to: b.name,
      kind,
      means:
        rounds.length === 0
          ? null
          : { us: meanOf(rounds, ({ us }) => us), ofUs: meanOf(rounds, ({ ofUs }) => ofUs) },
      interval: ratioBetween(a, b, kind) ?? null,
      isUnequal: !sameGuarantee([a, b]),
      excluded,
    },
  };
}

/** Geometric mean. */
function meanOf(rounds: readonly SameRound[], pick: (round: SameRound) => number): number {
  return Math.exp(rounds.reduce((sum, round) => sum + Math.log(pick(round)), 0) / rounds.length);
}

/** A statement about all pairs is supported only if each pair supports it, and contradicted only if none does. */
export function bySigns(pairs: readonly ComparedPair[], sign: Sign): ClaimAssessment {
  const evidence = pairs.map((pair) => pair.evidence);
  const count = (relation: Relation) => pairs.filter((pair) => pair.relation === relation).length;
  const [before, after, unclear] = [count('before'), count('after'), count('unclear')];
  if (before === pairs.length) return supported({ code: 'signs-agree', sign }, evidence);
  if (after === pairs.length) return contradicted({ code: 'signs-oppose', sign }, evidence);
  return inconclusive({ code: 'signs-differ', of: pairs.length, before, after, unclear }, evidence);
}
