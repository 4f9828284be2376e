import { faultByName } from '../faults/faults.ts';
import { shuffled } from '../kernel/random.ts';
import type { Scenario } from '../scenario/schema/schema.ts';
import { TARGET } from '../scenario/schema/targets-schema.ts';
import { topologyOf } from '../scenario/schema/topology.ts';
import { brokersOf } from './brokers-of.ts';
import type { WhenAsked } from './kinds/kind.ts';
import { ASKED_KINDS, isAskedFor, kindByName, KINDS_IN_ROUNDS, timelineOf } from './kinds/kinds.ts';
import type { Entry, ResolvedPattern } from './spec.ts';

type OrderedPattern = Pick<ResolvedPattern, 'id' | 'target' | 'definition' | 'edgeTransports'>;
type Cell = Pick<Entry, 'kind' | 'variant' | 'case'>;

/** Trials that run before the next group begins, in an order of their own. */
interface Group {
  readonly round: number;
  readonly cells: readonly Cell[];
}

/**
 * Trials in their order (DESIGN 2): kinds before the rounds, the rounds, kinds after them. Each group's order is drawn
 * from the seed. A kind declares its group.
 * @param variants ids of those that are run; undefined: all that are not optional
 */
export function orderTrials(
  scenario: Scenario,
  patterns: readonly OrderedPattern[],
  seed: number,
  variants?: readonly string[],
): Entry[] {
  const entries = groupsOf(scenario, variants).flatMap(({ round, cells: ofPattern }, place) => {
    const cells = ofPattern.flatMap((cell) =>
      patterns
        .filter((pattern) => takesPart(pattern, cell, scenario))
        .map(({ id }) => ({ pattern: id, ...cell })),
    );
    return shuffled(cells, seed, 'order', place).map((cell) => ({ round, ...cell }));
  });
  return entries.map((entry, i) => ({ id: i + 1, ...entry }));
}

function groupsOf(scenario: Scenario, chosen: readonly string[] | undefined): Group[] {
  const { rounds } = scenario;
  const ofRound = variantsOf(scenario, chosen).flatMap((variant) => cellsOf(scenario, variant));
  return [
    ...asked(scenario, 'before rounds', 0),
    ...Array.from({ length: rounds }, (_, i) => ({ round: i + 1, cells: ofRound })),
    ...asked(scenario, 'after rounds', rounds + 1),
  ];
}

function asked(scenario: Scenario, when: WhenAsked['when'], round: number): Group[] {
  const kinds = ASKED_KINDS.filter((kind) => kind.runs.when === when && isAskedFor(scenario, kind));
  return kinds.map(({ name }) => ({ round, cells: [{ kind: name, variant: null, case: null }] }));
}

function variantsOf({ variants }: Scenario, chosen: readonly string[] | undefined): (string | null)[] {
  const isChosen = ({ id, optional }: Scenario['variants'][number]) => chosen?.includes(id) ?? !optional;
  const ids = variants.filter(isChosen).map(({ id }) => id);
  return ids.length > 0 ? ids : [null];
}

/** Trials of one variant in a round: latency, or each fault case with its one control. */
function cellsOf(scenario: Scenario, variant: string | null): Cell[] {
  return KINDS_IN_ROUNDS.flatMap(({ name, runs }) =>
    runs.casesIn(scenario).map((id) => ({ kind: name, variant, case: id })),
  );
}

/**
 * A target of the user's own is never taken down: only connection faults before it and load faults apply. A fault on a
 * broker that the pattern does not use, in this variant, would be a second control.
 */
function takesPart(pattern: OrderedPattern, cell: Cell, scenario: Scenario): boolean {
  const faults = timelineOf(cell, scenario).faults.map((fault) => ({
    on: fault.on,
    layer: faultByName(fault.do).layer,
  }));
  const isOnTarget = ({ on, layer }: (typeof faults)[number]) => layer === 'connection' && on === TARGET;
  if (pattern.target !== undefined) {
    const canStrike = faults.every((fault) => fault.layer === 'load' || isOnTarget(fault));
    return kindByName(cell.kind).isForTarget && canStrike;
  }
  const known = onTheWay(pattern, topologyOf(scenario, cell.variant));
  return faults.every(
    (fault) => !isOnTarget(fault) && (fault.layer !== 'process' || known.includes(fault.on)),
  );
}

/** Names of all processes that the pattern uses. */
function onTheWay(pattern: OrderedPattern, topology: ReturnType<typeof topologyOf>): string[] {
  return [
    ...brokersOf(pattern, topology).map(({ name }) => name),
    ...(topology?.services.map(({ id }) => id) ?? ['service']),
    ...(pattern.definition.broker ? ['broker'] : []),
  ];
}
