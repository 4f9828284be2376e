import { CommbenchError } from '../../kernel/errors.ts';
import { excludedParts } from '../../plan/paired-scenario.ts';
import { loadScenario } from '../../scenario/load/load.ts';
import type { Override } from '../../scenario/load/override.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { loadCatalogue } from '../../transports/discover.ts';
import type { PairedFaults } from './paired-faults.ts';

/**
 * A scenario with these changes, under the faults of a comparison.
 * @param option that a message about the faults begins with
 * @throws CommbenchError bad-scenario; bad-option where only the faults do not fit it
 */
export async function loadPaired(
  option: string,
  { name, faults }: { readonly name: string; readonly faults: PairedFaults },
  overrides: readonly Override[],
): Promise<Scenario> {
  const catalogue = await loadCatalogue();
  const load = async (some: PairedFaults) =>
    (await loadScenario(name, [...overrides, ...replacedParts(some)], catalogue)).scenario;
  const plain = await load({ kind: 'latency', faults: [] });
  if (faults.faults.length === 0) return plain;
  return load(faults).catch((error: unknown) => {
    const names = faults.faults.map(({ do: what, on = 'service' }) => `${what} on ${on}`).join(', ');
    throw new CommbenchError(
      'bad-option',
      `${option}: its services do not have what the faults strike: ${names}`,
      { hint: 'Choose what has it, other faults with --case, or no faults: --no-faults.', cause: error },
    );
  });
}

/** Replaces what is not run, and so cannot be changed; the faults of a case become the scenario's own. */
function replacedParts({ kind, faults }: PairedFaults): Override[] {
  const parts = { ...excludedParts(kind), faults };
  return Object.entries(parts).map(([path, value]) => ({ origin: path, path, value }));
}
