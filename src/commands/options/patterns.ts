import { CommbenchError } from '../../kernel/errors.ts';
import type { Override } from '../../scenario/load/override.ts';
import { loadScenario } from '../../scenario/load/load.ts';
import { loadCatalogue } from '../../transports/discover.ts';
import { guess } from '../../scenario/load/guess.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';

/**
 * The scenario that a command was asked for, checked against every transport.
 * @param named ids of its patterns that options name
 * @throws CommbenchError bad-scenario, bad-option
 */
export async function loadAsked(
  name: string,
  overrides: readonly Override[],
  named: Readonly<Record<string, readonly string[] | undefined>>,
): Promise<Scenario> {
  const { scenario } = await loadScenario(name, overrides, await loadCatalogue());
  checkPatterns(scenario, named);
  return scenario;
}

/**
 * Checks that ids named by options are patterns of the scenario.
 * @throws CommbenchError bad-option with the nearest match
 */
export function checkPatterns(
  scenario: Scenario,
  named: Readonly<Record<string, readonly string[] | undefined>>,
): void {
  const known = scenario.patterns.map((pattern) => pattern.id);
  refuseUnknown(`a pattern of ${scenario.name}`, known, named);
}

/** The same for variants. @throws CommbenchError bad-option */
export function checkVariants(scenario: Scenario, named: readonly string[], option = '--variants'): void {
  const known = scenario.variants.map((variant) => variant.id);
  refuseUnknown(`a variant of ${scenario.name}`, known, { [option]: named });
}

function refuseUnknown(
  what: string,
  known: readonly string[],
  named: Readonly<Record<string, readonly string[] | undefined>>,
): void {
  const expected = `${what} (${known.join(', ') || 'it has none'})`;
  const unknown = Object.entries(named).flatMap(([option, ids = []]) =>
    ids
      .filter((id) => !known.includes(id))
      .map((id) => `${option}: Expected ${expected}, found ${id}${guess(id, known)}`),
  );
  if (unknown.length > 0) throw new CommbenchError('bad-option', unknown.join('\n'));
}
