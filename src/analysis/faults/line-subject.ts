import type { Subject } from '../finding.ts';
import type { FaultTrials } from './fault-trials.ts';

/** Subjects of a finding about a fault comparison, by id. */
export function subjectOfLine({ pattern, variant, case: of }: FaultTrials): Subject[] {
  return [
    { kind: 'pattern', id: pattern.id },
    ...(variant ? [{ kind: 'variant', id: variant.id } as const] : []),
    ...(of ? [{ kind: 'case', id: of.id } as const] : []),
  ];
}
