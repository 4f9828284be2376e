import { isStream } from '../../contracts/interactions.ts';
import { contractByName } from '../../contracts/contracts.ts';
import { streamShapeOf } from '../../contracts/stream-shape.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Problem } from '../../scenario/rules/problem.ts';
import type { Pattern, Scenario } from '../../scenario/schema/schema.ts';

/** What a row is asked, and where that stands. */
interface Asked {
  readonly contract: string;
  readonly mix: Scenario['mix'];
  readonly path: Problem['path'];
}

/** Operations that stream, and rows of server-stream, must meet. Of a scenario whose contracts and operations exist. */
export function streamProblems(scenario: Scenario): Problem[] {
  const problems = scenario.patterns.flatMap((pattern, i) =>
    asks(scenario, pattern, i).flatMap((asked) => problemOf(pattern, asked) ?? []),
  );
  // One mix of several rows is wrong once.
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** By the scenario or the pattern itself, and by each variant that changes it. */
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

function problemOf({ id, interaction }: Pattern, { contract, mix, path }: Asked): Problem | undefined {
  const names = mix.map(({ operation }) => operation).join(', ');
  try {
    const streams = streamShapeOf(contractByName(contract), mix) !== undefined;
    if (streams === isStream(interaction)) return undefined;
    const expected = streams ? 'that answer once' : 'that stream';
    return {
      path,
      message: `Expected operations ${expected}, as the pattern ${id} is ${interaction}, found ${names}`,
    };
  } catch (error) {
    if (error instanceof CommbenchError) return { path, message: error.message };
    throw error;
  }
}
