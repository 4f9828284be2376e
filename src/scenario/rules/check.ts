import { brokersIn, type Catalogue } from '../../kernel/catalogue.ts';
import type { Scenario } from '../schema/schema.ts';
import { faultProblems } from './aim-rules.ts';
import { contractProblems, streamProblems, versionProblems } from './contract-rules.ts';
import { edgeContractProblems, edgeWayProblems, endpointProblems, stackProblems } from './edge-rules.ts';
import { patienceProblems } from './patience-rules.ts';
import type { Problem } from './problem.ts';
import { targetProblems } from './target-rules.ts';
import { patternProblems } from './endpoint-rules.ts';
import { edgeId } from '../schema/topology-schema.ts';

/** A rule beyond the scenario's own schema. */
interface CatalogueRule {
  /** Fields of the scenario that the rule needs to be valid. */
  readonly needs: readonly (keyof Scenario)[];
  find(scenario: Scenario, catalogue: Catalogue): readonly Problem[] | Promise<readonly Problem[]>;
}

const CATALOGUE_RULES: readonly CatalogueRule[] = [
  { needs: ['contract'], find: contractProblems },
  { needs: ['contract', 'mix', 'patterns', 'targets'], find: streamProblems },
  { needs: ['contract', 'service', 'variants', 'services', 'targets'], find: versionProblems },
  { needs: ['patterns', 'targets'], find: patternProblems },
  { needs: ['services', 'edges'], find: edgeWayProblems },
  { needs: ['patterns', 'services', 'edges', 'patience'], find: patienceProblems },
  { needs: ['policies'], find: stackProblems },
  { needs: ['contract', 'mix', 'services', 'edges'], find: edgeContractProblems },
  { needs: ['contract'], find: endpointProblems },
  { needs: [], find: brokerNameProblems },
  { needs: ['patterns', 'services', 'edges', 'targets'], find: faultProblems },
  { needs: ['patterns', 'targets'], find: targetProblems },
];

/**
 * Problems of a scenario whose fields are valid by themselves: unknown transports, interactions, options, contracts and
 * operations, and faults without a target.
 * @param unknown fields with substitute values: rules that need them are skipped
 */
export async function check(
  scenario: Scenario,
  catalogue: Catalogue,
  unknown: readonly string[] = [],
): Promise<Problem[]> {
  const rules = CATALOGUE_RULES.filter(({ needs }) => !needs.some((field) => unknown.includes(field)));
  const found = await Promise.all(rules.map(async (rule) => rule.find(scenario, catalogue)));
  return uniqueProblems(found.flat());
}

/** One problem per message and path, though several rules or variants report it. */
export function uniqueProblems(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** Faults refer to brokers by name: no service or edge may have such a name. */
function brokerNameProblems({ services, edges }: Scenario, catalogue: Catalogue): Problem[] {
  const taken = brokersIn(catalogue).map(({ name }) => name);
  const names = [
    ...services.map(({ id }, i) => ({ id, path: ['services', i, 'id'] })),
    ...edges.map((edge, i) => ({ id: edgeId(edge), path: ['edges', i, 'id'] })),
  ];
  return names
    .filter(({ id }) => taken.includes(id))
    .map(({ id, path }) => ({
      path,
      message: `The name ${id} is reserved for the broker: choose another one`,
    }));
}
