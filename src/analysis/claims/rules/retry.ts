import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { nameWithCase } from '../../faults/fault-trials.ts';
import { lostShare } from '../../faults/requests.ts';
import { contradicted, inconclusive, type ClaimAssessment, supported, type TestedClaim } from '../claim.ts';
import type { ClaimEvidence } from '../evidence.ts';
import { ofComparisons } from '../fault-claims.ts';
import { recoveryEvidence } from '../harm.ts';
import { repeatedTries, triesEvidence } from '../tries.ts';

/** Retries handle a failure if at most this share of the losses without them remains. */
const LEFT_AT_MOST = 0.5;
/** Least loss without retries; below it there is nothing to handle. */
const WORTH = 0.01;

/** Retries: the failures that they handle, and the load that they add to the retried service. */
export const definition: readonly TestedClaim[] = [
  {
    id: '9a',
    guides: ['C'],
    statement: 'Retries handle transient failures of single requests',
    rule: `variants once and retry: supported if retries leave at most ${100 * LEFT_AT_MOST} % of the requests lost that one try loses, contradicted if they lose as many or more`,
    scenario: 'duplicate-writes',
    assess: ofComparisons({ once: { variant: 'once' }, retry: { variant: 'retry' } }, ({ once, retry }) => {
      const [lost, left] = [once, retry].map((comparison) => lostShare(comparison.harm)) as [number, number];
      const evidence = [once, retry].flatMap((comparison) => [
        lostEvidence(comparison),
        duplicatesEvidence(comparison),
      ]);
      return assessHandled({ lost, left }, evidence);
    }),
  },
  {
    id: '9b',
    guides: ['C'],
    statement: 'Retries with back-off handle transient failures of a whole service',
    rule: 'variant back-off, case frozen: supported if all recover by themselves after the freeze of 1.5 s, contradicted if they do not for as long as it is watched',
    scenario: 'retry-storm',
    takesAll: true,
    assess: ofComparisons(
      { backOff: { variant: 'back-off', case: 'frozen' }, retry: { variant: 'retry', case: 'frozen' } },
      ({ backOff, retry }) => {
        const evidence = [backOff, retry].flatMap((comparison) => [
          recoveryEvidence(comparison),
          triesEvidence(comparison),
        ]);
        const recovery = backOff.health.ending?.recovery;
        if (!recovery || recovery.state === 'unjudged')
          return inconclusive({ code: 'recovery-unknown' }, evidence);
        return recovery.state === 'not-recovered'
          ? contradicted({ code: 'stays-down', recovery }, evidence)
          : supported({ code: 'recovered', recovery }, evidence);
      },
    ),
  },
  {
    id: 'retry',
    guides: ['C'],
    statement: 'A REST client may repeat a POST three times on time-outs, lost connections and 5xx',
    rule: 'variant guides (their preset): supported if tries are repeated and no user is created twice, contradicted if one is',
    scenario: 'duplicate-writes',
    takesAll: true,
    assess: ofComparisons({ guides: { variant: 'guides' }, key: { variant: 'key' } }, ({ guides, key }) => {
      const evidence = [guides, key].flatMap((comparison) => [
        triesEvidence(comparison),
        duplicatesEvidence(comparison),
      ]);
      const users = duplicatesOf(guides);
      if (users > 0) return contradicted({ code: 'created-twice', users }, evidence);
      return repeatedTries(guides) === 0
        ? inconclusive({ code: 'nothing-repeated' }, evidence)
        : supported({ code: 'none-twice' }, evidence);
    }),
  },
];

interface Losses {
  readonly lost: number;
  /** Loss with retries. */
  readonly left: number;
}

function assessHandled({ lost, left }: Losses, evidence: readonly ClaimEvidence[]): ClaimAssessment {
  if (lost < WORTH) return inconclusive({ code: 'little-lost', lost }, evidence);
  const why = { code: 'lost-instead', left, lost, isPartly: false } as const;
  if (left <= LEFT_AT_MOST * lost) return supported(why, evidence);
  return left >= lost ? contradicted(why, evidence) : inconclusive({ ...why, isPartly: true }, evidence);
}

function lostEvidence(comparison: FaultComparison): ClaimEvidence {
  const { harm } = comparison;
  return { code: 'lost', line: nameWithCase(comparison), lost: lostShare(harm), planned: harm.here.planned };
}

function duplicatesOf(comparison: FaultComparison): number {
  return comparison.work.ledgers.reduce((n, { duplicates }) => n + duplicates, 0);
}

function duplicatesEvidence(comparison: FaultComparison): ClaimEvidence {
  return { code: 'duplicates', line: nameWithCase(comparison), duplicates: duplicatesOf(comparison) };
}
