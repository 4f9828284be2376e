import { isAnswered } from '../../contracts/interactions.ts';
import { fisherUpper } from '../../measure/stats/fisher.ts';
import type { Ledger } from '../../measure/figures/figures.ts';
import type { Trial } from '../../record/record.ts';
import { countOf } from '../../report/outcomes.ts';
import { plannedOf } from '../patterns/pattern-result.ts';
import type { Invariant } from './comparison.ts';
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

/** One is too many; where the baseline did it too, more than chance puts on one side: Fisher's exact test, one-sided. */
function promised(
  name: 'lost' | 'duplicates',
  line: MatchedPattern,
  rule: { readonly of: (ledger: Ledger) => number; readonly isWithin: boolean; readonly delivery: string },
): Invariant {
  const [baseline, candidate] = [counted(line.baseline, rule.of), counted(line.candidate, rule.of)];
  const isMore =
    candidate.count > 0 && (baseline.count === 0 || fisherUpper(baseline, candidate) < FAILURES_P);
  const what = `${rule.isWithin ? 'within' : 'beyond'} ${rule.delivery === 'unknown' ? 'what anybody promised' : rule.delivery}`;
  const detail = rule.isWithin
    ? `any number is ${what}`
    : candidate.count > 0 && !isMore
      ? `${what}, and no more than the baseline's by an exact test (p ${FAILURES_P})`
      : `none allowed: it would be ${what}`;
  return { name, isBroken: !rule.isWithin && isMore, baseline, candidate, detail };
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
  const trials = lines.flatMap(({ pattern }) => [...pattern.latency, ...pattern.serviceOutage]);
  return trials
    .filter(({ evidence, validity }) => evidence !== 'none' && validity.verdict !== 'incomplete')
    .flatMap(({ ledgers }) => ledgers);
}

/** Calls that did not come to a correct end, of valid trials without a fault: Fisher's exact test, one-sided. */
function failures(line: MatchedPattern): Invariant {
  const [baseline, candidate] = [failedIn(line.baseline), failedIn(line.candidate)];
  const p = fisherUpper(baseline, candidate);
  const isBroken = p < FAILURES_P;
  const detail = `one-sided exact test: p ${pText(p)}, broken below ${FAILURES_P}`;
  return { name: 'failures', isBroken, baseline, candidate, detail };
}

function failedIn(lines: readonly PatternSide[]): Count {
  const trials = lines.flatMap(({ pattern }) => pattern.latency).filter(isValidTrial);
  const phases = trials.flatMap((trial) => trial.phases);
  const of = plannedOf(phases);
  return { count: of - countOf(phases, 'ok'), of };
}

function isValidTrial({ validity }: Trial): boolean {
  return validity.verdict === 'valid';
}

function pText(p: number): string {
  if (p >= 0.995) return '1';
  return p < 0.0001 ? 'below 0.0001' : p.toPrecision(2);
}
