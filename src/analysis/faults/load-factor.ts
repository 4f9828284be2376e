import { NS_PER_MS } from '../../kernel/clock.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import type { FaultRecord } from '../../record/record.ts';

/** Factor by which a fault of the load multiplies its rate. */
export function factorOf({ id, do: what, plannedAtNs }: FaultRecord, scenario: Scenario): number {
  const specs = [...scenario.faults, ...scenario.cases.flatMap(({ faults }) => faults)];
  const isIts = (spec: (typeof specs)[number]) =>
    spec.do === what &&
    spec.atMs === plannedAtNs / NS_PER_MS &&
    [id, withoutNumber(id)].includes(spec.id ?? what);
  return Number(specs.find(isIts)?.['factor'] ?? 1);
}

/** Repeated ids are numbered when faults are planned. */
function withoutNumber(id: string | null): string | undefined {
  return id?.replace(/-\d+$/, '');
}
