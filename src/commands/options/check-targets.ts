import { CommbenchError } from '../../kernel/errors.ts';
import type { Pattern, Scenario } from '../../scenario/schema/schema.ts';
import { loadTransportDefinition } from '../../transports/discover.ts';
import { hiddenIn } from '../../scenario/load/target-secrets.ts';
import { targetInteractionProblem, urlProblem } from '../../scenario/rules/target-rules.ts';
import { checkPatterns } from './patterns.ts';

/**
 * Every --target must belong to a row that is run, and be a URL that its transport can drive: found
 * out before anything is started.
 * @param patterns ids of the rows that are run; undefined: all
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
        `--target: Expected one of the chosen patterns (${patterns.join(', ')}), found ${id}`,
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
    { hint: 'Run its file again; a value of {{env NAME}} can be replayed.' },
  );
}

async function checkUrl({ id, transport, interaction }: Pattern, url: string): Promise<void> {
  const definition = await loadTransportDefinition(transport);
  if (!definition.target) {
    throw new CommbenchError(
      'bad-option',
      `--target: Expected a pattern whose transport can drive a server of your own, found ${id} (${definition.title})`,
      { hint: 'For a pattern with a broker, use a broker of your own: --broker NAME=URL.' },
    );
  }
  const problem = urlProblem(definition, url);
  if (problem !== undefined) {
    throw new CommbenchError('bad-option', `--target ${id}: ${problem}`, {
      hint: `Give it again: --target ${id}=URL`,
    });
  }
  const other = targetInteractionProblem(definition, { interaction });
  if (other !== undefined) throw new CommbenchError('bad-option', `--target ${id}: ${other}`);
}
