import { shuffled } from '../kernel/random.ts';
import type { Result, TrialKind } from '../results/record.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Row } from './spec.ts';

export type Entry = Result['order'][number];
type OrderedRow = Pick<Row, 'id' | 'target' | 'definition'>;

/** Trials that run one after the other before the next group begins. */
interface Group {
  readonly kind: TrialKind;
  readonly round: number;
  readonly variants: readonly (string | null)[];
}

/**
 * Which trials run, in which order (DESIGN 2): the floors first, then rounds, each in an order of its own
 * drawn from the seed, then those that run once per row, and very last those that take a broker away: what
 * comes after them would find it cold.
 * @param variants ids of those that are run; undefined: all
 */
export function orderTrials(
  scenario: Scenario,
  rows: readonly OrderedRow[],
  seed: number,
  variants?: readonly string[],
): Entry[] {
  const entries = groupsOf(scenario, variants).flatMap(({ kind, round, variants: ids }, place) => {
    const cells = rows
      .filter((row) => takesPart(row, kind))
      .flatMap(({ id }) => ids.map((variant) => ({ pattern: id, variant })));
    return shuffled(cells, seed, 'order', place).map((cell) => ({ round, ...cell, kind }));
  });
  return entries.map((entry, i) => ({ id: i + 1, ...entry }));
}

function groupsOf(scenario: Scenario, chosen: readonly string[] | undefined): Group[] {
  const { rounds } = scenario;
  const ids = scenario.variants.map(({ id }) => id).filter((id) => chosen?.includes(id) ?? true);
  const asWritten = [null];
  const once = (kind: TrialKind, isAsked: boolean): Group[] =>
    isAsked ? [{ kind, round: rounds + 1, variants: asWritten }] : [];
  return [
    ...(scenario.floor ? [{ kind: 'null' as const, round: 0, variants: asWritten }] : []),
    ...Array.from({ length: rounds }, (_, i) => ({
      kind: 'latency' as const,
      round: i + 1,
      variants: ids.length > 0 ? ids : asWritten,
    })),
    ...once('count', scenario.count !== null),
    ...once('idle', scenario.idle !== null),
    ...once('outage', scenario.outage !== null),
    ...once('middle', scenario.middle !== null),
  ];
}

/** A target of the user's own has no floor of ours and is never taken away; only a row with a broker has a middle. */
function takesPart({ target, definition }: OrderedRow, kind: TrialKind): boolean {
  if (target !== undefined) return kind === 'latency';
  return kind !== 'middle' || definition.broker !== undefined;
}
