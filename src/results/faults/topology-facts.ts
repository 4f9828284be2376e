import { topologyOf } from '../../scenario/topology.ts';
import { formatMs } from '../format.ts';
import type { Result } from '../record.ts';
import { variantsOf } from '../row.ts';
import type { Facts } from '../view.ts';

/** Who calls whom with which capacity and under which policies, variant by variant; empty without a topology. */
export function topologyFacts(result: Result): Facts[] {
  const { scenario } = result;
  const variants = variantsOf(result);
  const each = variants.length > 0 ? variants : [null];
  return each.flatMap((variant) => {
    const topology = topologyOf(scenario, variant?.id ?? null);
    if (!topology) return [];
    const { services, edges } = topology;
    return [
      {
        title: variant?.title ?? 'Topology',
        facts: [
          ...services.map(({ id, slots, queue, holdMs, idempotent }): readonly [string, string] => [
            id,
            `${slots} slots × ${formatMs(holdMs)}, queue ${queue}${idempotent ? ', idempotent' : ''}`,
          ]),
          ...edges.map(({ from, to, transport, interaction, policies }): readonly [string, string] => [
            `${services[from]!.id} → ${services[to]!.id}`,
            [
              `${transport} ${interaction}`,
              ...policies.map(({ policy, ...options }) => policy + optionsText(options)),
            ].join(', '),
          ]),
        ],
      },
    ];
  });
}

function optionsText(options: Readonly<Record<string, unknown>>): string {
  const set = Object.entries(options).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return set.length === 0 ? '' : ` (${set.join(', ')})`;
}
