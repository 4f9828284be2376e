import type {
  StoredCase,
  StoredEndpoint,
  StoredFault,
  StoredHops,
  StoredPattern,
  StoredPhase,
  StoredRecord,
  StoredTrial,
  StoredVariant,
} from '../pages/stored.ts';
import { isAnswered, isDoneByReply, ranVariants } from './patterns.ts';

/** One pattern under one variant in one case of faults, with its trials and its controls. */
export interface FaultLine {
  readonly record: StoredRecord;
  readonly pattern: StoredPattern;
  readonly variant: StoredVariant | null;
  readonly case: StoredCase | null;
  /** Among the others of its case. */
  readonly name: string;
  readonly trials: readonly StoredTrial[];
  readonly controls: readonly StoredTrial[];
  /** `failed`, `not run`; null: there are trials. */
  readonly missing: string | null;
}

/** Such a report has no tables of latencies. */
export function isOnlyFaults({ design }: StoredRecord): boolean {
  const kinds = (design.order ?? []).map(({ kind }) => kind);
  return kinds.includes('fault') && kinds.every((kind) => ['fault', 'control', 'no-op'].includes(kind));
}

/** Case by case, then pattern by pattern, then variant by variant. */
export function faultLines(record: StoredRecord): FaultLine[] {
  const planned = (record.design.order ?? []).filter(({ kind }) => kind === 'fault');
  const has = (key: 'case' | 'variant', one: { readonly id: string } | null) =>
    planned.some((entry) => (entry[key] ?? null) === (one?.id ?? null));
  const cases = [null, ...(record.scenario.cases ?? [])].filter((one) => has('case', one));
  const variants = [null, ...ranVariants(record)].filter((one) => has('variant', one));
  const patterns = record.patterns.filter(({ id }) => planned.some(({ pattern }) => pattern === id));
  return cases
    .flatMap((of) =>
      patterns.flatMap((pattern) =>
        variants.map((variant) => lineOf(record, { pattern, variant, case: of }, patterns.length > 1)),
      ),
    )
    .filter(applies);
}

/** A case on a broker is not planned for what has no such broker. */
function applies({ case: of, trials, missing, pattern, record, variant }: FaultLine): boolean {
  const isSkipped = record.trials.some(
    (trial) =>
      trial.state === 'skipped' &&
      trial.pattern === pattern.id &&
      trial.case === of?.id &&
      (trial.variant ?? null) === (variant?.id ?? null),
  );
  return of === null || trials.length > 0 || missing === 'failed' || isSkipped || pattern.reason !== null;
}

function lineOf(
  record: StoredRecord,
  { pattern, variant, case: of }: Pick<FaultLine, 'pattern' | 'variant' | 'case'>,
  isNamed: boolean,
): FaultLine {
  const own = record.trials.filter(
    (trial) => trial.pattern === pattern.id && (trial.variant ?? null) === (variant?.id ?? null),
  );
  const faulted = own.filter(({ kind, case: its }) => kind === 'fault' && (its ?? null) === (of?.id ?? null));
  const trials = faulted.filter(({ state }) => state === 'done');
  const hasFailed = faulted.some(({ state }) => state === 'failed');
  return {
    record,
    pattern,
    variant,
    case: of,
    name: [...(isNamed || !variant ? [pattern.title] : []), ...(variant ? [variant.title] : [])].join(', '),
    trials,
    controls: own.filter(({ kind, state }) => kind === 'control' && state === 'done'),
    missing: trials.length > 0 ? null : hasFailed ? 'failed' : 'not run',
  };
}

export function hasCases(lines: readonly FaultLine[]): boolean {
  return new Set(lines.map((line) => line.case?.id)).size > 1;
}

export function hopsOf(trials: readonly StoredTrial[]): StoredHops[] {
  return trials.flatMap(({ hops }) => hops ?? []);
}

/** Some caller waits for a broker's confirm only. */
export function isAsynchronous({ pattern, trials }: Pick<FaultLine, 'pattern' | 'trials'>): boolean {
  const edges = hopsOf(trials)[0]?.edges ?? [];
  return !isDoneByReply(pattern) || edges.some(({ interaction }) => !isAnswered(interaction));
}

/** Whether calls of an operation get to what is faulted when nothing fails. */
export function isDependent({ record, variant, case: of }: FaultLine, operation: string): boolean {
  const { scenario } = record;
  if ((scenario.services ?? []).length === 0) return true;
  const edges = (scenario.edges ?? [])
    .map((edge) => ({ ...edge, id: edge.id ?? `${edge.from}-${edge.to}` }))
    .map((edge) => ({ ...edge, ...variant?.edges?.find(({ id }) => id === edge.id) }))
    .filter(({ operations }) => operations == null || operations.includes(operation));
  const reached = new Set([scenario.services![0]!.id]);
  // As often as there are edges: they are in no order.
  for (const _ of edges) for (const { from, to } of edges) if (reached.has(from)) reached.add(to);
  return (of?.faults ?? scenario.faults ?? []).some(({ do: what, on }) => {
    if (what === 'load' || on === undefined || reached.has(on)) return true;
    return edges.some((edge) => [edge.id, edge.transport].includes(on) && reached.has(edge.from));
  });
}

/** Endpoints that depend on it; all where none does. */
export function dependentEndpoints(line: FaultLine, { endpoints }: StoredHops): StoredEndpoint[] {
  const some = endpoints.filter(({ operation }) => isDependent(line, operation));
  return some.length > 0 ? some : [...endpoints];
}

/** How a fault of the load multiplies its rate. */
export function loadFactor({ scenario }: StoredRecord, { plannedAtNs }: StoredFault): number {
  const specs = [scenario.faults ?? [], ...(scenario.cases ?? []).map(({ faults }) => faults)].flat();
  return specs.find((one) => one.do === 'load' && one.atMs * 1e6 === plannedAtNs)?.factor ?? 1;
}

/** Lowers the load: no harm, but an operator's remedy. */
export function isShedding(record: StoredRecord, fault: StoredFault): boolean {
  return fault.do === 'load' && loadFactor(record, fault) < 1;
}

export function harmfulFaults(record: StoredRecord, { faults }: StoredTrial): StoredFault[] {
  return faults.filter((fault) => !isShedding(record, fault));
}

export interface Span {
  readonly fromNs: number;
  readonly toNs: number;
}

/** From the first instant with a fault until the last one was lifted, and its processes ready again. */
export function spanOf(faults: readonly StoredFault[]): Span {
  return {
    fromNs: Math.min(...faults.map(({ injectedNs, plannedAtNs }) => injectedNs ?? plannedAtNs)),
    toNs: Math.max(
      ...faults.map((fault) => fault.readyNs ?? fault.liftedNs ?? fault.plannedAtNs + fault.plannedForNs),
    ),
  };
}

/** Faults that take away what must come back: until it is there again. All others are over when they are lifted. */
const TAKES_AWAY = [
  'kill',
  'freeze',
  'end-before-ack',
  'refuse',
  'reset',
  'black-hole',
  'delay',
  'bandwidth',
];

/** A timer may be so late. */
const LATENESS_NS = 10e6;

/** As it was observed, where that is later than planned. */
export function endOfFault({ do: what, plannedAtNs, plannedForNs, readyNs }: StoredFault): number {
  const plannedNs = plannedAtNs + plannedForNs;
  const isLater = TAKES_AWAY.includes(what) && (readyNs ?? 0) > plannedNs + LATENESS_NS;
  return isLater ? readyNs! : plannedNs;
}

/** Phases are cut where faults begin as planned and end as observed: with any of these on in its middle. */
export function phasesWith(faults: readonly StoredFault[], phases: readonly StoredPhase[]): StoredPhase[] {
  return phases.filter(({ fromNs, toNs }) => {
    const middle = (fromNs + toNs) / 2;
    return faults.some((fault) => middle >= fault.plannedAtNs && middle < endOfFault(fault));
  });
}

/** Phases from the first fault on. */
export function phasesFromFault({ faults, phases }: Pick<StoredTrial, 'faults' | 'phases'>): StoredPhase[] {
  const first = Math.min(...faults.map(({ plannedAtNs }) => plannedAtNs));
  return phases.filter(({ fromNs, toNs }) => (fromNs + toNs) / 2 >= first);
}

/** One of each name, as it was first seen: a round with a slow restart has others than the rest. */
export function eachOnce(phases: readonly StoredPhase[]): StoredPhase[] {
  const byName = Map.groupBy(
    phases.toSorted((a, b) => a.fromNs - b.fromNs),
    ({ name }) => name,
  );
  return [...byName.values()].map(([first]) => first!);
}

/**
 * Of a control, which is cut as faults were planned: the phases whose middle lies within an observed one, else the one
 * around its middle.
 */
export function phasesInside({ phases }: StoredTrial, { fromNs, toNs }: Span): StoredPhase[] {
  const lies = (atNs: number, within: Span) => atNs >= within.fromNs && atNs < within.toNs;
  const found = phases.filter((phase) => lies((phase.fromNs + phase.toNs) / 2, { fromNs, toNs }));
  return found.length > 0 ? found : phases.filter((phase) => lies((fromNs + toNs) / 2, phase));
}

export function endOf({ phases }: StoredTrial): number {
  return phases.at(-1)?.toNs ?? 0;
}

/** The control with the same arrivals, else another. */
export function controlOf({ controls }: FaultLine, { round }: StoredTrial): StoredTrial | undefined {
  return controls.find((control) => control.round === round) ?? controls[0];
}
