import type { Override } from '../../scenario/load/override.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { edgeId } from '../../scenario/schema/topology-schema.ts';

/** The changes of a variant as overrides, which turn the scenario itself into that variant. */
export function variantOverrides(scenario: Scenario, id: string, origin: string): Override[] {
  const { contract, mix, load, service, services, edges } = scenario.variants.find((v) => v.id === id)!;
  const entries = (at: string, values: object) =>
    Object.entries(values).flatMap(([key, value]) =>
      key === 'id' ? [] : [[`${at}.${key}`, value] as const],
    );
  const set = [
    ...Object.entries({ contract, mix, load }).filter(([, value]) => value !== undefined),
    ...entries('service', service ?? {}),
    ...(services ?? []).flatMap((one) => entries(`services.${one.id}`, one)),
    // By place: most edges have no id of their own in the file.
    ...(edges ?? []).flatMap((one) => {
      return entries(`edges.${scenario.edges.findIndex((edge) => edgeId(edge) === one.id)}`, one);
    }),
  ];
  return set.map(([path, value]) => ({ origin, path, value }));
}
