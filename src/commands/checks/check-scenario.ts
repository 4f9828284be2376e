import { contractByName, operationByName } from '../../contracts/contracts.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Problem } from '../../scenario/rules/problem.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { faultProblems } from './check-faults.ts';
import { streamProblems } from './check-streams.ts';
import { topologyProblems } from './check-topology.ts';
import { callEndpointProblems } from './check-endpoint.ts';
import { scenarioTargetProblems } from './target-problems.ts';

/**
 * What the scenario's own schema cannot know: whether its transports, interactions, transport options,
 * contract and operations exist, and whether its faults are aimed at what is there.
 */
export async function scenarioProblems(scenario: Scenario): Promise<Problem[]> {
  const ofPatterns = await Promise.all(
    scenario.patterns.map((pattern, i) => callEndpointProblems(pattern, (key) => ['patterns', i, key])),
  );
  const unknown = contractProblems(scenario);
  const streams = unknown.length > 0 ? [] : streamProblems(scenario);
  const ofTopology = await topologyProblems(scenario);
  return [
    ...unknown,
    ...streams,
    ...ofPatterns.flat(),
    ...ofTopology,
    ...(await faultProblems(scenario)),
    ...(await scenarioTargetProblems(scenario)),
  ];
}

function contractProblems({ contract, mix, variants, patterns }: Scenario): Problem[] {
  const ofPatterns = patterns.flatMap((pattern, i) =>
    pattern.mix === undefined ? [] : mixProblems(contract, pattern.mix, ['patterns', i, 'mix']),
  );
  const ofVariants = variants.flatMap((variant, i) => {
    const at = ['variants', i];
    // What it leaves as it is was looked at before.
    if (variant.contract === undefined && variant.mix === undefined) return [];
    return operationProblems(variant.contract ?? contract, variant.mix ?? mix, {
      contract: variant.contract === undefined ? ['contract'] : [...at, 'contract'],
      mix: variant.mix === undefined ? ['mix'] : [...at, 'mix'],
    });
  });
  return [
    ...operationProblems(contract, mix, { contract: ['contract'], mix: ['mix'] }),
    ...ofPatterns,
    ...ofVariants,
  ];
}

function operationProblems(
  name: string,
  mix: Scenario['mix'],
  at: { readonly contract: Problem['path']; readonly mix: Problem['path'] },
): Problem[] {
  const found = problemIn(at.contract, () => contractByName(name));
  return 'problem' in found ? [found.problem] : mixProblems(name, mix, at.mix);
}

/** Of a contract that is there; one that is not was told of already. */
function mixProblems(name: string, mix: Scenario['mix'], at: Problem['path']): Problem[] {
  const found = problemIn([], () => contractByName(name));
  if ('problem' in found) return [];
  return mix.flatMap(({ operation }, i) => {
    const named = problemIn([...at, i, 'operation'], () => operationByName(found.value, operation));
    return 'problem' in named ? [named.problem] : [];
  });
}

/** Others throw what is wrong with one name; here it becomes one problem among all. */
function problemIn<T>(path: Problem['path'], look: () => T): { value: T } | { problem: Problem } {
  try {
    return { value: look() };
  } catch (error) {
    if (!(error instanceof CommbenchError)) throw error;
    return { problem: { path, message: [error.message, error.hint].filter(Boolean).join('. ') } };
  }
}
