import type { FaultLayer } from '../../faults/fault.ts';
import { faultByName } from '../../faults/faults.ts';
import { didYouMean } from '../../kernel/nearest.ts';
import { type Placed, placed } from '../../scenario/rules/fault-rules.ts';
import type { Problem } from '../../scenario/rules/problem.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { TARGET } from '../../scenario/schema/targets-schema.ts';
import { edgeId } from '../../scenario/schema/topology-schema.ts';
import { loadTransportDefinition, transportNames } from '../../transports/discover.ts';

/** Whether each fault is aimed at something that its layer acts on, and that is there. */
export async function faultProblems(scenario: Scenario): Promise<Problem[]> {
  const aims = await aimsOf(scenario);
  return placed(scenario).flatMap((one) => problemOf(one, aims[faultByName(one.fault.do).layer]) ?? []);
}

/** What faults of a layer may be aimed at. */
interface Aim {
  readonly what: string;
  readonly names: readonly string[];
  /** What it is without `on`: one of the names, or nothing; absent: it must be said. */
  readonly byDefault?: string | null;
}

async function aimsOf(scenario: Scenario): Promise<Record<FaultLayer, Aim>> {
  const { services, edges, targets } = scenario;
  const brokers = await brokersOf(scenario);
  const own = services.length > 0 ? services.map(({ id }) => id) : ['service'];
  return {
    process: { what: 'a service or a broker', names: [...own, ...brokers], byDefault: own[0]! },
    application: { what: 'a service', names: own, byDefault: own[0]! },
    connection: {
      what: Object.keys(targets).length > 0 ? 'an edge, or the `target`' : 'an edge',
      names: [...edges.map(edgeId), ...(Object.keys(targets).length > 0 ? [TARGET] : [])],
    },
    load: { what: 'no `on`', names: [], byDefault: null },
  };
}

/**
 * Brokers that every row goes over, by name, or `broker`: each row's own. In a topology those of some edge or row:
 * where a variant does without, nothing is hit.
 */
async function brokersOf({ patterns, edges, services, variants }: Scenario): Promise<string[]> {
  const ofPatterns = await Promise.all(patterns.map(({ transport }) => brokerOf(transport)));
  if (services.length === 0) {
    const common = new Set(ofPatterns).size === 1 ? (ofPatterns[0] ?? []) : [];
    return ofPatterns.every((name) => name !== undefined) ? [...[common].flat(), 'broker'] : [];
  }
  const changed = variants.flatMap((variant) => variant.edges ?? []);
  const ofEdges = await Promise.all([...edges, ...changed].map(({ transport }) => brokerOf(transport)));
  return [...new Set([...ofPatterns, ...ofEdges].flatMap((name) => name ?? []))];
}

async function brokerOf(transport: string | undefined): Promise<string | undefined> {
  // One that there is not is told of where it stands.
  if (transport === undefined || !transportNames().includes(transport)) return undefined;
  return (await loadTransportDefinition(transport)).broker?.name;
}

function problemOf({ fault, path }: Placed, { what, names, byDefault }: Aim): Problem | undefined {
  const { on = byDefault, do: name } = fault;
  if (on === null || (on !== undefined && names.includes(on))) return undefined;
  const { layer } = faultByName(name);
  const known = names.length > 0 ? didYouMean(on ?? '', names) : 'There is none here.';
  const message = `Expected ${what}, as ${name} is a fault of the layer ${layer}, found ${on ?? 'nothing'}. ${known}`;
  return { path: on === undefined ? path : [...path, 'on'], message };
}
