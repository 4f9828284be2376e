import { formatInterval, formatUs } from '../../report/format.ts';
import { ratioBetween, type Relation, relationOf } from '../patterns/order.ts';
import type { Result } from '../../record/record.ts';
import {
  type PatternResult,
  patternResults,
  sameGuarantee,
  type SeriesKind,
} from '../patterns/pattern-result.ts';
import { sideBySide } from '../patterns/side-by-side.ts';
import { inconclusive, contradicted, type ClaimAssessment, lacking, supported } from './claim.ts';

type PatternsById<Id extends string> = Readonly<Record<Id, PatternResult>>;

/** A rule over rows without faults, by their ids: it gets all of them, else something is lacking. */
export function ofPatterns<Id extends string>(
  ids: readonly Id[],
  decide: (rows: PatternsById<Id>, result: Result) => ClaimAssessment,
): (result: Result) => ClaimAssessment {
  return (result) => {
    const patterns = patternResults(result);
    const found: Partial<Record<Id, PatternResult>> = {};
    for (const id of ids) {
      const pattern = patterns.find(({ record }) => record.id === id);
      if (!pattern || pattern.record.state === 'not-run') return lacking(`row ${id} was not run`);
      found[id] = pattern;
    }
    return decide(found as PatternsById<Id>, result);
  };
}

/** One comparison of several that have to say the same. */
export interface Sign {
  readonly relation: Relation;
  readonly figure: string;
}

const KIND_TEXT: Partial<Record<SeriesKind, string>> = {
  response: 'the response time',
  completion: 'the work is done after',
};

/** Is the first of two rows sooner at the median, by the same rule as in every report (DESIGN 4)? */
export function soonerSign(a: PatternResult, b: PatternResult, kind: 'response' | 'completion'): Sign {
  const { rounds, excluded } = sideBySide(a, b, kind);
  const interval = ratioBetween(a, b, kind);
  const mean = (pick: (round: (typeof rounds)[number]) => number) =>
    Math.exp(rounds.reduce((sum, round) => sum + Math.log(pick(round)), 0) / rounds.length);
  const medians =
    rounds.length === 0
      ? 'no round in which both may be compared'
      : `${KIND_TEXT[kind]} ${formatUs(mean(({ us }) => us))} against ${formatUs(mean(({ ofUs }) => ofUs))} at the median`;
  const times = interval ? `, ${formatInterval(interval)} at 99 % over ${interval.pairs} rounds` : '';
  const unequal = sameGuarantee([a, b]) ? '' : '; their guarantees differ';
  const left = excluded.length > 0 ? `; excluded: ${excluded.join('; ')}` : '';
  return {
    relation: relationOf(a, b, kind),
    figure: `${a.name} against ${b.name}: ${medians}${times}${unequal}${left}`,
  };
}

/** What is to be said where every comparison says yes, and where every one says no. */
interface Sayings {
  readonly yes: string;
  readonly no: string;
}

/** A statement about all of them holds only if each says so, and is refuted only if none does. */
export function bySigns(signs: readonly Sign[], { yes, no }: Sayings): ClaimAssessment {
  const figures = signs.map(({ figure }) => figure);
  const count = (relation: Relation) => signs.filter((sign) => sign.relation === relation).length;
  if (count('before') === signs.length) return supported(yes, figures);
  if (count('after') === signs.length) return contradicted(no, figures);
  const parts = [`${count('before')} of ${signs.length} say so`, `${count('after')} the opposite`];
  return inconclusive(`they differ: ${parts.join(', ')}, ${count('unclear')} nothing for certain`, figures);
}
