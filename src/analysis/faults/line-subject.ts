import type { Subject } from '../finding.ts';
import type { FaultLine } from './fault-line.ts';

/** What a finding about a line is about, by id. */
export function subjectOfLine({ pattern, variant, case: of }: FaultLine): Subject[] {
  return [
    { kind: 'pattern', id: pattern.id },
    ...(variant ? [{ kind: 'variant', id: variant.id } as const] : []),
    ...(of ? [{ kind: 'case', id: of.id } as const] : []),
  ];
}
