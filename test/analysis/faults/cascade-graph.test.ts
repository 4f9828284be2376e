import { expect, test } from 'vitest';
import { cascadeGraphOf } from '../../../src/analysis/faults/cascade-graph.ts';
import { faultComparisonsOf } from '../../../src/analysis/faults/fault-comparison.ts';
import { namesFrom } from '../../../src/analysis/faults/work-seen.ts';
import { shopResult } from '../../support/faults.ts';

test('a hop has the calls from the fault on, and those that failed for its caller', () => {
  const comparisons = faultComparisonsOf(shopResult());
  const [comparison] = comparisons.filter(({ trials }) => trials[0]?.hops?.edges.length);
  const graph = cascadeGraphOf(comparison!)!;
  const [trial] = comparison!.trials;
  const names = namesFrom(trial!);
  const [edge] = trial!.hops!.edges;
  const phases = edge!.phases.filter(({ name }) => names.includes(name));
  const sum = (of: (phase: (typeof phases)[number]) => number) =>
    phases.reduce((n, phase) => n + of(phase), 0);
  const hop = graph.hops.find(({ from, to }) => from === edge!.from && to === edge!.to)!;
  expect(hop.calls).toBe(sum(({ calls }) => calls));
  expect(hop.lost).toBe(sum(({ calls, outcomes }) => calls - (outcomes.ok ?? 0)));
  expect(hop.lostShare).toBe(hop.lost / hop.calls);
  expect(hop.lost).toBeGreaterThan(0);
});

test('the load comes first, the struck service is faulted, and every service that is called is there', () => {
  for (const comparison of faultComparisonsOf(shopResult())) {
    const graph = cascadeGraphOf(comparison);
    if (!graph) continue;
    expect(graph.hops[0]).toMatchObject({ from: null, to: graph.services[0]!.id });
    const struck = comparison.trials.flatMap(({ faults }) => faults.map(({ on }) => on));
    expect(graph.services.filter(({ state }) => state === 'faulted').map(({ id }) => id)).toEqual(
      graph.services.map(({ id }) => id).filter((id) => struck.includes(id)),
    );
    const ids = graph.services.map(({ id }) => id);
    for (const { to } of graph.hops) expect(ids).toContain(to);
  }
});
