import { z } from 'zod';
import { MAX_DURATION_MS } from '../kernel/load-shape.ts';
import { definitionsBeside } from '../platform/definitions.ts';
import type { FaultDefinition, FaultLayer } from './fault.ts';

const LAYERS: readonly FaultLayer[] = ['process', 'application', 'connection', 'load', 'policy'];

const measured = await definitionsBeside<FaultDefinition>(import.meta.filename);

/** Every fault of this folder, in the order of `commbench list faults`: by layer, then by file. */
export const FAULTS: readonly FaultDefinition[] = LAYERS.flatMap((layer) =>
  measured.filter((fault) => fault.layer === layer),
);

/** @throws RangeError for an unknown name: names were validated with the scenario */
export function faultByName(name: string): FaultDefinition {
  const fault = measured.find((one) => one.name === name);
  if (!fault) throw new RangeError(`Expected a fault, found ${name}`);
  return fault;
}

/** Whether a fault of this name can do harm: a switch of policies by itself does none, and cuts no phase. */
export function isHarmful({ do: name }: { readonly do: string }): boolean {
  return faultByName(name).layer !== 'policy';
}

/** Time on a trial's timeline, counted from the start of its measured load. */
const when = {
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name of a-z, 0-9 and -, at most 40 long')
    .optional()
    .describe('name of its phase in tables; default: the kind of fault'),
  on: z
    .string()
    .min(1)
    .max(81)
    .optional()
    .describe('id of a service or an edge, or name of a broker; without services: service'),
  atMs: z.number().int().min(0).max(MAX_DURATION_MS).describe('start, from the beginning of the load'),
  forMs: z.number().int().min(1).max(MAX_DURATION_MS).describe('duration'),
};

/** One entry of a scenario's `faults`: its time, target, kind, and the kind's own options. */
export type FaultSpec = {
  readonly do: string;
  readonly id?: string | undefined;
  readonly on?: string | undefined;
  readonly atMs: number;
  readonly forMs: number;
} & Readonly<Record<string, unknown>>;

export const faultSpecSchema = z.discriminatedUnion(
  'do',
  FAULTS.map(({ name, options }) => options.extend({ do: z.literal(name), ...when })) as never,
) as z.ZodType<FaultSpec>;
