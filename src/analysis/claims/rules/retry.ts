import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { nameWithCase } from '../../faults/fault-trials.ts';
import { successFromFault } from '../../compare/fault-figures.ts';
import { lostShare } from '../../faults/requests.ts';
import { namesFrom } from '../../faults/work-seen.ts';
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
    rule: `variants none (one try) and back-off, case frozen: supported if with back-off at most ${100 * LEFT_AT_MOST} % of the requests are lost, from the freeze on, that one try loses, contradicted if as many or more, or if it recovers with one try alone`,
    scenario: 'retry-storm',
    takesAll: true,
    assess: ofComparisons(
      { once: { variant: 'none', case: 'frozen' }, backOff: { variant: 'back-off', case: 'frozen' } },
      ({ once, backOff }) => {
        const [lost, left] = [once, backOff].map(lostFromFault) as [number, number];
        const evidence = [once, backOff].flatMap((comparison) => [
          {
            code: 'lost',
            line: nameWithCase(comparison),
            lost: lostFromFault(comparison),
            planned: plannedFromFault(comparison),
          } as const,
          recoveryEvidence(comparison),
          triesEvidence(comparison),
        ]);
        const [alone, recovery] = [once, backOff].map(({ health }) => health.ending?.recovery);
        if (!alone || !recovery || recovery.state === 'unjudged')
          return inconclusive({ code: 'recovery-unknown' }, evidence);
        if (recovery.state === 'not-recovered' && alone.state === 'recovered')
          return contradicted({ code: 'stays-down-with-retries', recovery }, evidence);
        return assessHandled({ lost, left }, evidence);
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

/** Requests due from the first fault to the end of the load that had no correct reply. */
function lostFromFault({ trials }: FaultComparison): number {
  const shares = trials.flatMap((trial) => successFromFault(trial, 'correct') ?? []);
  return 1 - shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
}

function plannedFromFault({ trials }: FaultComparison): number {
  const phases = trials.flatMap((trial) => {
    const names = namesFrom(trial);
    return trial.phases.filter(({ name }) => names.includes(name));
  });
  return phases.reduce((sum, { planned }) => sum + planned, 0);
}

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
