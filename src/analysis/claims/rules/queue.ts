import { LOOSE_FROM } from '../../../measure/figures/coupling.ts';
import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { nameWithCase } from '../../faults/fault-trials.ts';
import { lostShare } from '../../faults/requests.ts';
import { contradicted, inconclusive, type ClaimAssessment, supported, type TestedClaim } from '../claim.ts';
import type { ClaimEvidence } from '../evidence.ts';
import { ofComparisons } from '../fault-claims.ts';
import { isAnyHarmed, isLoose, looseEvidence, lostCount } from '../harm.ts';

/** Least share of requests that a waiting caller must lose; below it there is nothing for a queue to absorb. */
const WORTH = 0.01;

/** Least messages accepted and not done when their broker is killed; an empty queue has nothing to lose. */
const AT_RISK = 1000;

/** Promises of queues: nothing is lost, spikes and slow consumers are absorbed. */
export const definition: readonly TestedClaim[] = [
  {
    id: '10a',
    guides: ['C', 'D'],
    statement: 'Queues deliver reliably',
    rule: `pattern queue, its broker killed with at least ${AT_RISK} accepted messages that are not done, and restarted: supported if no accepted message was lost, contradicted if any was`,
    scenario: 'broker-backlog',
    assess: ofComparisons({ queue: { pattern: 'queue' } }, ({ queue }) => {
      const ledgers = queue.work.ledgers;
      const line = nameWithCase(queue);
      const evidence = ledgers.map((ledger) => ({ code: 'ledger', line, ledger }) as const);
      const lost = lostCount(queue);
      if (lost > 0) return contradicted({ code: 'accepted-and-lost', lost }, evidence);
      const open = openAtFault(queue);
      return open < AT_RISK
        ? inconclusive({ code: 'little-at-risk', open, atLeast: AT_RISK }, evidence)
        : supported({ code: 'none-lost', open }, evidence);
    }),
  },
  {
    id: '10b',
    guides: ['C', 'D'],
    statement: 'Queues absorb load spikes',
    rule: `patterns queue and rest, five times the load: supported if over the queue ${100 * LOOSE_FROM} % is accepted in time and finally done while REST loses some, contradicted if less is`,
    scenario: 'load-spike',
    assess: ofComparisons({ queue: { pattern: 'queue' }, rest: { pattern: 'rest' } }, ({ queue, rest }) =>
      assessAbsorbed([queue], rest),
    ),
  },
  {
    id: '13b',
    guides: ['C'],
    statement: 'Asynchronous work is better handed to a broker',
    rule: `patterns queue and events against rest, the consumer slow: supported if over both no endpoint is harmed, ${100 * LOOSE_FROM} % is accepted in time and finally done while REST loses some, contradicted if an endpoint is harmed or less is done`,
    scenario: 'slow-consumer',
    assess: ofComparisons(
      { queue: { pattern: 'queue' }, events: { pattern: 'events' }, rest: { pattern: 'rest' } },
      ({ queue, events, rest }) => assessAbsorbed([queue, events], rest),
    ),
  },
  {
    id: 'consumer',
    guides: ['C'],
    statement: 'A consumer may take one message at a time and give every failed one back to its queue',
    rule: 'patterns requeue (their preset: prefetch 1, every failure requeued) and dead-letter: supported if the same work is finally done with both, contradicted if less is with requeue',
    scenario: 'poison-message',
    assess: ofComparisons(
      { requeue: { pattern: 'requeue', mayLeaveWork: true }, apart: { pattern: 'dead-letter' } },
      ({ requeue, apart }) => {
        const [done, of] = [requeue, apart].map(doneShare) as [number, number];
        const evidence = [requeue, apart].map(doneEvidence);
        if (struckBy(apart) === 0) return inconclusive({ code: 'nothing-poisoned' }, evidence);
        const why = { code: 'done-against', done, of } as const;
        return done < LOOSE_FROM * of ? contradicted(why, evidence) : supported(why, evidence);
      },
    ),
  },
];

/** Accepted and not yet done when the broker was killed, in the round with the fewest. */
function openAtFault({ trials }: FaultComparison): number {
  const each = trials.map(({ hops }) =>
    (hops?.services ?? []).reduce((n, { backlog }) => n + (backlog?.atFirstFault ?? 0), 0),
  );
  return Math.min(...each);
}

function assessAbsorbed(over: readonly FaultComparison[], rest: FaultComparison): ClaimAssessment {
  const evidence = [rest, ...over].map(looseEvidence);
  const bad = over.find((comparison) => isAnyHarmed(comparison) || !isLoose(comparison));
  if (bad) return contradicted({ code: 'work-not-done', line: nameWithCase(bad) }, evidence);
  const lost = lostShare(rest.harm);
  const line = nameWithCase(rest);
  return lost < WORTH
    ? inconclusive({ code: 'nothing-to-absorb', line, lost }, evidence)
    : supported({ code: 'absorbed', line, lost }, evidence);
}

/** Over the whole trial: calls after a failing message count as well. */
function finallyDone({ trials }: FaultComparison) {
  const phases = trials.flatMap((trial) => trial.phases);
  const sum = (of: (phase: (typeof phases)[number]) => number) =>
    phases.reduce((n, phase) => n + of(phase), 0);
  return { done: sum(({ done }) => done), planned: sum(({ planned }) => planned) };
}

function doneShare(comparison: FaultComparison): number {
  const { done, planned } = finallyDone(comparison);
  return done / planned;
}

function struckBy({ trials }: FaultComparison): number {
  return trials.flatMap(({ faults }) => faults).reduce((n, { injected }) => n + (injected ?? 0), 0);
}

function doneEvidence(comparison: FaultComparison): ClaimEvidence {
  return {
    code: 'finally-done',
    line: nameWithCase(comparison),
    ...finallyDone(comparison),
    deadLettered: comparison.work.ledgers.reduce((n, { deadLettered }) => n + deadLettered, 0),
    struck: struckBy(comparison),
  };
}
