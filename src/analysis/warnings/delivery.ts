import type { Ledger } from '../../measure/figures/figures.ts';
import { isOfOwnContract } from '../patterns/contract-changes.ts';
import { isWorkKnown } from '../patterns/evidence.ts';
import { hasFallback } from '../../measure/hops/fallbacks.ts';
import { type PatternResult, timedTrials } from '../patterns/pattern-result.ts';

/** Calls that were not done exactly once. */
export type OddDelivery =
  | {
      readonly code: 'lost' | 'duplicates';
      readonly title: string;
      readonly calls: number;
      /** The source of the observation; null: the log of our own service. */
      readonly completionSourceNote: string | null;
      readonly promise: string;
      /** A fallback answered some calls in the service's place. */
      readonly hasFallback: boolean;
    }
  /** Neither done nor lost: dead-lettered calls need attention. */
  | { readonly code: 'dead-letters'; readonly title: string; readonly calls: number };

export function oddDeliveries(pattern: PatternResult): OddDelivery[] {
  const ledgers = ledgersOf(pattern);
  const { title, completion, guarantee } = pattern.record;
  const sum = (of: (ledger: Ledger) => number) => ledgers.reduce((n, ledger) => n + of(ledger), 0);
  const about = {
    title,
    completionSourceNote: completion,
    promise: guarantee.delivery,
    hasFallback: hasFallback(timedTrials(pattern).map(({ hops }) => hops)),
  };
  const odd: OddDelivery[] = [
    { code: 'lost', ...about, calls: sum(({ lost }) => lost) },
    { code: 'duplicates', ...about, calls: sum(({ duplicates }) => duplicates) },
    { code: 'dead-letters', title, calls: sum(deadLettersOf) },
  ];
  return odd.filter(({ calls }) => calls > 0);
}

function deadLettersOf({ accepted, refused, unknown }: Ledger): number {
  return accepted.deadLettered + refused.deadLettered + unknown.deadLettered;
}

function ledgersOf(pattern: PatternResult): Ledger[] {
  const trials = [...timedTrials(pattern), ...pattern.trials.wireBytes].filter(isOfOwnContract);
  return trials.flatMap((trial) => (isWorkKnown(trial) ? trial.ledgers : []));
}
