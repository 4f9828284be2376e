import type { Result } from '../../../record/record.ts';
import type { PatternResult } from '../../patterns/pattern-result.ts';
import { rateComplexity } from './complexity.ts';
import { rateCoupling } from './coupling.ts';
import { rateLatency } from './latency.ts';
import type { Aspect, WordRating } from './word.ts';

/** A pattern with a rating for each of its entries in the guides' table. */
export interface RatedPattern {
  readonly pattern: PatternResult;
  readonly useCase: string;
  readonly words: Readonly<Record<Aspect, WordRating>>;
}

export const ASPECTS: readonly Aspect[] = ['latency', 'complexity', 'coupling'];

/** Empty where the scenario has no claims of the guides. */
export function ratedPatterns({ scenario }: Result, patterns: readonly PatternResult[]): RatedPattern[] {
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
    return [{ pattern, useCase: claimed.useCase, words }];
  });
}
