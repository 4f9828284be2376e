import { CommbenchError } from '../../kernel/errors.ts';
import { guess } from '../../scenario/load/guess.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';

/**
 * Ids that options name must be rows of the scenario.
 * @throws CommbenchError bad-option with the nearest match
 */
export function checkPatterns(scenario: Scenario, named: Readonly<Record<string, readonly string[]>>): void {
  const known = scenario.patterns.map((pattern) => pattern.id);
  refuseUnknown(`a pattern of ${scenario.name}`, known, named);
}

/** The same of variants. @throws CommbenchError bad-option */
export function checkVariants(scenario: Scenario, named: readonly string[], option = '--variants'): void {
  const known = scenario.variants.map((variant) => variant.id);
  refuseUnknown(`a variant of ${scenario.name}`, known, { [option]: named });
}

function refuseUnknown(
  what: string,
  known: readonly string[],
  named: Readonly<Record<string, readonly string[]>>,
): void {
  const expected = `${what} (${known.join(', ') || 'it has none'})`;
  const unknown = Object.entries(named).flatMap(([option, ids]) =>
    ids
      .filter((id) => !known.includes(id))
      .map((id) => `${option}: Expected ${expected}, found ${id}${guess(id, known)}`),
  );
  if (unknown.length > 0) throw new CommbenchError('bad-option', unknown.join('\n'));
}
