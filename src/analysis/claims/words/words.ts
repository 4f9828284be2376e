import type { Result } from '../../../record/record.ts';
import type { PatternResult } from '../../patterns/pattern-result.ts';
import { rateComplexity } from './complexity.ts';
import { rateCoupling } from './coupling.ts';
import { rateLatency } from './latency.ts';
import type { Aspect, WordJudgement } from './word.ts';

/** A pattern of which the guides' table says something, with each of its words judged. */
export interface RatedPattern {
  readonly pattern: PatternResult;
  readonly useCase: string;
  readonly words: Readonly<Record<Aspect, WordJudgement>>;
}

export const ASPECTS: readonly Aspect[] = ['latency', 'complexity', 'coupling'];

/** Empty where the scenario has no words of the guides. */
export function ratedPatterns({ scenario }: Result, patterns: readonly PatternResult[]): RatedPattern[] {
  const reference = patterns.find((pattern) => pattern.record.id === scenario.reference);
  const busyShare = scenario.idleBusy?.busyShare ?? 1;
  return patterns.flatMap((pattern) => {
    const said = scenario.patterns.find((asked) => asked.id === pattern.record.id)?.claimed;
    if (!said) return [];
    const words = {
      latency: rateLatency(pattern, { reference, busyShare }, said.latency),
      complexity: rateComplexity(pattern, said.complexity),
      coupling: rateCoupling(pattern, said.coupling),
    };
    return [{ pattern, useCase: said.useCase, words }];
  });
}
