import {
  contractCountsSchema,
  type ContractChange,
  type ContractCounts,
} from '../../measure/figures/contract-change.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { PatternRecord, Result, Trial } from '../../record/record.ts';

/** What became of the calls of one pattern while its service served one version of the contract, over all rounds. */
export interface ContractLine {
  readonly pattern: PatternRecord;
  /** Null where the scenario has no variants. */
  readonly variant: Scenario['variants'][number] | null;
  readonly version: string;
  readonly change: string | null;
  readonly trials: readonly Trial[];
  readonly planned: number;
  readonly counts: ContractCounts;
  readonly caughtLate: number;
}

const COUNTS = Object.keys(contractCountsSchema.shape) as (keyof ContractCounts)[];

/** One line for each pattern and variant, in the scenario's order; none where no version was served by name. */
export function contractLinesOf({ patterns, scenario, trials }: Result): ContractLine[] {
  const variants = scenario.variants.length > 0 ? scenario.variants : [null];
  return patterns.flatMap((pattern) =>
    variants.flatMap((variant) => {
      const own = trials.filter(
        (trial) => trial.pattern === pattern.id && trial.variant === (variant?.id ?? null),
      );
      return lineOf(own, { pattern, variant });
    }),
  );
}

function lineOf(all: readonly Trial[], of: Pick<ContractLine, 'pattern' | 'variant'>): ContractLine[] {
  const trials = all.filter(({ contractChange }) => contractChange !== null);
  const changes = trials.flatMap(({ contractChange }) => contractChange ?? []);
  const [first] = changes;
  if (!first) return [];
  const { version, change } = first;
  const sum = (pick: (one: ContractChange) => number) => changes.reduce((n, one) => n + pick(one), 0);
  const counts = Object.fromEntries(COUNTS.map((name) => [name, sum((one) => one.counts[name])]));
  return [
    {
      ...of,
      version,
      change,
      trials,
      planned: trials.reduce((n, { planned }) => n + planned, 0),
      counts: counts as ContractCounts,
      caughtLate: sum((one) => one.caughtLate),
    },
  ];
}

/** Calls that were not done as sent, whoever noticed. */
export function brokenCalls({ planned, counts: { held } }: ContractLine): number {
  return planned - held;
}

/** The service has its callers' version of the contract: whatever fails is not meant to. */
export function isOfOwnContract({ contractChange }: Pick<Trial, 'contractChange'>): boolean {
  return !contractChange?.change;
}
