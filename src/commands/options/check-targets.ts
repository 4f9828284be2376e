import { CommbenchError } from '../../kernel/errors.ts';
import type { Pattern, Scenario } from '../../scenario/schema/schema.ts';
import { loadTransportDefinition } from '../../transports/discover.ts';
import { hiddenIn } from '../../scenario/load/target-secrets.ts';
import { targetInteractionProblem, urlProblem } from '../../scenario/rules/target-rules.ts';
import { checkPatterns } from './patterns.ts';

/**
 * Checks, before anything is started, that every --target belongs to a pattern that is run and is a URL that its
 * transport can drive.
 * @param patterns ids of the patterns that are run; undefined: all
 * @throws CommbenchError bad-option
 */
export async function checkTargets(
  scenario: Scenario,
  patterns: readonly string[] | undefined,
  targets: Readonly<Record<string, string>>,
): Promise<void> {
  refuseHidden(scenario, targets);
  checkPatterns(scenario, { '--target': Object.keys(targets) });
  for (const [id, url] of Object.entries(targets)) {
    if (patterns && !patterns.includes(id)) {
      throw new CommbenchError(
        'bad-option',
        `--target ${id}: this pattern is not among those of --patterns (${patterns.join(', ')})`,
        { hint: `Add ${id} to --patterns, or omit its --target.` },
      );
    }
    await checkUrl(
      scenario.patterns.find((pattern) => pattern.id === id)!,
      url,
    );
  }
}

/** @throws CommbenchError bad-scenario of a stored scenario that lacks its secrets */
function refuseHidden({ targets }: Scenario, given: Readonly<Record<string, string>>): void {
  const hidden = Object.entries(targets).flatMap(([id, target]) => {
    const names = hiddenIn(target).filter((name) => name !== 'url' || given[id] === undefined);
    return names.map((name) => `targets.${id}.${name}`);
  });
  if (hidden.length === 0) return;
  throw new CommbenchError(
    'bad-scenario',
    `The stored scenario lacks ${hidden.join(', ')}, which was removed as secret`,
    { hint: 'Run the scenario file again. A value written as {{env NAME}} can be replayed.' },
  );
}

async function checkUrl({ id, transport, interaction }: Pattern, url: string): Promise<void> {
  const definition = await loadTransportDefinition(transport);
  if (!definition.target) {
    throw new CommbenchError(
      'bad-option',
      `--target ${id}: ${definition.title} cannot drive a server of your own`,
      { hint: 'For a pattern with a broker, use your own broker: --broker NAME=URL.' },
    );
  }
  const problem = urlProblem(definition, url);
  if (problem !== undefined) {
    throw new CommbenchError('bad-option', `--target ${id}: ${problem}`, {
      hint: `Pass another URL: --target ${id}=URL`,
    });
  }
  const other = targetInteractionProblem(definition, { interaction });
  if (other !== undefined) throw new CommbenchError('bad-option', `--target ${id}: ${other}`);
}
