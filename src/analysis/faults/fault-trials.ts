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
  /** Its name among the others of its case: pattern, variant or both. */
  readonly name: string;
  /** Finished trials, one per round. */
  readonly trials: readonly Trial[];
  readonly controls: readonly Trial[];
  /** Whether an operation reaches the faulted part when nothing fails; always true where that part is unknown. */
  readonly isDependent: (operation: string) => boolean;
  /** Why there is no trial; null where there is one. */
  readonly missing: 'failed' | 'not run' | null;
  /** Why it could not be run here; null where that is unknown. */
  readonly reason: string | null;
}

/** Ordered by case, so that comparable entries are adjacent; empty where no faults were planned. */
export function faultTrialsOf(result: Result): FaultTrials[] {
  const planned = result.design.order.filter(({ kind }) => isUsedFor(kind, 'fault'));
  const patterns = result.patterns.filter(({ id }) => planned.some((entry) => entry.pattern === id));
  const cases = [null, ...result.scenario.cases].filter((one) =>
    planned.some((entry) => entry.case === (one?.id ?? null)),
  );
  const variants = [null, ...variantsOf(result)].filter((one) =>
    planned.some((entry) => entry.variant === (one?.id ?? null)),
  );
  return cases.flatMap((of) =>
    patterns.flatMap((pattern) =>
      variants
        .map((variant) => lineOf(result, { pattern, variant, case: of }, patterns.length > 1))
        .filter(hasPart),
    ),
  );
}

/**
 * Whether the case applies to the pattern. A case on a broker does not apply to a pattern without that broker: it was
 * neither planned nor skipped.
 */
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

/** Name with case: `all REST, ledger killed`. */
export function nameWithCase({ name, case: of }: Pick<FaultTrials, 'name' | 'case'>): string {
  return of === null ? name : `${name}, ${of.title}`;
}

/** Hop figures of the trials that have them. */
export function hopsOf(trials: readonly Trial[]): Hops[] {
  return trials.flatMap(({ hops }) => hops ?? []);
}

/** Whether some caller waits for a broker's confirm only: acceptance is then not completion. */
export function isAsynchronous({ pattern, trials }: FaultTrials): boolean {
  const [hops] = hopsOf(trials);
  return !isDoneByReply(pattern) || (hops?.edges ?? []).some(({ interaction }) => !isAnswered(interaction));
}

/** Whether a fallback replied to some calls in the service's place. */
export function isDegraded({ trials }: FaultTrials): boolean {
  return hopsOf(trials).some(({ endpoints }) =>
    endpoints.some(({ phases }) => phases.some(({ degraded }) => degraded > 0)),
  );
}

/** Groups of the same case, in the order of the cases. */
export function byCase<Of extends FaultTrials>(lines: readonly Of[]): Of[][] {
  const ids = [...new Set(lines.map((line) => line.case?.id))];
  return ids.map((id) => lines.filter((line) => line.case?.id === id));
}

/** Endpoints whose requests reach the faulted part; all of them where none does. */
export function dependentOf({ isDependent }: FaultTrials, { endpoints }: Hops): EndpointFigures[] {
  const dependent = endpoints.filter(({ operation }) => isDependent(operation));
  return dependent.length > 0 ? dependent : [...endpoints];
}

/** The control of a trial's round, which has the same arrivals; else of another round. */
export function controlOf({ controls }: FaultTrials, { round }: Trial): Trial | undefined {
  return controls.find((control) => control.round === round) ?? controls[0];
}
