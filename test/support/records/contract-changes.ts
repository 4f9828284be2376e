import { contractVersionByName } from '../../../src/contracts/contracts.ts';
import { users } from '../../../src/contracts/users.ts';
import type { ContractChange, ContractCounts } from '../../../src/measure/figures/contract-change.ts';
import type { Result } from '../../../src/record/record.ts';
import { measuredResult } from '../fault-results.ts';

/** Calls of each trial that `measuredResult` makes. */
const CALLS = 400;

/** Ends of the calls of one trial; those that are not named are done as sent. */
export function changeOf(version: string, ends: Partial<ContractCounts>, caughtLate = 0): ContractChange {
  const broken = Object.values(ends).reduce((sum, n) => sum + n, 0);
  const none = { refused: 0, caught: 0, deadLettered: 0, skipped: 0, silent: 0, other: 0 };
  return {
    version,
    change: contractVersionByName(users, version).change,
    counts: { ...none, held: CALLS - broken, ...ends },
    caughtLate,
  };
}

type Ends = readonly [ends: Partial<ContractCounts>, caughtLate?: number];

const ALL = CALLS;
const SOME = 270;

/** What the wire forms of each pattern make of it. */
const ENDS: Readonly<Record<string, Readonly<Record<string, Ends>>>> = {
  rest: { renamed: [{ caught: ALL }, SOME], required: [{ refused: ALL }] },
  grpc: { required: [{ silent: ALL }] },
  graphql: { renamed: [{ refused: ALL }], required: [{ refused: ALL }] },
  queue: { renamed: [{ silent: SOME }], required: [{ deadLettered: ALL }] },
  events: { renamed: [{ silent: SOME }], required: [{ skipped: ALL }] },
};

/** A whole run of the shipped scenario. */
export function contractResult(): Promise<Result> {
  return measuredResult('contract-change', ({ pattern, variant }) => ({
    wait: { leastMs: 1, tailMs: 0.5 },
    more: { contractChange: changeOf(variant!, ...(ENDS[pattern]?.[variant!] ?? [{}])) },
  }));
}
