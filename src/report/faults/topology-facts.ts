import { policyByName } from '../../policies/policies.ts';
import { topologyOf } from '../../scenario/schema/topology.ts';
import type { TopologyService } from '../../scenario/schema/topology-schema.ts';
import { formatMs, formatShare } from '../format.ts';
import { patienceText } from '../patience-text.ts';
import type { Result } from '../../record/record.ts';
import { variantsOf } from '../../analysis/patterns/pattern-result.ts';
import type { Facts } from '../view.ts';

/** Services with their capacity, and edges with their policies, variant by variant; empty without a topology. */
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
          ...services.map((service): readonly [string, string] => [service.id, serviceText(service)]),
          ...edges.map(
            ({ from, to, transport, interaction, policies, patience }): readonly [string, string] => [
              `${services[from]!.id} → ${services[to]!.id}`,
              [
                `${transport} ${interaction}`,
                ...policies.map(({ policy, ...options }) => policy + optionsText(policy, options)),
                ...(patience === 'refuse' ? [] : [`while it is away: ${patienceText(patience)}`]),
              ].join(', '),
            ],
          ),
        ],
      },
    ];
  });
}

function serviceText({ concurrency, queue, processingMs, idempotent, errorShare }: TopologyService): string {
  return [
    `concurrency ${concurrency} × ${formatMs(processingMs)}`,
    `queue ${queue}`,
    ...(idempotent ? ['idempotent'] : []),
    ...(errorShare > 0 ? [`${formatShare(errorShare)} everyday errors`] : []),
  ].join(', ');
}

/** Options that differ from the policy's defaults. */
function optionsText(policy: string, options: Readonly<Record<string, unknown>>): string {
  const defaults = policyByName(policy).options.partial().safeParse({}).data ?? {};
  const own = Object.entries(options).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults[name]),
  );
  const texts = own.map(([name, value]) => `${name} ${JSON.stringify(value).replaceAll('"', '')}`);
  return texts.length === 0 ? '' : ` (${texts.join(', ')})`;
}
