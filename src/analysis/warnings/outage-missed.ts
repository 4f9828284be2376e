import { isFaultSeen, type ResultRow } from '../patterns/row.ts';
import type { OutageKind } from '../patterns/found-coupling.ts';

/** An outage that hit nothing: coupling is not known. */
export interface OutageMissed {
  readonly code: 'fault-missed';
  readonly title: string;
  readonly kind: OutageKind;
  readonly why: 'no-call' | 'unseen';
}

export function missedOutages({ pattern: { title }, outage, middle }: ResultRow): OutageMissed[] {
  const of = (kind: OutageKind) =>
    ({ outage, middle })[kind].flatMap((trial): OutageMissed[] => {
      const isSeen = isFaultSeen(trial);
      if (isSeen && trial.coupling) return [];
      return [{ code: 'fault-missed', title, kind, why: isSeen ? 'no-call' : 'unseen' }];
    });
  return [...of('outage'), ...of('middle')];
}
