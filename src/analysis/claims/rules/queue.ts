import { LOOSE_FROM } from '../../../measure/figures/coupling.ts';
import type { FaultLine } from '../../faults/fault-line.ts';
import { ledgersSeen } from '../../faults/ledgers-seen.ts';
import { harmSeen, lostShare } from '../../faults/seen.ts';
import { formatCount, formatLimit, formatShare, plural } from '../../../report/format.ts';
import type { Scenario } from '../../../scenario/schema/schema.ts';
import { cantTell, contradicted, type Judgement, supported, type TestedClaim } from '../claim.ts';
import { nameOf, ofLines } from '../fault-lines.ts';
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
    judge: ofLines({ queue: { row: 'queue' } }, ({ queue }) => {
      const figures = ledgersSeen(queue).map(
        ({ service, accepted, done, lost, duplicates }) =>
          `${nameOf(queue)}, ${service}: ${formatCount(accepted)} accepted, ${formatCount(lost)} of them lost; ${formatCount(done)} done, ${formatCount(duplicates)} more than once`,
      );
      const lost = lostCount(queue);
      if (lost > 0) return contradicted(`${plural(lost, 'message')} accepted and lost`, figures);
      const accepted = ledgersSeen(queue).reduce((n, ledger) => n + ledger.accepted, 0);
      return accepted === 0
        ? cantTell('nothing was accepted', figures)
        : supported(`none of ${plural(accepted, 'accepted message')} was lost`, figures);
    }),
  },
  {
    id: '10b',
    statement: 'Queues absorb load spikes',
    guides: ['C', 'D'],
    scenario: 'load-spike',
    rule: `rows queue and rest, five times the load: supported if over the queue ${formatLimit(LOOSE_FROM)} is accepted in time and finally done while REST loses some, contradicted if less is`,
    judge: ofLines({ queue: { row: 'queue' }, rest: { row: 'rest' } }, ({ queue, rest }, { scenario }) =>
      judgeAbsorbed([queue], rest, scenario),
    ),
  },
  {
    id: '13b',
    statement: 'Work that nobody waits for is better given to a broker',
    guides: ['C'],
    scenario: 'slow-consumer',
    rule: `rows queue and events against rest, the consumer slow: supported if over both nobody is harmed, ${formatLimit(LOOSE_FROM)} is accepted in time and finally done while REST loses some, contradicted if somebody is harmed or less is done`,
    judge: ofLines(
      { queue: { row: 'queue' }, events: { row: 'events' }, rest: { row: 'rest' } },
      ({ queue, events, rest }, { scenario }) => judgeAbsorbed([queue, events], rest, scenario),
    ),
  },
  {
    id: 'consumer',
    statement: 'A consumer may take one message at a time and give every failed one back to its queue',
    guides: ['C'],
    scenario: 'poison-message',
    rule: 'rows requeue (their preset: prefetch 1, every failure requeued) and dead-letter: supported if the same work is finally done with both, contradicted if less is with requeue',
    judge: ofLines(
      { requeue: { row: 'requeue', mayLeaveWork: true }, apart: { row: 'dead-letter' } },
      ({ requeue, apart }) => {
        const [mine, its] = [requeue, apart].map((line) => finallyDone(line)) as [Done, Done];
        const figures = [requeue, apart].map(doneFigure);
        if (poisoned(apart) === 0) return cantTell('no message was poisoned', figures);
        const text = `${formatShare(mine.done / mine.planned)} finally done, against ${formatShare(its.done / its.planned)} where what fails is put aside`;
        return mine.done / mine.planned < LOOSE_FROM * (its.done / its.planned)
          ? contradicted(text, figures)
          : supported(text, figures);
      },
    ),
  },
];

function judgeAbsorbed(over: readonly FaultLine[], rest: FaultLine, scenario: Scenario): Judgement {
  const figures = [rest, ...over].map((line) => looseFigure(line, scenario));
  const bad = over.find((line) => isAnyHarmed(line) || !isLoose(line, scenario));
  if (bad) return contradicted(`with ${nameOf(bad)} somebody is harmed, or work not done`, figures);
  const lost = lostShare(harmSeen(rest, scenario));
  return lost < WORTH
    ? cantTell(`${nameOf(rest)} lost only ${formatShare(lost)}: nothing to absorb`, figures)
    : supported(`nobody is harmed, while ${nameOf(rest)} lost ${formatShare(lost)}`, figures);
}

interface Done {
  readonly done: number;
  readonly planned: number;
}

/** Over the whole trial: what comes after a message that fails counts as well. */
function finallyDone({ trials }: FaultLine): Done {
  const phases = trials.flatMap((trial) => trial.phases);
  const sum = (of: (phase: (typeof phases)[number]) => number) =>
    phases.reduce((n, phase) => n + of(phase), 0);
  return { done: sum(({ done }) => done), planned: sum(({ planned }) => planned) };
}

function poisoned({ trials }: FaultLine): number {
  return trials.flatMap(({ faults }) => faults).reduce((n, { injected }) => n + (injected ?? 0), 0);
}

function doneFigure(line: FaultLine): string {
  const { done, planned } = finallyDone(line);
  const apart = ledgersSeen(line).reduce((n, { deadLettered }) => n + deadLettered, 0);
  return `${nameOf(line)}: ${formatCount(done)} of ${formatCount(planned)} finally done, ${formatCount(apart)} dead-lettered, ${formatCount(poisoned(line))} tries struck`;
}
