import type { StoredEdge, StoredHops, StoredTrial } from '../pages/stored.ts';
import { type FaultLine, harmfulFaults, phasesWith } from './faults.ts';
import { addUp, isAnswered } from './patterns.ts';

type EdgePhase = StoredEdge['phases'][number];

export function edgePhases(edges: readonly StoredEdge[], names: readonly string[]): EdgePhase[] {
  return edges.flatMap(({ phases }) => phases.filter(({ name }) => names.includes(name)));
}

/** Attempts over those that are due when nothing fails; null: none are. */
export function amplification(phases: readonly EdgePhase[]): number | null {
  const due = addUp(phases, ({ expected }) => expected);
  return due === 0 ? null : addUp(phases, ({ attempts }) => attempts) / due;
}

/** The last service of the longest chain of calls that are waited for, and the edges into it while faults were on. */
export function leafOf({ record, trials }: FaultLine) {
  const each = trials.flatMap((trial) => {
    const leaf = trial.hops ? deepest(trial.hops) : undefined;
    if (leaf === undefined) return [];
    const names = phasesWith(harmfulFaults(record, trial), trial.phases).map(({ name }) => name);
    return [{ leaf, phases: edgePhases(edgesInto(trial, leaf), names) }];
  });
  return each[0] && { leaf: each[0].leaf, phases: each.flatMap(({ phases }) => phases) };
}

function edgesInto({ hops }: StoredTrial, service: string): StoredEdge[] {
  return (hops?.edges ?? []).filter(({ to }) => to === service);
}

function deepest({ edges, services }: StoredHops): string | undefined {
  const awaited = edges.filter(({ interaction }) => isAnswered(interaction));
  const lengthTo = (service: string): number => {
    if (service === services[0]?.id) return 0;
    const from = awaited.filter(({ to }) => to === service).map((edge) => lengthTo(edge.from));
    return from.length === 0 ? -Infinity : 1 + Math.max(...from);
  };
  const found = services.map(({ id }) => ({ id, length: lengthTo(id) })).filter(({ length }) => length > 0);
  return found.toSorted((a, b) => b.length - a.length)[0]?.id;
}
