import { isUsedFor } from '../plan/kinds/kinds.ts';
import { faultByName } from '../faults/faults.ts';
import type { PlannedFault } from '../plan/kinds/timeline/timeline.ts';
import type { TrialSpec } from '../plan/spec.ts';

/**
 * Effect of the latest fault that still lasts: `service killed 1.2 s ago`. Taken from the plan, as it is for display
 * only.
 */
export function faultNow(
  { kind, faults }: Pick<TrialSpec, 'kind' | 'faults'>,
  atMs: number,
): string | undefined {
  if (isUsedFor(kind, 'control')) return undefined;
  const on = faults.filter((fault) => fault.atMs <= atMs && atMs < fault.atMs + fault.forMs);
  const last = on.toSorted((a, b) => a.atMs - b.atMs).at(-1);
  return last && `${whatOf(last)} ${((atMs - last.atMs) / 1000).toFixed(1)} s ago`;
}

function whatOf({ do: name, on, options }: PlannedFault): string {
  const { state, layer } = faultByName(name);
  return layer === 'load' ? `load ×${String(options['factor'])}` : `${on} ${state}`;
}
