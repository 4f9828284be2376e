import { isStream } from '../../contracts/interactions.ts';
import { z } from 'zod';
import { didYouMean } from '../../kernel/nearest.ts';
import { type Breach, repeatedIds, rule } from './rule.ts';
import { interactionSchema } from '../schema/fields.ts';
import { edgeId, edgeSchema, topologyFields } from '../schema/topology-schema.ts';

const withIds = z.array(z.object({ id: z.string() }));
const wires = { services: withIds, edges: z.array(edgeSchema) };
interface Wires {
  readonly services: readonly { readonly id: string }[];
  readonly edges: readonly z.infer<typeof edgeSchema>[];
}
/** The part of a variant that changes a topology. */
const changes = z.array(
  z.looseObject({
    service: z.unknown().optional(),
    services: withIds.optional(),
    edges: z.array(z.looseObject({ id: z.string(), policies: z.array(z.unknown()).optional() })).optional(),
  }),
);
type Changes = z.infer<typeof changes>;

const patternsSchema = z.array(z.looseObject({ interaction: interactionSchema, subscribers: z.number() }));

/** Reserved values of a fault's `on`, forbidden as names of services and edges. Brokers: broker-name-rules.ts. */
const TAKEN = ['service', 'broker', 'generator', 'target'];

/** Settings that only apply beside faults, and their schemas. */
const watched = { faults: z.array(z.unknown()), cases: z.array(z.unknown()) };

/** Rules between the parts of a topology, and between it and the rest of a scenario. */
export const TOPOLOGY_RULES = [
  rule({ services: withIds }, ({ services }) => repeatedIds('services', idsOf(services))),
  rule({ edges: wires.edges }, ({ edges }) => repeatedEdges(edges)),
  rule({ cases: withIds }, ({ cases }) => repeatedIds('cases', idsOf(cases))),
  rule({ endpoints: topologyFields.endpoints }, ({ endpoints }) =>
    repeatedIds(
      'endpoints',
      endpoints.map(({ operation }) => operation),
      'operation',
    ),
  ),
  rule(wires, takenNames),
  rule(wires, wrongEnds),
  rule(wires, cycle),
  rule(wires, uncalled),
  rule({ services: withIds, variants: changes }, ({ services, variants }) =>
    unknownChanges(variants, 'services', idsOf(services)),
  ),
  rule({ edges: wires.edges, variants: changes }, ({ edges, variants }) =>
    unknownChanges(variants, 'edges', edges.map(edgeId)),
  ),
  rule({ services: withIds, variants: changes }, ({ services, variants }) =>
    services.length > 0 ? ownCapacity(variants) : [],
  ),
  rule({ services: withIds, patterns: patternsSchema }, firstServiceIsOne),
  rule({ services: withIds, endpoints: z.array(z.unknown()), ...watched }, (s) =>
    s.endpoints.length > 0 ? unwatched('endpoints', s) : [],
  ),
  rule({ services: withIds, objectiveMs: z.number(), ...watched }, (s) => unwatched('objectiveMs', s)),
];

function idsOf(entries: readonly { readonly id: string }[]): string[] {
  return entries.map(({ id }) => id);
}

function repeatedEdges(edges: Wires['edges']): Breach[] {
  return repeatedIds('edges', edges.map(edgeId)).map(({ path, message }) => {
    const edge = edges[path[1] as number]!;
    const hint = edge.id === undefined ? '. Give it an id of its own' : '';
    return { path: edge.id === undefined ? path.slice(0, 2) : path, message: `${message}${hint}` };
  });
}

/** Names are unique, as a fault refers to its target by one name. */
function takenNames({ services, edges }: Wires): Breach[] {
  const names = [
    ...services.map(({ id }, i) => ({ id, path: ['services', i, 'id'], others: TAKEN })),
    ...edges.map((edge, i) => {
      return { id: edgeId(edge), path: ['edges', i, 'id'], others: [...TAKEN, ...idsOf(services)] };
    }),
  ];
  return names.flatMap(({ id, path, others }) =>
    others.includes(id)
      ? [{ path, message: `The name ${id} is reserved or used already: choose another one` }]
      : [],
  );
}

function wrongEnds({ services, edges }: Wires): Breach[] {
  const ids = idsOf(services);
  if (ids.length === 0) {
    const message = '`edges` need `services`';
    return edges.length > 0 ? [{ path: ['edges'], message }] : [];
  }
  return edges.flatMap(({ from, to }, i): Breach[] => {
    const unknown = (['from', 'to'] as const).flatMap((end): Breach[] => {
      const id = end === 'from' ? from : to;
      if (ids.includes(id)) return [];
      return [
        { path: ['edges', i, end], message: `Expected a service, found ${id}. ${didYouMean(id, ids)}` },
      ];
    });
    if (from === to) {
      return [
        ...unknown,
        {
          path: ['edges', i, 'to'],
          message: `The service ${to} cannot call itself`,
        },
      ];
    }
    if (to !== ids[0]) return unknown;
    const message = `Only the generator calls the first service, ${to}: choose another one`;
    return [...unknown, { path: ['edges', i, 'to'], message }];
  });
}

/** One cycle, with its services; edges to the caller itself and to the first service are already reported. */
function cycle({ services, edges }: Wires): Breach[] {
  const ids = idsOf(services);
  const inner = edges.filter(({ from, to }) => from !== to && to !== ids[0]);
  const found = ids.map((id) => pathBack(id, inner)).find((route) => route !== undefined);
  if (!found) return [];
  const closing = edges.findLastIndex((edge) => {
    const at = found.indexOf(edge.from);
    return at >= 0 && found[at + 1] === edge.to;
  });
  const message = `Services call each other in a cycle: ${found.join(' → ')}; each would wait for its own reply`;
  return [{ path: ['edges', closing], message }];
}

/** The shortest path along edges from a service to itself, its id at both ends. */
function pathBack(id: string, edges: Wires['edges']): string[] | undefined {
  const paths: string[][] = [[id]];
  const seen = new Set<string>();
  // Iterates over paths appended meanwhile.
  for (const route of paths) {
    for (const { from, to } of edges) {
      if (from !== route.at(-1)) continue;
      if (to === id) return [...route, to];
      if (!seen.has(to)) paths.push([...route, to]);
      seen.add(to);
    }
  }
  return undefined;
}

function uncalled({ services, edges }: Wires): Breach[] {
  // A mistyped `to` is already reported, and is not to be reported twice.
  if (edges.some(({ to }) => !idsOf(services).includes(to))) return [];
  return services.slice(1).flatMap(({ id }, i): Breach[] => {
    if (edges.some(({ to }) => to === id)) return [];
    const message = `No edge leads to the service ${id}, and the generator calls only the first one`;
    return [{ path: ['services', i + 1, 'id'], message }];
  });
}

function unknownChanges(variants: Changes, list: 'services' | 'edges', known: readonly string[]): Breach[] {
  return variants.flatMap((variant, v) => {
    const ids = idsOf(variant[list] ?? []);
    const unknown = ids.flatMap((id, i): Breach[] => {
      if (known.includes(id)) return [];
      const what = list === 'edges' ? "an edge's id" : "a service's id";
      const hint = known.length > 0 ? didYouMean(id, known) : `The scenario has no ${list}.`;
      return [{ path: ['variants', v, list, i, 'id'], message: `Expected ${what}, found ${id}. ${hint}` }];
    });
    const repeated = repeatedIds(list, ids).map((b) => ({ ...b, path: ['variants', v, ...b.path] }));
    return [...unknown, ...repeated];
  });
}

function ownCapacity(variants: Changes): Breach[] {
  return variants.flatMap(({ service }, v): Breach[] => {
    if (service === undefined) return [];
    const message = '`service` cannot be combined with `services`: change `services` by id';
    return [{ path: ['variants', v, 'service'], message }];
  });
}

/** Every pattern calls the first service, a single process, and gets one reply. */
function firstServiceIsOne({
  services,
  patterns,
}: {
  readonly services: readonly unknown[];
  readonly patterns: z.infer<typeof patternsSchema>;
}): Breach[] {
  if (services.length === 0) return [];
  return patterns.flatMap(({ interaction, subscribers }, i): Breach[] => {
    if (isStream(interaction)) {
      const message = 'server-stream cannot be combined with `services`: edges carry no streams';
      return [{ path: ['patterns', i, 'interaction'], message }];
    }
    if (subscribers === 1) return [];
    const message = `Several subscribers cannot be combined with \`services\`, found ${subscribers}: the first service is one process`;
    return [{ path: ['patterns', i, 'subscribers'], message }];
  });
}

function unwatched(
  name: string,
  { services, faults, cases }: { readonly [key in 'services' | 'faults' | 'cases']: readonly unknown[] },
): Breach[] {
  if (services.length + faults.length + cases.length > 0) return [];
  const message = `${name} has no effect without \`services\`, \`faults\` or \`cases\``;
  return [{ path: [name], message }];
}
