import { isUsedFor } from '../../plan/kinds/kinds.ts';
import { isAnswered } from '../../contracts/interactions.ts';
import type { EndpointFigures, Hops } from '../../measure/hops/hop-figures.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { isDoneByReply } from '../patterns/evidence.ts';
import type { PatternRecord, Result, Trial } from '../../record/record.ts';
import { variantsOf } from '../patterns/pattern-result.ts';
import { dependence } from './dependence.ts';

/** The trials of one pattern under one variant in one case of faults, and their controls. */
export interface FaultTrials {
  readonly pattern: PatternRecord;
  readonly variant: Scenario['variants'][number] | null;
  readonly case: Scenario['cases'][number] | null;
  /** What tells it from the others of its case: row, variant or both. */
  readonly name: string;
  /** Finished ones, a trial per round. */
  readonly trials: readonly Trial[];
  readonly controls: readonly Trial[];
  /** Gets to what is harmed when nothing fails; all of them where it is not known what is. */
  readonly isDependent: (operation: string) => boolean;
  /** Why there is no trial, in a word; null where there is. */
  readonly missing: 'failed' | 'not run' | null;
  /** Why it was not to be run here; null where that is not known. */
  readonly reason: string | null;
}

/** Case by case, so that what is to be compared stands together; empty where nothing of the kind was planned. */
export function faultTrialsOf(result: Result): FaultTrials[] {
  const planned = result.design.order.filter(({ kind }) => isUsedFor(kind, 'fault'));
  const rows = result.patterns.filter(({ id }) => planned.some((entry) => entry.pattern === id));
  const cases = [null, ...result.scenario.cases].filter((one) =>
    planned.some((entry) => entry.case === (one?.id ?? null)),
  );
  const variants = [null, ...variantsOf(result)].filter((one) =>
    planned.some((entry) => entry.variant === (one?.id ?? null)),
  );
  return cases.flatMap((of) =>
    rows.flatMap((pattern) =>
      variants
        .map((variant) => lineOf(result, { pattern, variant, case: of }, rows.length > 1))
        .filter(hasPart),
    ),
  );
}

/** A case on a broker is none of who does not go over it: it was neither planned nor left out. */
function hasPart({ trials, missing, reason, pattern, case: of }: FaultTrials): boolean {
  return (
    of === null || trials.length > 0 || missing === 'failed' || reason !== null || pattern.reason !== null
  );
}

function lineOf(
  result: Result,
  { pattern, variant, case: of }: Pick<FaultTrials, 'pattern' | 'variant' | 'case'>,
  hasPatterns: boolean,
): FaultTrials {
  const own = result.trials.filter(
    (trial) => trial.pattern === pattern.id && trial.variant === (variant?.id ?? null),
  );
  const faulted = own.filter((trial) => isUsedFor(trial.kind, 'fault') && trial.case === (of?.id ?? null));
  const trials = faulted.filter(({ state }) => state === 'done');
  const parts = [hasPatterns || variant === null ? pattern.title : null, variant?.title ?? null];
  return {
    pattern,
    variant,
    case: of,
    name: parts.filter((part) => part !== null).join(', '),
    trials,
    controls: own.filter(({ kind, state }) => isUsedFor(kind, 'control') && state === 'done'),
    isDependent: dependence(result.scenario, { variant: variant?.id ?? null, faults: of?.faults }),
    reason: faulted.find(({ state }) => state === 'skipped')?.failure ?? null,
    missing:
      trials.length > 0 ? null : faulted.some(({ state }) => state === 'failed') ? 'failed' : 'not run',
  };
}

/** `all REST, ledger killed`: a line with its case. */
export function nameWithCase({ name, case: of }: Pick<FaultTrials, 'name' | 'case'>): string {
  return of === null ? name : `${name}, ${of.title}`;
}

/** Hop figures of its trials; those that have none are left out. */
export function hopsOf(trials: readonly Trial[]): Hops[] {
  return trials.flatMap(({ hops }) => hops ?? []);
}

/** Somebody on the way waits for a broker's confirm only: acceptance is then not completion. */
export function isAsynchronous({ pattern, trials }: FaultTrials): boolean {
  const [hops] = hopsOf(trials);
  return !isDoneByReply(pattern) || (hops?.edges ?? []).some(({ interaction }) => !isAnswered(interaction));
}

/** A fallback answered some of it in the service's place. */
export function isDegraded({ trials }: FaultTrials): boolean {
  return hopsOf(trials).some(({ endpoints }) =>
    endpoints.some(({ phases }) => phases.some(({ degraded }) => degraded > 0)),
  );
}

/** Lines of the same case, in the order of the cases. */
export function byCase<Of extends FaultTrials>(lines: readonly Of[]): Of[][] {
  const ids = [...new Set(lines.map((line) => line.case?.id))];
  return ids.map((id) => lines.filter((line) => line.case?.id === id));
}

/** Endpoints whose requests get to what is harmed; all of them where none does. */
export function dependentOf({ isDependent }: FaultTrials, { endpoints }: Hops): EndpointFigures[] {
  const dependent = endpoints.filter(({ operation }) => isDependent(operation));
  return dependent.length > 0 ? dependent : [...endpoints];
}
