import { maximumUs } from '../../measure/figures/histogram.ts';
import { HEALTHY_SHARE } from '../../measure/hops/hop-figures.ts';
import { isCountable, isInTime, LATE_SHARE } from '../patterns/countable.ts';
import { type FaultComparison, faultComparisonsOf, hopsOfTrials } from '../faults/fault-comparison.ts';
import { correctShare, harmedRequests } from '../faults/requests.ts';
import { faultWarnings } from '../../report/faults/fault-warnings.ts';
import { formatMs, formatShare, formatUs } from '../../report/format.ts';
import type { Result, Trial } from '../../record/record.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { inconclusive, type ClaimAssessment, lacking } from './claim.ts';

/** One line of a fault scenario, by ids. Of what its scenario has one only, or none, nothing is said. */
interface Wanted {
  readonly row?: string;
  readonly variant?: string;
  readonly case?: string;
  /** That work is left with the broker is what is looked for, and no reason to doubt the rest. */
  readonly mayLeaveWork?: true;
}

type Lines<Name extends string> = Readonly<Record<Name, FaultComparison>>;

/**
 * A rule over lines of faults: it gets all that it names, and only where their calls may be counted, the faults struck,
 * and their controls were well; else nothing can be told, and why.
 */
export function ofComparisons<Name extends string>(
  wanted: Readonly<Record<Name, Wanted>>,
  decide: (lines: Lines<Name>, result: Result) => ClaimAssessment,
): (result: Result) => ClaimAssessment {
  return (result) => {
    const all = faultComparisonsOf(result);
    const found: Partial<Record<Name, FaultComparison>> = {};
    for (const name of Object.keys(wanted) as Name[]) {
      const comparison = all.find((one) => isWanted(one, wanted[name]));
      if (!comparison || comparison.missing === 'not run')
        return lacking(`${wantedText(wanted[name])} was not run`);
      if (comparison.missing === 'failed')
        return lacking(`the trial of ${comparisonName(comparison)} failed`);
      const caveat = caveatOf(comparison, wanted[name], result);
      if (caveat !== undefined) return inconclusive(caveat);
      found[name] = comparison;
    }
    return decide(found as Lines<Name>, result);
  };
}

function isWanted({ pattern, variant, case: of }: FaultComparison, wanted: Wanted): boolean {
  return (
    (wanted.row === undefined || wanted.row === pattern.id) &&
    (wanted.variant ?? null) === (variant?.id ?? null) &&
    (wanted.case ?? null) === (of?.id ?? null)
  );
}

function wantedText({ row, variant, case: of }: Wanted): string {
  const parts = [row && `row ${row}`, variant && `variant ${variant}`, of && `case ${of}`].filter(Boolean);
  return parts.length === 0 ? 'it' : parts.join(', ');
}

/** `all REST, ledger killed`: a line with its case. */
export function comparisonName({ name, case: of }: FaultComparison): string {
  return of === null ? name : `${name}, ${of.title}`;
}

/** Warnings of every report after which nothing may be concluded. */
const CAVEATS = ['fault-missed', 'health-unknown'];

/** Why nothing may be concluded from a line. */
function caveatOf(comparison: FaultComparison, wanted: Wanted, { scenario }: Result): string | undefined {
  const { trials, controls } = comparison;
  if (controls.length === 0) return `there is no control trial of ${comparisonName(comparison)}`;
  const texts = faultWarnings([comparison]).find(({ code }) => CAVEATS.includes(code));
  // A sentence of its own: its full stop is the table's to set.
  if (texts) return texts.text.replace(/\.$/, '');
  const bad = [...trials, ...controls].find((trial) => !counts(trial, wanted, scenario.deadlineMs));
  if (bad)
    return `the measurement of a trial of ${comparisonName(comparison)} is ${bad.validity.verdict}${lateText(bad, scenario)}`;
  if (hopsOfTrials([...trials, ...controls]).length < trials.length + controls.length)
    return `nothing is known of the health of ${comparisonName(comparison)}`;
  const usual = correctShare(harmedRequests(comparison, scenario).control);
  if (usual < HEALTHY_SHARE)
    return `without any fault only ${formatShare(usual)} was correct with ${comparisonName(comparison)}: its control was not well`;
  return undefined;
}

function counts(trial: Trial, { mayLeaveWork }: Wanted, deadlineMs: number): boolean {
  const phases = trial.phases.filter(({ planned }) => planned > 0);
  return (
    isCountable(trial, deadlineMs, phases) ||
    (mayLeaveWork === true && isWorkLeft(trial) && isInTime(trial, deadlineMs, phases))
  );
}

/** The one thing that is missing is work: it was accepted, and not done as far as it was waited for. */
function isWorkLeft({ validity, ledgers }: Trial): boolean {
  const missing = validity.causes.filter(({ cause }) => cause === 'incomplete');
  return missing.length === 1 && ledgers.some(({ lost }) => lost > 0);
}

/** Why even its calls may not be counted. */
function lateText(trial: Trial, { deadlineMs }: Scenario): string {
  if (trial.validity.verdict === 'incomplete') return '';
  const latestUs = Math.max(...trial.phases.map(({ dispatchLag }) => maximumUs(dispatchLag) ?? 0));
  return `, and calls began up to ${formatUs(latestUs)} late (limit ${formatMs(deadlineMs * LATE_SHARE)}), or never`;
}
