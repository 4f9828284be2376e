import { contractByName, contractVersionByName, operationByName } from '../../contracts/contracts.ts';
import { isStream } from '../../contracts/interactions.ts';
import { streamShapeOf } from '../../contracts/stream-shape.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Pattern, Scenario } from '../schema/schema.ts';
import type { Problem } from './problem.ts';

/** Unknown contracts and operations. */
export function contractProblems({ contract, mix, variants, patterns }: Scenario): Problem[] {
  const ofPatterns = patterns.flatMap((pattern, i) =>
    pattern.mix === undefined ? [] : mixProblems(contract, pattern.mix, ['patterns', i, 'mix']),
  );
  const ofVariants = variants.flatMap((variant, i) => {
    const at = ['variants', i];
    // Unchanged values were checked with the scenario.
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

/** Problems of a mix under a known contract; an unknown one is already reported. */
function mixProblems(name: string, mix: Scenario['mix'], at: Problem['path']): Problem[] {
  const found = problemIn([], () => contractByName(name));
  if ('problem' in found) return [];
  return mix.flatMap(({ operation }, i) => {
    const named = problemIn([...at, i, 'operation'], () => operationByName(found.value, operation));
    return 'problem' in named ? [named.problem] : [];
  });
}

/** Turns an error about one name into a problem among others. */
function problemIn<T>(path: Problem['path'], look: () => T): { value: T } | { problem: Problem } {
  try {
    return { value: look() };
  } catch (error) {
    if (!(error instanceof CommbenchError)) throw error;
    return { problem: { path, message: [error.message, error.hint].filter(Boolean).join('. ') } };
  }
}

/** The operations a pattern is sent, and their path. */
interface Asked {
  readonly contract: string;
  readonly mix: Scenario['mix'];
  readonly path: Problem['path'];
}

/** A streaming operation needs a pattern with streams, and vice versa. Unknown contracts and operations are skipped. */
export function streamProblems(scenario: Scenario): Problem[] {
  if (contractProblems(scenario).length > 0) return [];
  const problems = scenario.patterns.flatMap((pattern, i) =>
    // A target has operations of its own.
    Object.hasOwn(scenario.targets, pattern.id)
      ? []
      : asks(scenario, pattern, i).flatMap((asked) => streamProblemOf(pattern, asked) ?? []),
  );
  // One mix of several patterns is reported once.
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** Mixes of the scenario or the pattern itself, and of each variant that changes them. */
function asks({ contract, mix, variants }: Scenario, pattern: Pattern, index: number): Asked[] {
  const base: Asked = pattern.mix
    ? { contract, mix: pattern.mix, path: ['patterns', index, 'mix'] }
    : { contract, mix, path: ['mix'] };
  const ofVariants = variants.flatMap((variant, i): Asked[] => {
    if (variant.contract === undefined && variant.mix === undefined) return [];
    const path = ['variants', i, variant.mix ? 'mix' : 'contract'];
    return [{ contract: variant.contract ?? contract, mix: variant.mix ?? base.mix, path }];
  });
  return [base, ...ofVariants];
}

function streamProblemOf({ id, interaction }: Pattern, { contract, mix, path }: Asked): Problem | undefined {
  const names = mix.map(({ operation }) => operation).join(', ');
  try {
    const streams = streamShapeOf(contractByName(contract), mix) !== undefined;
    if (streams === isStream(interaction)) return undefined;
    const expected = streams ? 'with a single reply' : 'that stream';
    return {
      path,
      message: `The pattern ${id} is ${interaction} and needs operations ${expected}, found ${names}`,
    };
  } catch (error) {
    if (error instanceof CommbenchError) return { path, message: error.message };
    throw error;
  }
}

/** Unknown versions of a contract, and versions where no single service of ours could serve them. */
export function versionProblems({ contract, service, variants, services, targets }: Scenario): Problem[] {
  const asked = [
    { contract, version: service.contractVersion, path: ['service', 'contractVersion'] },
    ...variants.map((variant, i) => ({
      contract: variant.contract ?? contract,
      version: variant.service?.contractVersion ?? null,
      path: ['variants', i, 'service', 'contractVersion'],
    })),
  ];
  return asked.flatMap(({ contract: name, version, path }) => {
    if (version === null) return [];
    const why = whyNoVersion(services.length, Object.keys(targets).length);
    if (why !== undefined) return [{ path, message: why }];
    const known = problemIn([], () => contractByName(name));
    if ('problem' in known) return [];
    const found = problemIn(path, () => contractVersionByName(known.value, version));
    return 'problem' in found ? [found.problem] : [];
  });
}

function whyNoVersion(services: number, targets: number): string | undefined {
  if (services > 0) return 'A version of the contract is served by a single service: leave out `services`';
  if (targets > 0) return 'A version of the contract is served by services of commbench: leave out `targets`';
  return undefined;
}
