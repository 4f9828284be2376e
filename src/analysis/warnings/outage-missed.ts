import { isFaultObserved, type PatternResult } from '../patterns/pattern-result.ts';
import type { OutageKind } from '../patterns/found-coupling.ts';

/** An outage that had no effect: coupling is unknown. */
export interface OutageMissed {
  readonly code: 'fault-missed';
  readonly title: string;
  readonly kind: OutageKind;
  readonly why: 'no-call' | 'unseen';
}

export function missedOutages({
  record: { title },
  trials: { serviceOutage, brokerOutage },
}: PatternResult): OutageMissed[] {
  const of = (kind: OutageKind) =>
    ({ serviceOutage, brokerOutage })[kind].flatMap((trial): OutageMissed[] => {
      const isObserved = isFaultObserved(trial);
      if (isObserved && trial.coupling) return [];
      return [{ code: 'fault-missed', title, kind, why: isObserved ? 'no-call' : 'unseen' }];
    });
  return [...of('serviceOutage'), ...of('brokerOutage')];
}
