import { brokersIn, type Catalogue } from '../../kernel/catalogue.ts';
import type { Scenario } from '../schema/schema.ts';
import { edgeId } from '../schema/topology-schema.ts';
import type { Problem } from './problem.ts';

/** Faults refer to brokers by name: no service or edge may have such a name. */
export function brokerNameProblems({ services, edges }: Scenario, catalogue: Catalogue): Problem[] {
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
