import { isAnswered } from '../../contracts/interactions.ts';
import { fisherUpper } from '../../measure/stats/fisher.ts';
import type { Ledger } from '../../measure/figures/figures.ts';
import type { Trial } from '../../record/record.ts';
import { countOf } from '../patterns/outcomes.ts';
import { plannedOf } from '../patterns/pattern-result.ts';
import type { Invariant, InvariantRule } from './comparison.ts';
import type { PatternSide, MatchedPattern } from './matched-patterns.ts';

/** Failures are more than chance puts on one side only below this. */
export const FAILURES_P = 0.01;

type Count = Invariant['baseline'];

/** What may not get worse at all, whatever the times say; only what somebody saw. */
export function invariantsOf(line: MatchedPattern): Invariant[] {
  return [...ledgerInvariants(line), failures(line)];
}

function ledgerInvariants(line: MatchedPattern): Invariant[] {
  const { pattern } = line.candidate[0]!;
  const { delivery } = pattern.record.guarantee;
  if (ledgersOf(line.candidate).length === 0) return [];
  // An answer is given when the work is done: what it accepted cannot be lost, at most once or not.
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

/** One is too many; where the baseline did it too, more than chance puts on one side: Fisher's exact test, one-sided. */
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
        sum + [a, r, u].reduce((n, row) => n + row.done0 + row.done1 + row.doneMore + row.deadLettered, 0)
      );
    }, 0),
  };
}

/** Of every trial in which the service or nothing was taken away, and whose evidence is whole. */
function ledgersOf(lines: readonly PatternSide[]): Ledger[] {
  const trials = lines.flatMap(({ pattern }) => [...pattern.trials.latency, ...pattern.trials.serviceOutage]);
  return trials
    .filter(({ evidence, validity }) => evidence !== 'none' && validity.verdict !== 'incomplete')
    .flatMap(({ ledgers }) => ledgers);
}

/** Calls that did not come to a correct end, of valid trials without a fault: Fisher's exact test, one-sided. */
function failures(line: MatchedPattern): Invariant {
  const [baseline, candidate] = [failedIn(line.baseline), failedIn(line.candidate)];
  const p = fisherUpper(baseline, candidate);
  const rule = { code: 'exact-test', p, brokenBelow: FAILURES_P } as const;
  return { name: 'failures', isBroken: p < FAILURES_P, baseline, candidate, rule };
}

function failedIn(lines: readonly PatternSide[]): Count {
  const trials = lines.flatMap(({ pattern }) => pattern.trials.latency).filter(isValidTrial);
  const phases = trials.flatMap((trial) => trial.phases);
  const of = plannedOf(phases);
  return { count: of - countOf(phases, 'ok'), of };
}

function isValidTrial({ validity }: Trial): boolean {
  return validity.verdict === 'valid';
}
