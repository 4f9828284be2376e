import { maximumUs } from '../../measure/figures/histogram.ts';
import { HEALTHY_SHARE } from '../../measure/hops/hop-figures.ts';
import { isCountable, isInTime, LATE_SHARE } from '../patterns/countable.ts';
import type { FaultComparison } from '../faults/fault-comparison.ts';
import { hopsOf, nameWithCase } from '../faults/fault-trials.ts';
import { correctShare } from '../faults/requests.ts';
import { missedFaults } from '../warnings/faults/fault-missed.ts';
import { unknownHealth } from '../warnings/faults/health-unknown.ts';
import { faultsOffPlan } from '../../record/fault-times.ts';
import type { Result, Trial } from '../../record/record.ts';
import { inconclusive, type ClaimAssessment, lacking, type TestedClaim } from './claim.ts';
import type { ClaimReason, LineIds } from './reason.ts';

interface Wanted extends LineIds {
  /** Work left with the broker is the effect under test, and no caveat on the other figures. */
  readonly mayLeaveWork?: true;
}

type Lines<Name extends string> = Readonly<Record<Name, FaultComparison>>;

/**
 * A rule over fault comparisons. It is given all those that it names, and only if their calls may be counted, the
 * faults struck and their controls were healthy. Otherwise the claim is inconclusive, with the reason.
 */
export function ofComparisons<Name extends string>(
  wanted: Readonly<Record<Name, Wanted>>,
  decide: (lines: Lines<Name>) => ClaimAssessment,
): TestedClaim['assess'] {
  return ({ result, faults }) => {
    const found: Partial<Record<Name, FaultComparison>> = {};
    for (const name of Object.keys(wanted) as Name[]) {
      const comparison = faults.find((one) => isWanted(one, wanted[name]));
      if (!comparison || comparison.missing === 'not run')
        return lacking({ code: 'line-not-run', ids: wanted[name] });
      if (comparison.missing === 'failed')
        return lacking({ code: 'line-failed', line: nameWithCase(comparison) });
      const caveat = caveatOfComparison(comparison, wanted[name], result);
      if (caveat) return inconclusive(caveat);
      found[name] = comparison;
    }
    return decide(found as Lines<Name>);
  };
}

function isWanted({ pattern, variant, case: of }: FaultComparison, wanted: Wanted): boolean {
  return (
    (wanted.pattern === undefined || wanted.pattern === pattern.id) &&
    (wanted.variant ?? null) === (variant?.id ?? null) &&
    (wanted.case ?? null) === (of?.id ?? null)
  );
}

/** Reason why a comparison supports no conclusion. */
function caveatOfComparison(
  comparison: FaultComparison,
  wanted: Wanted,
  { scenario }: Result,
): ClaimReason | undefined {
  const { trials, controls } = comparison;
  const name = nameWithCase(comparison);
  if (controls.length === 0) return { code: 'no-control', line: name };
  const [unseen] = [...missedFaults(comparison), ...unknownHealth([comparison])];
  if (unseen) return unseen;
  const { deadlineMs } = scenario;
  const bad = [...trials, ...controls].find((trial) => !counts(trial, wanted, deadlineMs));
  if (bad) {
    const { verdict } = bad.validity;
    return { code: 'line-not-valid', line: name, verdict, late: latenessOf(bad, deadlineMs) };
  }
  if (hopsOf([...trials, ...controls]).length < trials.length + controls.length)
    return { code: 'line-health-unknown', line: name };
  const correct = correctShare(comparison.harm.control);
  return correct < HEALTHY_SHARE ? { code: 'control-not-well', line: name, correct } : undefined;
}

function counts(trial: Trial, { mayLeaveWork }: Wanted, deadlineMs: number): boolean {
  const phases = trial.phases.filter(({ planned }) => planned > 0);
  return (
    isCountable(trial, deadlineMs, phases) ||
    (mayLeaveWork === true && isWorkLeft(trial) && isInTime(trial, deadlineMs, phases))
  );
}

/** Accepted work that was not done within the wait is the only thing missing. */
function isWorkLeft({ validity, ledgers, faults }: Trial): boolean {
  if (faultsOffPlan(faults).length > 0) return false;
  const missing = validity.causes.filter(({ cause }) => cause === 'incomplete');
  return missing.length === 1 && ledgers.some(({ lost }) => lost > 0);
}

/** Reason why even the calls may not be counted. */
function latenessOf({ validity, phases }: Trial, deadlineMs: number) {
  if (validity.verdict === 'incomplete') return null;
  const latestUs = Math.max(...phases.map(({ dispatchLag }) => maximumUs(dispatchLag) ?? 0));
  return { latestUs, limitMs: deadlineMs * LATE_SHARE };
}
