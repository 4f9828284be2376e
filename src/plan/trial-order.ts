import { faultByName } from '../faults/faults.ts';
import { shuffled } from '../kernel/random.ts';
import type { TrialKind } from '../record/record.ts';
import type { Scenario } from '../scenario/schema/schema.ts';
import { TARGET } from '../scenario/schema/targets-schema.ts';
import { topologyOf } from '../scenario/schema/topology.ts';
import { brokersOf } from './brokers-of.ts';
import type { Entry } from './entry.ts';
import { faultsOf } from './fault-phases.ts';
import type { ResolvedPattern } from './spec.ts';

type OrderedPattern = Pick<ResolvedPattern, 'id' | 'target' | 'definition' | 'edgeTransports'>;
type Cell = Pick<Entry, 'kind' | 'variant' | 'case'>;

/** Trials that run one after the other before the next group begins, in an order of their own. */
interface Group {
  readonly round: number;
  readonly cells: readonly Cell[];
}

/**
 * Which trials run, in which order (DESIGN 2): the floors first, then rounds, each in an order of its own
 * drawn from the seed, then those that run once per row, and very last those that take a broker away: what
 * comes after them would find it cold.
 * @param variants ids of those that are run; undefined: all that are not optional
 */
export function orderTrials(
  scenario: Scenario,
  patterns: readonly OrderedPattern[],
  seed: number,
  variants?: readonly string[],
): Entry[] {
  const entries = groupsOf(scenario, variants).flatMap(({ round, cells: ofRow }, place) => {
    const cells = ofRow.flatMap((cell) =>
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
  const once = (kind: TrialKind, isAsked: boolean): Group[] =>
    isAsked ? [{ round: rounds + 1, cells: [{ kind, variant: null, case: null }] }] : [];
  const ofRound = variantsOf(scenario, chosen).flatMap((variant) => cellsOf(scenario, variant));
  return [
    ...(scenario.noop ? [{ round: 0, cells: [{ kind: 'noop' as const, variant: null, case: null }] }] : []),
    ...Array.from({ length: rounds }, (_, i) => ({ round: i + 1, cells: ofRound })),
    ...once('wire-bytes', scenario.wireBytes !== null),
    ...once('idle-busy', scenario.idleBusy !== null),
    ...once('service-outage', scenario.serviceOutage !== null),
    ...once('broker-outage', scenario.brokerOutage !== null),
  ];
}

function variantsOf({ variants }: Scenario, chosen: readonly string[] | undefined): (string | null)[] {
  const isChosen = ({ id, optional }: Scenario['variants'][number]) => chosen?.includes(id) ?? !optional;
  const ids = variants.filter(isChosen).map(({ id }) => id);
  return ids.length > 0 ? ids : [null];
}

/** What a round holds of one variant: its latency, or with faults those trials and the one control beside them. */
function cellsOf({ faults, cases }: Scenario, variant: string | null): Group['cells'] {
  if (faults.length === 0 && cases.length === 0) return [{ kind: 'latency', variant, case: null }];
  const ids = cases.length > 0 ? cases.map(({ id }) => id) : [null];
  return [
    { kind: 'control', variant, case: null },
    ...ids.map((id) => ({ kind: 'fault' as const, variant, case: id })),
  ];
}

/** Faults of connections strike before it, those of the load on the way: all others are inside of what is not ours. */
function isForTarget(cell: Cell, scenario: Scenario): boolean {
  if (cell.kind === 'control') return true;
  if (cell.kind !== 'fault') return cell.kind === 'latency';
  return faultsOf(cell, scenario).every(({ do: name, on }) => {
    const { layer } = faultByName(name);
    return layer === 'load' || (layer === 'connection' && on === TARGET);
  });
}

/**
 * A target of the user's own has no no-op baseline of ours and is never taken away; only a row with a broker has a middle.
 * A fault on a broker that is not on the way, in this variant, would be a second control.
 */
function takesPart(pattern: OrderedPattern, cell: Cell, scenario: Scenario): boolean {
  if (pattern.target !== undefined) return isForTarget(cell, scenario);
  if (cell.kind === 'broker-outage') return pattern.definition.broker !== undefined;
  const topology = topologyOf(scenario, cell.variant);
  const onTheWay = [
    ...brokersOf(pattern, topology).map(({ name }) => name),
    ...(topology?.services.map(({ id }) => id) ?? ['service']),
    ...(pattern.definition.broker ? ['broker'] : []),
  ];
  const faults = faultsOf(cell, scenario);
  const ofProcesses = faults.filter((fault) => faultByName(fault.do).layer === 'process');
  if (faults.some((fault) => faultByName(fault.do).layer === 'connection' && fault.on === TARGET))
    return false;
  return ofProcesses.every(({ on }) => onTheWay.includes(on));
}
