import { isAnswered } from '../../contracts/interactions.ts';
import { fisherUpper } from '../../measure/stats/fisher.ts';
import type { Ledger } from '../../measure/figures/figures.ts';
import { isCountable } from '../patterns/countable.ts';
import { countOf } from '../patterns/outcomes.ts';
import { plannedOf } from '../patterns/pattern-result.ts';
import type { Invariant, InvariantRule } from './comparison.ts';
import { comparedTrials, isFaulted, type PatternSide, type MatchedPattern } from './matched-patterns.ts';

/** Below this probability, more failures on one side are not chance. */
const FAILURES_P = 0.01;

type Count = Invariant['baseline'];

/** Properties that may not get worse at all, whatever the times show; only those that were observed. */
export function invariantsOf(line: MatchedPattern): Invariant[] {
  // With faults, failures are what the gate compares.
  const isWithFaults = line.candidate.every(isFaulted);
  return [...ledgerInvariants(line), ...(isWithFaults ? [] : [failures(line)])];
}

function ledgerInvariants(line: MatchedPattern): Invariant[] {
  const { pattern } = line.candidate[0]!;
  const { delivery } = pattern.record.guarantee;
  if (ledgersOf(line.candidate).length === 0) return [];
  // A reply is given when the work is done: accepted work cannot be lost, even at most once.
  const mayLose = delivery === 'at-most-once' && !isAnswered(pattern.record.interaction);
  const mayRepeat = delivery !== 'at-most-once';
  return [
    promised('lost', line, { of: ({ lost }) => lost, isWithin: mayLose, delivery }),
    promised('duplicates', line, { of: ({ duplicates }) => duplicates, isWithin: mayRepeat, delivery }),
  ];
}

interface Promised {
  readonly of: (ledger: Ledger) => number;
  readonly isWithin: boolean;
  readonly delivery: string;
}

/** One violation is too many. If the baseline has some too, Fisher's exact test (one-sided) decides. */
function promised(
  name: 'lost' | 'duplicates',
  line: MatchedPattern,
  { of, isWithin, delivery }: Promised,
): Invariant {
  const [baseline, candidate] = [counted(line.baseline, of), counted(line.candidate, of)];
  const isMore =
    candidate.count > 0 && (baseline.count === 0 || fisherUpper(baseline, candidate) < FAILURES_P);
  const isAlike = candidate.count > 0 && !isMore;
  const rule: InvariantRule = isWithin
    ? { code: 'any-allowed', delivery }
    : isAlike
      ? { code: 'not-more', delivery, brokenBelow: FAILURES_P }
      : { code: 'none-allowed', delivery };
  return { name, isBroken: !isWithin && isMore, baseline, candidate, rule };
}

function counted(lines: readonly PatternSide[], of: (ledger: Ledger) => number): Count {
  const ledgers = ledgersOf(lines);
  return {
    count: ledgers.reduce((sum, ledger) => sum + of(ledger), 0),
    of: ledgers.reduce((sum, { accepted: a, refused: r, unknown: u }) => {
      return (
        sum +
        [a, r, u].reduce((n, cells) => n + cells.done0 + cells.done1 + cells.doneMore + cells.deadLettered, 0)
      );
    }, 0),
  };
}

/** Ledgers of every trial with complete evidence: those compared, and those with the service killed. */
function ledgersOf(lines: readonly PatternSide[]): Ledger[] {
  const trials = lines.flatMap((line) => [...comparedTrials(line), ...line.pattern.trials.serviceOutage]);
  return trials
    .filter(
      ({ state, evidence, validity }) =>
        state === 'done' && evidence !== 'none' && validity.verdict !== 'incomplete',
    )
    .flatMap(({ ledgers }) => ledgers);
}

/** Calls without a correct end, in trials without a fault whose calls may be counted: Fisher's exact test, one-sided. */
function failures(line: MatchedPattern): Invariant {
  const [baseline, candidate] = [failedIn(line.baseline), failedIn(line.candidate)];
  const p = fisherUpper(baseline, candidate);
  const rule = { code: 'exact-test', p, brokenBelow: FAILURES_P } as const;
  return { name: 'failures', isBroken: p < FAILURES_P, baseline, candidate, rule };
}

function failedIn(lines: readonly PatternSide[]): Count {
  const trials = lines.flatMap(({ pattern: { trials: of, deadlineMs } }) =>
    of.latency.filter((trial) => isCountable(trial, deadlineMs, trial.phases)),
  );
  const phases = trials.flatMap((trial) => trial.phases);
  const of = plannedOf(phases);
  return { count: of - countOf(phases, 'ok'), of };
}
