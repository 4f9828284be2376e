import type { Ledger } from '../../measure/figures/figures.ts';
import { isWorkKnown } from '../patterns/evidence.ts';
import { type FaultTrials, hopsOf } from './fault-trials.ts';

/** Ledger of one service (or subscriber) over a whole trial, all rounds together. */
export interface ServiceLedger {
  /** Id of the service; null where there is no topology. */
  readonly service: string | null;
  /** Counts from 1, where there are several subscribers and no topology. */
  readonly subscriber: number | null;
  /** Its work comes over a broker. */
  readonly isAsynchronous: boolean;
  readonly accepted: number;
  readonly done: number;
  readonly lost: number;
  /** Still in the broker. */
  readonly late: number;
  readonly duplicates: number;
  readonly deadLettered: number;
  readonly phantom: number;
}

const ACCEPTANCES = ['accepted', 'refused', 'unknown'] as const;

/** One per service, in the topology's order. */
export function serviceLedgers({ trials }: FaultTrials): ServiceLedger[] {
  const known = trials.filter(isWorkKnown);
  const services = hopsOf(trials)[0]?.services ?? [];
  const subscribers = new Set(known.flatMap(({ ledgers }) => ledgers.map((ledger) => ledger.subscriber)));
  return [...subscribers].map((subscriber) => {
    const ledgers = known.flatMap((trial) => trial.ledgers.filter((one) => one.subscriber === subscriber));
    const sum = (of: (ledger: Ledger) => number) => ledgers.reduce((n, ledger) => n + of(ledger), 0);
    const service = services[subscriber];
    return {
      service: service?.id ?? null,
      subscriber: !service && subscribers.size > 1 ? subscriber + 1 : null,
      isAsynchronous: service?.backlog != null,
      accepted: sum(({ accepted: a }) => a.done0 + a.done1 + a.doneMore + a.deadLettered),
      done: sum((ledger) =>
        ACCEPTANCES.reduce((n, kind) => n + ledger[kind].done1 + ledger[kind].doneMore, 0),
      ),
      lost: sum(({ lost }) => lost),
      late: sum(({ late }) => late),
      duplicates: sum(({ duplicates }) => duplicates),
      deadLettered: sum((ledger) => ACCEPTANCES.reduce((n, kind) => n + ledger[kind].deadLettered, 0)),
      phantom: sum(({ phantom }) => phantom),
    };
  });
}
