import { isAnswered, isStream } from '../../contracts/interactions.ts';
import type { Patience } from '../../contracts/patience.ts';
import type { Scenario } from '../schema/schema.ts';
import { topologyOf } from '../schema/topology.ts';
import type { Problem } from './problem.ts';

/** Patience that an interaction cannot have: of patterns, and of edges in any variant. */
export function patienceProblems(scenario: Scenario): Problem[] {
  const { patterns, patience: usual, variants, edges } = scenario;
  const ofPatterns = patterns.flatMap(({ patience, interaction }, i) =>
    problemsOf(interaction, patience ?? usual, patience ? ['patterns', i, 'patience'] : ['patience']),
  );
  const ofEdges = [undefined, ...variants.keys()].flatMap((v) => {
    const variant = v === undefined ? undefined : variants[v];
    const topology = topologyOf(scenario, variant?.id ?? null);
    return (topology?.edges ?? []).flatMap(({ id, interaction, patience }, e) => {
      const changed =
        variant?.edges?.findIndex((edge) => edge.id === id && edge.patience !== undefined) ?? -1;
      if (changed >= 0)
        return problemsOf(interaction, patience, ['variants', v!, 'edges', changed, 'patience']);
      return problemsOf(interaction, patience, edges[e]!.patience ? ['edges', e, 'patience'] : ['patience']);
    });
  });
  return [...ofPatterns, ...ofEdges];
}

function problemsOf(interaction: string, patience: Patience, path: Problem['path']): Problem[] {
  if (patience !== 'refuse' && isStream(interaction)) {
    return [{ path, message: `${patience} cannot be combined with ${interaction}: expected refuse` }];
  }
  if (patience !== 'keep' || !isAnswered(interaction)) return [];
  const message = `keep cannot be combined with ${interaction}: after the deadline nobody waits for the reply. Expected refuse or wait`;
  return [{ path, message }];
}
