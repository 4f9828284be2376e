import { CommbenchError } from '../kernel/errors.ts';
import { guess } from '../scenario/problem.ts';
import type { Scenario } from '../scenario/schema.ts';

/**
 * Ids that options name must be rows of the scenario.
 * @throws CommbenchError bad-option with the nearest match
 */
export function checkRows(scenario: Scenario, named: Readonly<Record<string, readonly string[]>>): void {
  const known = scenario.patterns.map((pattern) => pattern.id);
  const unknown = Object.entries(named).flatMap(([option, ids]) =>
    ids
      .filter((id) => !known.includes(id))
      .map(
        (id) =>
          `${option}: Expected a row of ${scenario.name} (${known.join(', ')}), found ${id}${guess(id, known)}`,
      ),
  );
  if (unknown.length > 0) throw new CommbenchError('bad-option', unknown.join('\n'));
}
