import { LOOSE_FROM } from '../../../measure/figures/coupling.ts';
import type { FaultLine } from '../../faults/fault-line.ts';
import { nameWithCase } from '../../faults/fault-trials.ts';
import { lostShare } from '../../faults/seen.ts';
import { contradicted, inconclusive, type Judgement, supported, type TestedClaim } from '../claim.ts';
import type { ClaimEvidence } from '../evidence.ts';
import { ofLines } from '../fault-lines.ts';
import { isAnyHarmed, isLoose, looseEvidence, lostCount } from '../harm.ts';

/** A caller that waits loses so much of its requests at least, else there is nothing for a queue to absorb. */
const WORTH = 0.01;

/** What queues promise: nothing lost, spikes and slow consumers absorbed. */
export const QUEUE_CLAIMS: readonly TestedClaim[] = [
  {
    id: '10a',
    guides: ['C', 'D'],
    scenario: 'broker-down',
    judge: ofLines({ queue: { row: 'queue' } }, ({ queue }) => {
      const ledgers = queue.work.ledgers;
      const line = nameWithCase(queue);
      const evidence = ledgers.map((ledger) => ({ code: 'ledger', line, ledger }) as const);
      const lost = lostCount(queue);
      if (lost > 0) return contradicted({ code: 'accepted-and-lost', lost }, evidence);
      const accepted = ledgers.reduce((n, ledger) => n + ledger.accepted, 0);
      return accepted === 0
        ? inconclusive({ code: 'nothing-accepted' }, evidence)
        : supported({ code: 'none-lost', accepted }, evidence);
    }),
  },
  {
    id: '10b',
    guides: ['C', 'D'],
    scenario: 'load-spike',
    judge: ofLines({ queue: { row: 'queue' }, rest: { row: 'rest' } }, ({ queue, rest }) =>
      judgeAbsorbed([queue], rest),
    ),
  },
  {
    id: '13b',
    guides: ['C'],
    scenario: 'slow-consumer',
    judge: ofLines(
      { queue: { row: 'queue' }, events: { row: 'events' }, rest: { row: 'rest' } },
      ({ queue, events, rest }) => judgeAbsorbed([queue, events], rest),
    ),
  },
  {
    id: 'consumer',
    guides: ['C'],
    scenario: 'poison-message',
    judge: ofLines(
      { requeue: { row: 'requeue', mayLeaveWork: true }, apart: { row: 'dead-letter' } },
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

function judgeAbsorbed(over: readonly FaultLine[], rest: FaultLine): Judgement {
  const evidence = [rest, ...over].map(looseEvidence);
  const bad = over.find((line) => isAnyHarmed(line) || !isLoose(line));
  if (bad) return contradicted({ code: 'work-not-done', line: nameWithCase(bad) }, evidence);
  const lost = lostShare(rest.harm);
  const line = nameWithCase(rest);
  return lost < WORTH
    ? inconclusive({ code: 'nothing-to-absorb', line, lost }, evidence)
    : supported({ code: 'absorbed', line, lost }, evidence);
}

/** Over the whole trial: what comes after a message that fails counts as well. */
function finallyDone({ trials }: FaultLine) {
  const phases = trials.flatMap((trial) => trial.phases);
  const sum = (of: (phase: (typeof phases)[number]) => number) =>
    phases.reduce((n, phase) => n + of(phase), 0);
  return { done: sum(({ done }) => done), planned: sum(({ planned }) => planned) };
}

function doneShare(line: FaultLine): number {
  const { done, planned } = finallyDone(line);
  return done / planned;
}

function struckBy({ trials }: FaultLine): number {
  return trials.flatMap(({ faults }) => faults).reduce((n, { injected }) => n + (injected ?? 0), 0);
}

function doneEvidence(line: FaultLine): ClaimEvidence {
  return {
    code: 'finally-done',
    line: nameWithCase(line),
    ...finallyDone(line),
    deadLettered: line.work.ledgers.reduce((n, { deadLettered }) => n + deadLettered, 0),
    struck: struckBy(line),
  };
}
