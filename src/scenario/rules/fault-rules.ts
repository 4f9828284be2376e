import { z } from 'zod';
import { faultByName, type FaultSpec, faultSpecSchema } from '../../faults/faults.ts';
import type { LoadFault } from '../../faults/fault.ts';
import { type LoadShape, MAX_RATE_PER_S } from '../../kernel/load-shape.ts';
import { ms } from '../../plan/kinds/timeline/duration.ts';
import { loadShapeSchema } from '../schema/load-shape-schema.ts';
import { type Breach, rule } from './rule.ts';

const timelines = {
  faults: z.array(faultSpecSchema),
  cases: z.array(z.looseObject({ faults: z.array(faultSpecSchema) })),
};
interface Timelines {
  readonly faults: readonly FaultSpec[];
  readonly cases: readonly { readonly faults: readonly FaultSpec[] }[];
}
const withIds = z.array(z.object({ id: z.string() }));
const ownLoads = z.array(z.looseObject({ load: loadShapeSchema.optional() }));

/** Rules on the faults of a trial's timeline. Their targets are checked where transports are known. */
export const FAULT_RULES = [
  rule(timelines, ({ faults, cases }) => {
    if (faults.length === 0 || cases.length === 0) return [];
    return { path: ['cases'], message: '`faults` and `cases` exclude each other: remove one of them' };
  }),
  rule({ ...timelines, durationMs: ms(100) }, (s) => placed(s).flatMap((at) => tooLate(at, s.durationMs))),
  rule(timelines, (s) => placed(s).flatMap(takenName)),
  rule({ ...timelines, services: withIds }, (s) => atOnce(placed(s), s.services[0]?.id ?? 'service')),
  rule({ ...timelines, load: loadShapeSchema, patterns: ownLoads, variants: ownLoads }, notConstant),
  rule({ ...timelines, load: loadShapeSchema }, tooFast),
];

export interface Placed {
  readonly fault: FaultSpec;
  readonly path: (string | number)[];
}

/** Every fault of a scenario with its path. */
export function placed({ faults, cases }: Timelines): Placed[] {
  return [
    ...faults.map((fault, i) => ({ fault, path: ['faults', i] })),
    ...cases.flatMap((one, c) => one.faults.map((fault, i) => ({ fault, path: ['cases', c, 'faults', i] }))),
  ];
}

function tooLate({ fault: { atMs, forMs }, path }: Placed, durationMs: number): Breach[] {
  const endMs = atMs + forMs;
  if (endMs <= durationMs) return [];
  const message = `The fault ends at ${endMs} ms, after the end of the trial (durationMs ${durationMs})`;
  return [{ path: [...path, 'forMs'], message }];
}

/** Names of phases without a fault: health's objective is derived from the one before the first fault. */
const PHASES = ['baseline', 'between', 'recovery'];

function takenName({ fault: { id }, path }: Placed): Breach[] {
  if (id === undefined || !PHASES.includes(id)) return [];
  const message = `The id ${id} is reserved for a phase without a fault: choose another one`;
  return [{ path: [...path, 'id'], message }];
}

/** Layers whose targets have one state at a time: a dead process cannot be frozen, and an edge has one rule. */
const ONE_AT_A_TIME = ['process', 'connection', 'policy'];

/** @param first target of a fault without `on` */
function atOnce(all: readonly Placed[], first: string): Breach[] {
  const layerOf = ({ fault }: Placed) => faultByName(fault.do).layer;
  const onOf = ({ fault }: Placed) => fault.on ?? first;
  return all.flatMap((one, i): Breach[] => {
    if (!ONE_AT_A_TIME.includes(layerOf(one))) return [];
    const isSame = (other: Placed) =>
      other !== one && isBeside(other, one) && onOf(other) === onOf(one) && layerOf(other) === layerOf(one);
    const overlap = all.slice(0, i).find((before) => {
      return (
        isSame(before) && (lastsAt(before.fault, one.fault.atMs) || lastsAt(one.fault, before.fault.atMs))
      );
    });
    const place = `Two faults of the layer ${layerOf(one)} on ${onOf(one)}`;
    if (overlap) {
      const { do: what, atMs, forMs } = overlap.fault;
      const message = `${place} overlap: ${what} lasts from ${atMs} to ${atMs + forMs} ms. Begin one after the other`;
      return [{ path: [...one.path, 'atMs'], message }];
    }
    const tooSoon = all.find((before) => isSame(before) && isStartingAt(before.fault, one.fault.atMs));
    if (!tooSoon) return [];
    const { do: what, atMs, forMs } = tooSoon.fault;
    const message = `${place} follow each other too soon: ${what} lasts until ${atMs + forMs} ms, and the restart after it takes time. Begin this one at ${atMs + forMs + RESTART_MS} ms or later, or make one fault of both`;
    return [{ path: [...one.path, 'atMs'], message }];
  });
}

function isOfLoad({ fault }: Placed): boolean {
  return faultByName(fault.do).layer === 'load';
}

/** A load fault's factor multiplies one constant rate. */
function notConstant(
  s: Timelines & {
    readonly load: LoadShape;
    readonly patterns: z.infer<typeof ownLoads>;
    readonly variants: z.infer<typeof ownLoads>;
  },
): Breach[] {
  if (!placed(s).some(isOfLoad)) return [];
  const loads: { load: LoadShape | undefined; path: (string | number)[] }[] = [
    { load: s.load, path: ['load'] },
    ...s.patterns.map(({ load }, i) => ({ load, path: ['patterns', i, 'load'] })),
    ...s.variants.map(({ load }, i) => ({ load, path: ['variants', i, 'load'] })),
  ];
  return loads.flatMap(({ load, path }): Breach[] => {
    if (load === undefined || load.shape === 'constant') return [];
    const message = `A fault of the load multiplies a constant rate: expected the shape constant, found ${load.shape}`;
    return [{ path: [...path, 'shape'], message }];
  });
}

/** The rate under load faults, alone or together, is bounded like any other. */
function tooFast(s: Timelines & { readonly load: LoadShape }): Breach[] {
  if (s.load.shape !== 'constant') return [];
  const { ratePerS } = s.load;
  const ofLoad = placed(s).filter(isOfLoad);
  return ofLoad.flatMap((one): Breach[] => {
    const together = ofLoad.filter((other) => isBeside(other, one) && lastsAt(other.fault, one.fault.atMs));
    const perS = together.reduce((rate, { fault }) => rate * factorOf(fault), ratePerS);
    if (perS <= MAX_RATE_PER_S) return [];
    const message = `Expected at most ${MAX_RATE_PER_S} arrivals per second during the fault, found ${perS}`;
    return [{ path: [...one.path, 'factor'], message }];
  });
}

/** Whether both are on the same timeline. */
function isBeside(a: Placed, b: Placed): boolean {
  return a.path.slice(0, -1).join('.') === b.path.slice(0, -1).join('.');
}

/** Time for a restart, the least before the next fault of its target: a broker may take longer, and its trial says so. */
const RESTART_MS = 1000;

/** Whether the fault is over by then, and its target still starts again. */
function isStartingAt({ do: what, atMs, forMs }: FaultSpec, instantMs: number): boolean {
  const fault = faultByName(what);
  const endMs = atMs + forMs;
  const restarts = fault.layer === 'process' && fault.restarts === true;
  return restarts && endMs <= instantMs && instantMs < endMs + RESTART_MS;
}

function lastsAt({ atMs, forMs }: FaultSpec, instantMs: number): boolean {
  return atMs <= instantMs && instantMs < atMs + forMs;
}

function factorOf({ do: name, ...options }: FaultSpec): number {
  return (faultByName(name) as LoadFault).factor(options);
}
