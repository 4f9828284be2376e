import { isAnswered } from '../contracts/interactions.ts';
import { operationChooser } from '../kernel/operation-choice.ts';
import { fanOutOf, goesOver, type Topology } from '../kernel/topology.ts';
import { type FanOutAt, fanOutAt } from '../measure/figures/fan-out.ts';
import type { TrialSpec } from './spec.ts';

/** How often each service (or subscriber) of a trial executes an arrival when nothing fails. */
export function fanOutIn({ system: { topology, pattern }, seed, load: { mix } }: TrialSpec): FanOutAt {
  return fanOutAt(topology, pattern.subscribers, operationChooser({ seed, mix }));
}

/**
 * The same for work that the caller's reply does not wait for. Work that a reply waits for is done when the reply
 * comes, or never (an edge's fallback replied). Quiescence need not wait for it.
 */
export function lateWorkIn(spec: TrialSpec): FanOutAt {
  const { topology, pattern } = spec.system;
  if (!topology) return fanOutIn(spec);
  const operationAt = operationChooser({ seed: spec.seed, mix: spec.load.mix });
  const known = new Map<string, readonly number[]>();
  return (index) => {
    const operation = operationAt(index);
    const found = known.get(operation) ?? lateOf(topology, operation, pattern.interaction);
    known.set(operation, found);
    return found;
  };
}

function lateOf(topology: Topology, operation: string, interaction: string): number[] {
  const fanOut = fanOutOf(topology, operation);
  const taken = topology.edges.filter((edge) => goesOver(edge, operation));
  const late = new Set(isAnswered(interaction) ? [] : [0]);
  for (const { from, to, isAnswered: isAwaited } of taken) if (!isAwaited && fanOut[from]! > 0) late.add(to);
  // Sets iterate over additions too, so this covers all services behind.
  for (const at of late) for (const { from, to } of taken) if (from === at) late.add(to);
  return fanOut.map((times, i) => (late.has(i) ? times : 0));
}
