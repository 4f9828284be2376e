import { z } from 'zod';
import { contractByName, operationByName } from '../contracts/contracts.ts';
import { CommbenchError } from '../kernel/errors.ts';
import type { JsonSchema } from '../scenario/json-schema.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { guess, problemsOf, type Problem } from '../scenario/problem.ts';
import type { Pattern, Scenario } from '../scenario/schema.ts';
import { loadTransportDefinition, transportNames } from '../transports/discover.ts';
import { streamProblems } from './check-streams.ts';

/**
 * What the scenario's own schema cannot know: whether its transports, interactions, transport options,
 * contract and operations exist.
 * @throws CommbenchError with all problems and their lines
 */
export async function checkScenario(loaded: LoadedScenario): Promise<void> {
  const { scenario } = loaded;
  const perPattern = await Promise.all(scenario.patterns.map((pattern, i) => patternProblems(pattern, i)));
  const unknown = contractProblems(scenario);
  const streams = unknown.length > 0 ? [] : streamProblems(scenario);
  const problems = [...unknown, ...streams, ...perPattern.flat()];
  if (problems.length > 0) throw loaded.reject(problems);
}

async function patternProblems(pattern: Pattern, index: number): Promise<Problem[]> {
  const path = ['patterns', index];
  const names = transportNames();
  if (!names.includes(pattern.transport)) {
    const message = `Expected one of ${names.join(', ')}, found ${pattern.transport}${guess(pattern.transport, names)}`;
    return [{ path: [...path, 'transport'], message }];
  }
  const definition = await loadTransportDefinition(pattern.transport);
  const problems: Problem[] = [];
  if (!definition.interactions.includes(pattern.interaction)) {
    const message = `Expected an interaction that ${definition.title} offers (${definition.interactions.join(', ')}), found ${pattern.interaction}`;
    problems.push({ path: [...path, 'interaction'], message });
  }
  const options = definition.options.safeParse(pattern.options);
  for (const issue of options.success ? [] : options.error.issues) {
    const found = problemsOf(
      issue,
      pattern.options,
      z.toJSONSchema(definition.options, { io: 'input' }) as JsonSchema,
    );
    problems.push(...found.map((p) => ({ ...p, path: [...path, 'options', ...p.path] })));
  }
  return problems;
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
