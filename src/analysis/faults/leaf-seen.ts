import type { Scenario } from '../../scenario/schema/schema.ts';
import { addEdges, type EdgeTotals, leafOf, edgeTotalsInto } from './edge-totals.ts';
import type { FaultTrials } from './fault-trials.ts';
import { harmedPhases } from './stages.ts';

/** The last service that is waited for, and the edges into it. */
export interface LeafSeen {
  readonly leaf: string;
  readonly seen: EdgeTotals;
}

/** Totals of the edges into the leaf, during the faults. */
export function leafTotals(line: FaultTrials, scenario: Scenario): LeafSeen | undefined {
  const each = line.trials.flatMap((trial) => {
    const leaf = trial.hops ? leafOf(trial.hops) : undefined;
    const names = harmedPhases(trial, scenario).map(({ name }) => name);
    return leaf === undefined ? [] : [{ leaf, seen: edgeTotalsInto(trial, leaf, names) }];
  });
  const [first] = each;
  return first && { leaf: first.leaf, seen: addEdges(each.map(({ seen }) => seen)) };
}
