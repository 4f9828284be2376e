import type { FaultComparison } from '../../faults/fault-comparison.ts';
import { endingOf } from '../../faults/health-of.ts';
import { serviceLedgers } from '../../faults/service-ledgers.ts';
import { recoveryText } from '../../../report/faults/recovery-text.ts';
import { harmedRequests, lostShare } from '../../faults/requests.ts';
import { formatCount, formatLimit, formatShare, plural } from '../../../report/format.ts';
import type { Scenario } from '../../../scenario/schema/schema.ts';
import { inconclusive, contradicted, supported, type TestedClaim } from '../claim.ts';
import { comparisonName, ofComparisons } from '../fault-claims.ts';
import { endFigure } from '../harm.ts';
import { repeatedTries, triesFigure } from '../tries.ts';

/** Retries handle a failure if they leave no more than this share of what is lost without them. */
const LEFT_AT_MOST = 0.5;
/** Where less is lost without them, there is nothing to handle. */
const WORTH = 0.01;

/** Retries: what they handle, and what they do to who is asked again. */
export const RETRY_CLAIMS: readonly TestedClaim[] = [
  {
    id: '9a',
    statement: 'Retries handle transient failures of single requests',
    guides: ['C'],
    scenario: 'duplicate-writes',
    rule: `variants once and retry: supported if retries leave at most ${formatLimit(LEFT_AT_MOST)} of the requests lost that one try loses, contradicted if they lose as many or more`,
    assess: ofComparisons(
      { once: { variant: 'once' }, retry: { variant: 'retry' } },
      ({ once, retry }, { scenario }) => {
        const [lost, left] = [once, retry].map((comparison) =>
          lostShare(harmedRequests(comparison, scenario)),
        ) as [number, number];
        const figures = [once, retry].flatMap((comparison) => [
          lostFigure(comparison, scenario),
          twiceFigure(comparison),
        ]);
        if (lost < WORTH)
          return inconclusive(`one try lost only ${formatShare(lost)}: nothing to handle`, figures);
        const text = `lost ${formatShare(left)} in place of ${formatShare(lost)}`;
        if (left <= LEFT_AT_MOST * lost) return supported(text, figures);
        return left >= lost ? contradicted(text, figures) : inconclusive(`${text}: some of it only`, figures);
      },
    ),
  },
  {
    id: '9b',
    statement: 'Retries with back-off handle transient failures of a whole service',
    guides: ['C'],
    scenario: 'retry-storm',
    takesAll: true,
    rule: 'variant back-off, case frozen: supported if all recover by themselves after the freeze of 1.5 s, contradicted if they do not for as long as it is watched',
    assess: ofComparisons(
      { backOff: { variant: 'back-off', case: 'frozen' }, retry: { variant: 'retry', case: 'frozen' } },
      ({ backOff, retry }, { scenario }) => {
        const figures = [backOff, retry].flatMap((comparison) => [
          endFigure(comparison, scenario),
          triesFigure(comparison, scenario),
        ]);
        const recovery = endingOf(backOff, scenario)?.recovery;
        if (!recovery || recovery.state === 'unjudged')
          return inconclusive('nothing is known of its recovery', figures);
        return recovery.state === 'not-recovered'
          ? contradicted(
              `the fault is over, and with back-off it stays down: ${recoveryText(recovery)}`,
              figures,
            )
          : supported(`recovered after the fault: ${recoveryText(recovery)}`, figures);
      },
    ),
  },
  {
    id: 'retry',
    statement: 'A REST client may repeat a POST three times on time-outs, lost connections and 5xx',
    guides: ['C'],
    scenario: 'duplicate-writes',
    takesAll: true,
    rule: 'variant guides (their preset): supported if tries are repeated and no user is created twice, contradicted if one is',
    assess: ofComparisons(
      { guides: { variant: 'guides' }, key: { variant: 'key' } },
      ({ guides, key }, { scenario }) => {
        const figures = [guides, key].flatMap((comparison) => [
          triesFigure(comparison, scenario),
          twiceFigure(comparison),
        ]);
        const twice = duplicatesOf(guides);
        if (twice > 0) return contradicted(`${plural(twice, 'user')} created more than once`, figures);
        return repeatedTries(guides) === 0
          ? inconclusive('it had nothing to repeat', figures)
          : supported('none was created twice', figures);
      },
    ),
  },
];

function lostFigure(comparison: FaultComparison, scenario: Scenario): string {
  const seen = harmedRequests(comparison, scenario);
  return `${comparisonName(comparison)}: lost ${formatShare(lostShare(seen))} of ${plural(seen.here.planned, 'request')} while faults lasted`;
}

function duplicatesOf(comparison: FaultComparison): number {
  return serviceLedgers(comparison).reduce((n, { duplicates }) => n + duplicates, 0);
}

function twiceFigure(comparison: FaultComparison): string {
  return `${comparisonName(comparison)}: ${formatCount(duplicatesOf(comparison))} done more than once over the whole trial`;
}
