import type { Result } from '../../../record/record.ts';
import { type CaveatCount, caveatOf } from '../../patterns/caveat.ts';
import { servedWord } from '../../patterns/found-coupling.ts';
import { type OutageSeen, outageSeen } from '../../patterns/outage-seen.ts';
import type { PatternResult } from '../../patterns/pattern-result.ts';

/** Statement on every pattern while the service was down. */
export interface OutageStatement {
  readonly code: 'service-away';
  readonly how: 'kill' | 'freeze';
  readonly forMs: number;
  readonly rows: readonly OutageOfRow[];
}

export interface OutageOfRow {
  readonly title: string;
  readonly state: 'not-run' | 'no-result' | 'not-seen' | 'no-call' | 'known';
  readonly seen: OutageSeen;
  readonly served: 'served' | 'accepted';
  readonly caveat: CaveatCount | null;
}

/** Empty where there was no outage. */
export function outageStatements(
  { scenario }: Result,
  patterns: readonly PatternResult[],
): OutageStatement[] {
  if (!scenario.serviceOutage || patterns.every((pattern) => pattern.trials.serviceOutage.length === 0))
    return [];
  const { do: how, forMs } = scenario.serviceOutage;
  // A target is never taken down.
  const concerned = patterns.filter((pattern) => pattern.record.target === null);
  return [{ code: 'service-away', how, forMs, rows: concerned.map(outageOfRow) }];
}

function outageOfRow(pattern: PatternResult): OutageOfRow {
  const seen = outageSeen(pattern, 'serviceOutage');
  return {
    title: pattern.record.title,
    state: stateOf(pattern, seen),
    seen,
    served: servedWord(pattern),
    caveat: caveatOf(pattern.trials.serviceOutage),
  };
}

function stateOf(pattern: PatternResult, { isObserved, counts }: OutageSeen): OutageOfRow['state'] {
  if (pattern.record.state === 'not-run') return 'not-run';
  if (pattern.trials.serviceOutage.length === 0) return 'no-result';
  if (!isObserved) return 'not-seen';
  return counts.intended === 0 ? 'no-call' : 'known';
}
