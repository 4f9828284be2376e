import type { FaultLayer } from '../../faults/fault.ts';
import { faultByName } from '../../faults/faults.ts';
import type { Catalogue } from '../../kernel/catalogue.ts';
import { didYouMean } from '../../kernel/nearest.ts';
import type { Scenario } from '../schema/schema.ts';
import { TARGET } from '../schema/targets-schema.ts';
import { edgeId } from '../schema/topology-schema.ts';
import { type Placed, placed } from './fault-rules.ts';
import type { Problem } from './problem.ts';

/** Checks that the target of each fault exists and belongs to its layer. */
export function faultProblems(scenario: Scenario, catalogue: Catalogue): Problem[] {
  const aims = aimsOf(scenario, catalogue);
  return placed(scenario).flatMap((one) => problemOf(one, aims[faultByName(one.fault.do).layer]) ?? []);
}

/** Possible targets of a layer's faults. */
interface Aim {
  readonly what: string;
  readonly names: readonly string[];
  /** Target without `on`: one of the names, or null for none; absent: `on` is required. */
  readonly byDefault?: string | null;
}

function aimsOf(scenario: Scenario, catalogue: Catalogue): Record<FaultLayer, Aim> {
  const { services, edges, targets } = scenario;
  const brokers = brokersOf(scenario, catalogue);
  const own = services.length > 0 ? services.map(({ id }) => id) : ['service'];
  return {
    process: { what: 'a service or a broker', names: [...own, ...brokers], byDefault: own[0]! },
    application: { what: 'a service', names: own, byDefault: own[0]! },
    connection: {
      what: Object.keys(targets).length > 0 ? 'an edge, or the `target`' : 'an edge',
      names: [...edges.map(edgeId), ...(Object.keys(targets).length > 0 ? [TARGET] : [])],
    },
    load: { what: 'no `on`', names: [], byDefault: null },
    policy: { what: 'an edge', names: edges.map(edgeId) },
  };
}

/**
 * Names of brokers that faults may be on: those common to all patterns, and `broker` for each pattern's own. In a
 * topology those of any edge or pattern: a variant without the broker is not affected.
 */
function brokersOf({ patterns, edges, services, variants }: Scenario, { transports }: Catalogue): string[] {
  // An unknown transport is reported at its own field.
  const brokerOf = ({ transport = '' }: { readonly transport?: string | undefined }) =>
    transports.get(transport)?.broker?.name;
  const ofPatterns = patterns.map(brokerOf);
  if (services.length === 0) {
    const common = new Set(ofPatterns).size === 1 ? (ofPatterns[0] ?? []) : [];
    return ofPatterns.every((name) => name !== undefined) ? [...[common].flat(), 'broker'] : [];
  }
  const changed = variants.flatMap((variant) => variant.edges ?? []);
  const ofEdges = [...edges, ...changed].map(brokerOf);
  return [...new Set([...ofPatterns, ...ofEdges].flatMap((name) => name ?? []))];
}

function problemOf({ fault, path }: Placed, { what, names, byDefault }: Aim): Problem | undefined {
  const { on = byDefault, do: name } = fault;
  if (on === null || (on !== undefined && names.includes(on))) return undefined;
  const { layer } = faultByName(name);
  const known = names.length > 0 ? didYouMean(on ?? '', names) : 'The scenario has none.';
  const message = `${name} is a fault of the layer ${layer}: expected ${what}, found ${on ?? 'nothing'}. ${known}`;
  return { path: on === undefined ? path : [...path, 'on'], message };
}
