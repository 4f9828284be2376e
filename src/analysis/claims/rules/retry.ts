import type { FaultLine } from '../../faults/fault-line.ts';
import { endingOfLine } from '../../faults/health-seen.ts';
import { ledgersSeen } from '../../faults/ledgers-seen.ts';
import { recoveryText } from '../../../report/faults/recovery-text.ts';
import { harmSeen, lostShare } from '../../faults/seen.ts';
import { formatCount, formatLimit, formatShare, plural } from '../../../report/format.ts';
import type { Scenario } from '../../../scenario/schema/schema.ts';
import { cantTell, contradicted, supported, type TestedClaim } from '../claim.ts';
import { nameOf, ofLines } from '../fault-lines.ts';
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
    judge: ofLines(
      { once: { variant: 'once' }, retry: { variant: 'retry' } },
      ({ once, retry }, { scenario }) => {
        const [lost, left] = [once, retry].map((line) => lostShare(harmSeen(line, scenario))) as [
          number,
          number,
        ];
        const figures = [once, retry].flatMap((line) => [lostFigure(line, scenario), twiceFigure(line)]);
        if (lost < WORTH)
          return cantTell(`one try lost only ${formatShare(lost)}: nothing to handle`, figures);
        const text = `lost ${formatShare(left)} in place of ${formatShare(lost)}`;
        if (left <= LEFT_AT_MOST * lost) return supported(text, figures);
        return left >= lost ? contradicted(text, figures) : cantTell(`${text}: some of it only`, figures);
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
    judge: ofLines(
      { backOff: { variant: 'back-off', case: 'frozen' }, retry: { variant: 'retry', case: 'frozen' } },
      ({ backOff, retry }, { scenario }) => {
        const figures = [backOff, retry].flatMap((line) => [
          endFigure(line, scenario),
          triesFigure(line, scenario),
        ]);
        const recovery = endingOfLine(backOff, scenario)?.recovery;
        if (!recovery || recovery.state === 'unjudged')
          return cantTell('nothing is known of its recovery', figures);
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
    judge: ofLines(
      { guides: { variant: 'guides' }, key: { variant: 'key' } },
      ({ guides, key }, { scenario }) => {
        const figures = [guides, key].flatMap((line) => [triesFigure(line, scenario), twiceFigure(line)]);
        const twice = duplicatesOf(guides);
        if (twice > 0) return contradicted(`${plural(twice, 'user')} created more than once`, figures);
        return repeatedTries(guides) === 0
          ? cantTell('it had nothing to repeat', figures)
          : supported('none was created twice', figures);
      },
    ),
  },
];

function lostFigure(line: FaultLine, scenario: Scenario): string {
  const seen = harmSeen(line, scenario);
  return `${nameOf(line)}: lost ${formatShare(lostShare(seen))} of ${plural(seen.here.planned, 'request')} while faults lasted`;
}

function duplicatesOf(line: FaultLine): number {
  return ledgersSeen(line).reduce((n, { duplicates }) => n + duplicates, 0);
}

function twiceFigure(line: FaultLine): string {
  return `${nameOf(line)}: ${formatCount(duplicatesOf(line))} done more than once over the whole trial`;
}
