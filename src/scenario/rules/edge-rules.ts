import { isStream } from '../../contracts/interactions.ts';
import { faultByName } from '../../faults/faults.ts';
import { contractByName } from '../../contracts/contracts.ts';
import type { Catalogue } from '../../kernel/catalogue.ts';
import type { Contract } from '../../kernel/contract.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { didYouMean } from '../../kernel/nearest.ts';
import { goesOver, reachOf } from '../../kernel/topology.ts';
import { PRESETS } from '../../policies/stacks/presets.ts';
import type { Path } from '../schema/json-schema.ts';
import type { Scenario } from '../schema/schema.ts';
import { type ResolvedTopology, topologyOf } from '../schema/topology.ts';
import { placed } from './fault-rules.ts';
import type { Problem } from './problem.ts';
import { callEndpointProblems } from './endpoint-rules.ts';

/** The scenario under one of its variants, or none. */
interface Version {
  readonly scenario: Scenario;
  /** Index of the variant; undefined: no variant. */
  readonly variant: number | undefined;
  readonly topology: ResolvedTopology;
  /** Undefined: unknown, and reported elsewhere. */
  readonly contract: Contract | undefined;
  readonly mix: Scenario['mix'];
}
type EdgeKey = 'transport' | 'interaction' | 'options' | 'operations' | 'policies';

/** Transports, interactions and options of edges, in the scenario and under each variant. */
export function edgeWayProblems(scenario: Scenario, catalogue: Catalogue): Problem[] {
  return versionsOf(scenario).flatMap((version) => [
    ...version.topology.edges.flatMap((edge, e) =>
      callEndpointProblems(edge, catalogue, (key) => pathOf(version, e, key)),
    ),
    ...edgeStreamProblems(version),
  ]);
}

/** Named stacks that are neither the scenario's nor shipped. */
export function stackProblems(scenario: Scenario): Problem[] {
  return [...versionsOf(scenario).flatMap(stackProblemsOf), ...switchProblems(scenario)];
}

/** The same of switches on the timeline. */
function switchProblems(scenario: Scenario): Problem[] {
  return placed(scenario).flatMap(({ fault: { do: name, ...options }, path }) => {
    const fault = faultByName(name);
    if (fault.layer !== 'policy') return [];
    return unknownStacks(scenario, fault.stacks(options as never), [...path, 'use']);
  });
}

/** @param entries policies, and names of stacks */
function unknownStacks({ policies }: Scenario, entries: readonly unknown[], path: Path): Problem[] {
  const names = [...Object.keys(policies), ...Object.keys(PRESETS)];
  return entries.flatMap((entry, i): Problem[] => {
    if (typeof entry !== 'string' || names.includes(entry)) return [];
    const message = `Expected a policy, or the name of a stack, found ${entry}. ${didYouMean(entry, names)}`;
    return [{ path: [...path, i], message }];
  });
}

/** Operations of edges that the contract lacks, and reads whose reply is lost. */
export function edgeContractProblems(scenario: Scenario): Problem[] {
  return versionsOf(scenario).flatMap((version) => [...operationProblems(version), ...readProblems(version)]);
}

function versionsOf(scenario: Scenario): Version[] {
  const { variants, contract, mix } = scenario;
  return [undefined, ...variants.keys()].flatMap((variant) => {
    const change = variant === undefined ? undefined : variants[variant];
    const topology = topologyOf(scenario, change?.id ?? null);
    if (!topology) return [];
    const found = known(change?.contract ?? contract);
    return { scenario, variant, topology, contract: found, mix: change?.mix ?? mix };
  });
}

function known(name: string): Contract | undefined {
  try {
    return contractByName(name);
  } catch (error) {
    if (error instanceof CommbenchError) return undefined;
    throw error;
  }
}

/** Path of an edge's setting: in the variant if that changes it. */
function pathOf({ scenario, variant, topology }: Version, edge: number, key: EdgeKey): Path {
  const { id } = topology.edges[edge]!;
  const changed = variant === undefined ? undefined : scenario.variants[variant]!.edges;
  const at = changed?.findIndex((one) => one.id === id) ?? -1;
  if (at >= 0 && changed![at]![key] !== undefined) return ['variants', variant!, 'edges', at, key];
  return ['edges', edge, key];
}

function stackProblemsOf(version: Version): Problem[] {
  const { scenario, topology } = version;
  return topology.edges.flatMap((_edge, e) => {
    const path = pathOf(version, e, 'policies');
    return unknownStacks(scenario, written(scenario, path), path);
  });
}

/** An edge's policies before stacks are resolved. */
function written({ edges, variants }: Scenario, path: Path): readonly unknown[] {
  const [list, v, , e] = path as [string, number, string, number];
  return (list === 'edges' ? edges[v]?.policies : variants[v]?.edges?.[e]?.policies) ?? [];
}

function edgeStreamProblems(version: Version): Problem[] {
  return version.topology.edges.flatMap(({ interaction }, e): Problem[] => {
    if (!isStream(interaction)) return [];
    const message = 'An edge cannot be server-stream: only the generator receives streams';
    return [{ path: pathOf(version, e, 'interaction'), message }];
  });
}

function operationProblems(version: Version): Problem[] {
  const { contract, topology } = version;
  if (!contract) return [];
  return topology.edges.flatMap(({ operations }, e) =>
    (operations ?? []).flatMap((operation, i) => {
      const message = unknownOperation(contract, operation);
      return message === undefined ? [] : { path: [...pathOf(version, e, 'operations'), i], message };
    }),
  );
}

function unknownOperation(contract: Contract, operation: string): string | undefined {
  const names = Object.keys(contract.operations);
  if (names.includes(operation)) return undefined;
  return `Expected an operation of ${contract.name}, found ${operation}. ${didYouMean(operation, names)}`;
}

/** A read sent through a broker has no reply. */
function readProblems(version: Version): Problem[] {
  const { contract, topology, mix } = version;
  if (!contract) return [];
  return topology.edges.flatMap((edge, e): Problem[] => {
    if (edge.isAnswered) return [];
    const given = edge.operations ?? mix.map(({ operation }) => operation);
    const reads = given.filter((operation) => {
      const isRead = contract.operations[operation]?.effect === 'read';
      return isRead && goesOver(edge, operation) && reachOf(topology, operation).all.includes(edge.from);
    });
    if (reads.length === 0) return [];
    const message = `${edge.interaction} has no reply, so it cannot carry reads: ${reads.join(', ')}. Remove them from the edge's operations`;
    return [{ path: pathOf(version, e, edge.operations ? 'operations' : 'interaction'), message }];
  });
}

/** Titles may be given to operations of the contract, or of a variant's. */
export function endpointProblems({ endpoints, contract, variants }: Scenario): Problem[] {
  const contracts = [contract, ...variants.flatMap((v) => v.contract ?? [])].flatMap(
    (name) => known(name) ?? [],
  );
  const [first] = contracts;
  if (!first) return [];
  return endpoints.flatMap(({ operation }, i): Problem[] => {
    if (contracts.some(({ operations }) => Object.hasOwn(operations, operation))) return [];
    return [{ path: ['endpoints', i, 'operation'], message: unknownOperation(first, operation)! }];
  });
}
