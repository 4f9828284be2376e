import type { Result } from '../../../record/record.ts';
import type { ResultRow } from '../../patterns/row.ts';
import { judgeComplexity } from './complexity.ts';
import { judgeCoupling } from './coupling.ts';
import { judgeLatency } from './latency.ts';
import type { Aspect, WordJudgement } from './word.ts';

/** A pattern of which the guides' table says something, with each of its words judged. */
export interface JudgedRow {
  readonly row: ResultRow;
  readonly useCase: string;
  readonly words: Readonly<Record<Aspect, WordJudgement>>;
}

export const ASPECTS: readonly Aspect[] = ['latency', 'complexity', 'coupling'];

/** Empty where the scenario has no words of the guides. */
export function judgedRows({ scenario }: Result, rows: readonly ResultRow[]): JudgedRow[] {
  const reference = rows.find((row) => row.pattern.id === scenario.reference);
  const busyShare = scenario.idle?.busyShare ?? 1;
  return rows.flatMap((row) => {
    const said = scenario.patterns.find((pattern) => pattern.id === row.pattern.id)?.said;
    if (!said) return [];
    const words = {
      latency: judgeLatency(row, { reference, busyShare }, said.latency),
      complexity: judgeComplexity(row, said.complexity),
      coupling: judgeCoupling(row, said.coupling),
    };
    return [{ row, useCase: said.useCase, words }];
  });
}
