import type { Result } from '../../../record/record.ts';
import type { Scenario } from '../../../scenario/schema/schema.ts';
import { isUnchanged } from '../../../scenario/schema/unchanged.ts';
import { type PatternResult, variantsOf } from '../../patterns/pattern-result.ts';
import { rateComplexity } from './complexity.ts';
import { rateCoupling } from './coupling.ts';
import { rateLatency } from './latency.ts';
import type { Aspect, WordRating } from './word.ts';

/** A pattern with a rating for each of its entries in the guides' table. */
export interface RatedPattern {
  readonly pattern: PatternResult;
  readonly useCase: string;
  readonly words: Readonly<Record<Aspect, WordRating>>;
  /** Its latency under each variant that changes the scenario. */
  readonly elsewhere: readonly ElsewhereRating[];
}

interface ElsewhereRating {
  readonly variant: Scenario['variants'][number];
  readonly latency: WordRating;
  /** Decided, and not as in the scenario itself. */
  readonly isOtherwise: boolean;
}

export const ASPECTS: readonly Aspect[] = ['latency', 'complexity', 'coupling'];

/** Empty where the scenario has no claims of the guides. */
export function ratedPatterns(
  result: Result,
  patterns: readonly PatternResult[],
  perVariant: readonly PatternResult[],
): RatedPattern[] {
  const { scenario } = result;
  const reference = patterns.find((pattern) => pattern.record.id === scenario.reference);
  const busyShare = scenario.idleBusy?.busyShare ?? 1;
  return patterns.flatMap((pattern) => {
    const claimed = scenario.patterns.find((own) => own.id === pattern.record.id)?.claimed;
    if (!claimed) return [];
    const words = {
      latency: rateLatency(pattern, { reference, busyShare }, claimed.latency),
      complexity: rateComplexity(pattern, claimed.complexity),
      coupling: rateCoupling(pattern, claimed.coupling),
    };
    const elsewhere = ratedElsewhere(result, perVariant, pattern, claimed.latency).map((one) => ({
      ...one,
      isOtherwise: isDecided(one.latency) && one.latency.verdict !== words.latency.verdict,
    }));
    return [{ pattern, useCase: claimed.useCase, words, elsewhere }];
  });
}

/** Idle and busy blocks are of the scenario itself: under another variant only the level is known. */
function ratedElsewhere(
  result: Result,
  perVariant: readonly PatternResult[],
  { record: { id } }: PatternResult,
  claimed: string,
): Omit<ElsewhereRating, 'isOtherwise'>[] {
  return variantsOf(result).flatMap((variant) => {
    if (isUnchanged(variant)) return [];
    const of = (pattern: string | null) =>
      perVariant.find(({ record, variant: title }) => record.id === pattern && title === variant.title);
    const [pattern, reference] = [of(id), of(result.scenario.reference)];
    return pattern ? [{ variant, latency: rateLatency(pattern, { reference, busyShare: 1 }, claimed) }] : [];
  });
}

function isDecided({ verdict }: WordRating): boolean {
  return verdict === 'supported' || verdict === 'contradicted';
}
