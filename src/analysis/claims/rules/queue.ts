import { LOOSE_FROM } from '../../../measure/figures/coupling.ts';
import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { serviceLedgers } from '../../faults/service-ledgers.ts';
import { harmedRequests, lostShare } from '../../faults/requests.ts';
import { formatCount, formatLimit, formatShare, plural } from '../../../report/format.ts';
import type { Scenario } from '../../../scenario/schema/schema.ts';
import { inconclusive, contradicted, type ClaimAssessment, supported, type TestedClaim } from '../claim.ts';
import { comparisonName, ofComparisons } from '../fault-claims.ts';
import { isAnyHarmed, isLoose, looseFigure, lostCount } from '../harm.ts';

/** A caller that waits loses so much of its requests at least, else there is nothing for a queue to absorb. */
const WORTH = 0.01;

/** What queues promise: nothing lost, spikes and slow consumers absorbed. */
export const QUEUE_CLAIMS: readonly TestedClaim[] = [
  {
    id: '10a',
    statement: 'Queues deliver reliably',
    guides: ['C', 'D'],
    scenario: 'broker-down',
    rule: 'row queue, its broker killed under load and restarted: supported if nothing that it accepted was lost, contradicted if anything was',
    assess: ofComparisons({ queue: { row: 'queue' } }, ({ queue }) => {
      const figures = serviceLedgers(queue).map(
        ({ service, accepted, done, lost, duplicates }) =>
          `${comparisonName(queue)}, ${service}: ${formatCount(accepted)} accepted, ${formatCount(lost)} of them lost; ${formatCount(done)} done, ${formatCount(duplicates)} more than once`,
      );
      const lost = lostCount(queue);
      if (lost > 0) return contradicted(`${plural(lost, 'message')} accepted and lost`, figures);
      const accepted = serviceLedgers(queue).reduce((n, ledger) => n + ledger.accepted, 0);
      return accepted === 0
        ? inconclusive('nothing was accepted', figures)
        : supported(`none of ${plural(accepted, 'accepted message')} was lost`, figures);
    }),
  },
  {
    id: '10b',
    statement: 'Queues absorb load spikes',
    guides: ['C', 'D'],
    scenario: 'load-spike',
    rule: `rows queue and rest, five times the load: supported if over the queue ${formatLimit(LOOSE_FROM)} is accepted in time and finally done while REST loses some, contradicted if less is`,
    assess: ofComparisons(
      { queue: { row: 'queue' }, rest: { row: 'rest' } },
      ({ queue, rest }, { scenario }) => assessAbsorbed([queue], rest, scenario),
    ),
  },
  {
    id: '13b',
    statement: 'Work that nobody waits for is better given to a broker',
    guides: ['C'],
    scenario: 'slow-consumer',
    rule: `rows queue and events against rest, the consumer slow: supported if over both nobody is harmed, ${formatLimit(LOOSE_FROM)} is accepted in time and finally done while REST loses some, contradicted if somebody is harmed or less is done`,
    assess: ofComparisons(
      { queue: { row: 'queue' }, events: { row: 'events' }, rest: { row: 'rest' } },
      ({ queue, events, rest }, { scenario }) => assessAbsorbed([queue, events], rest, scenario),
    ),
  },
  {
    id: 'consumer',
    statement: 'A consumer may take one message at a time and give every failed one back to its queue',
    guides: ['C'],
    scenario: 'poison-message',
    rule: 'rows requeue (their preset: prefetch 1, every failure requeued) and dead-letter: supported if the same work is finally done with both, contradicted if less is with requeue',
    assess: ofComparisons(
      { requeue: { row: 'requeue', mayLeaveWork: true }, apart: { row: 'dead-letter' } },
      ({ requeue, apart }) => {
        const [mine, its] = [requeue, apart].map((comparison) => finallyDone(comparison)) as [Done, Done];
        const figures = [requeue, apart].map(doneFigure);
        if (poisoned(apart) === 0) return inconclusive('no message was poisoned', figures);
        const text = `${formatShare(mine.done / mine.planned)} finally done, against ${formatShare(its.done / its.planned)} where what fails is dead-lettered`;
        return mine.done / mine.planned < LOOSE_FROM * (its.done / its.planned)
          ? contradicted(text, figures)
          : supported(text, figures);
      },
    ),
  },
];

function assessAbsorbed(
  over: readonly FaultComparison[],
  rest: FaultComparison,
  scenario: Scenario,
): ClaimAssessment {
  const figures = [rest, ...over].map((comparison) => looseFigure(comparison, scenario));
  const bad = over.find((comparison) => isAnyHarmed(comparison) || !isLoose(comparison, scenario));
  if (bad) return contradicted(`with ${comparisonName(bad)} somebody is harmed, or work not done`, figures);
  const lost = lostShare(harmedRequests(rest, scenario));
  return lost < WORTH
    ? inconclusive(`${comparisonName(rest)} lost only ${formatShare(lost)}: nothing to absorb`, figures)
    : supported(`nobody is harmed, while ${comparisonName(rest)} lost ${formatShare(lost)}`, figures);
}

interface Done {
  readonly done: number;
  readonly planned: number;
}

/** Over the whole trial: what comes after a message that fails counts as well. */
function finallyDone({ trials }: FaultComparison): Done {
  const phases = trials.flatMap((trial) => trial.phases);
  const sum = (of: (phase: (typeof phases)[number]) => number) =>
    phases.reduce((n, phase) => n + of(phase), 0);
  return { done: sum(({ done }) => done), planned: sum(({ planned }) => planned) };
}

function poisoned({ trials }: FaultComparison): number {
  return trials.flatMap(({ faults }) => faults).reduce((n, { injected }) => n + (injected ?? 0), 0);
}

function doneFigure(comparison: FaultComparison): string {
  const { done, planned } = finallyDone(comparison);
  const apart = serviceLedgers(comparison).reduce((n, { deadLettered }) => n + deadLettered, 0);
  return `${comparisonName(comparison)}: ${formatCount(done)} of ${formatCount(planned)} finally done, ${formatCount(apart)} dead-lettered, ${formatCount(poisoned(comparison))} tries struck`;
}
