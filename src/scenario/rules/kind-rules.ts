import { z } from 'zod';
import { type LoadShape, MAX_ARRIVALS, MAX_BUSY_PER_S, peakPerS } from '../../kernel/load-shape.ts';
import type { TimelineSource } from '../../plan/kinds/kind.ts';
import { ASKED_KINDS, type AskedKind, isAskedFor, isUsedFor, timelineOf } from '../../plan/kinds/kinds.ts';
import type { Timeline } from '../../plan/kinds/timeline/timeline.ts';
import { ms } from '../../plan/kinds/timeline/duration.ts';
import { loadShapeSchema } from '../schema/load-shape-schema.ts';
import { kindFieldsThatAreRight } from '../schema/kind-fields.ts';
import { type Breach, rule } from './rule.ts';

const loads = z.array(z.looseObject({ load: loadShapeSchema.optional() }));
const timed = { load: loadShapeSchema, durationMs: ms(100), ...kindFieldsThatAreRight() };
type Timed = Pick<TimelineSource, 'load' | 'durationMs'>;

/** Rules between the fields of trial kinds and the rest of a scenario. */
export const KIND_RULES = [
  ...ASKED_KINDS.filter(({ name }) => isUsedFor(name, 'service-coupling', 'broker-coupling')).map((kind) =>
    rule({ deadlineMs: ms(1), [kind.runs.field]: kind.runs.schema }, (s) => lateDeadline(kind, s)),
  ),
  rule(timed, (s) => boundArrivals(['load'], s.load, longestMs(s))),
  rule(timed, tooManyWithOwnLoad),
  rule({ patterns: loads, ...timed }, (s) => tooManyIn('patterns', s.patterns, longestMs(s))),
  rule({ variants: loads, durationMs: ms(100) }, (s) => tooManyIn('variants', s.variants, s.durationMs)),
  rule(
    {
      services: z.array(z.unknown()),
      ...Object.fromEntries(
        ASKED_KINDS.filter(({ runs }) => runs.isOfOneService).map(({ runs }) => [runs.field, z.unknown()]),
      ),
    },
    ({ services, ...others }) => (services.length > 0 ? notOfTopologies(others) : []),
  ),
];

/** Coupling is the share served during the outage, so no call may outlast it. */
function lateDeadline(kind: AskedKind, s: Readonly<Record<string, unknown>>): Breach | undefined {
  const deadlineMs = Number(s['deadlineMs']);
  const mostMs = Math.min(...timelineIn(kind, s).faults.map(({ forMs }) => forMs / 4));
  if (deadlineMs <= mostMs) return undefined;
  const message = `Expected at most a quarter of ${kind.runs.field}.forMs (${mostMs}), found ${deadlineMs}`;
  return { path: ['deadlineMs'], message };
}

/** Duration of the longest trial with the scenario's own load. */
function longestMs(s: Timed): number {
  const lengths = ASKED_KINDS.map((kind) => timelineIn(kind, s)).filter(({ load }) => load === s.load);
  return Math.max(s.durationMs, ...lengths.map(({ durationMs }) => durationMs));
}

function tooManyWithOwnLoad(s: Timed): Breach[] {
  return ASKED_KINDS.flatMap((kind) => {
    const { load, durationMs } = timelineIn(kind, s);
    return load === s.load ? [] : (boundArrivals([kind.runs.field], load, durationMs) ?? []);
  });
}

const NO_TIME: Timeline = { load: { shape: 'steps', steps: [] }, durationMs: 0, phases: [], faults: [] };
const ANY_LOAD = { load: { shape: 'constant', ratePerS: 1 }, durationMs: 0 } as const;

/** Empty for a kind that the scenario does not ask for. */
function timelineIn(kind: AskedKind, s: object): Timeline {
  if (!isAskedFor(s, kind)) return NO_TIME;
  const scenario = { ...ANY_LOAD, services: [], faults: [], cases: [], ...s };
  return timelineOf({ kind: kind.name, case: null }, scenario, MAX_BUSY_PER_S);
}

type WithLoads = readonly { readonly load?: LoadShape | undefined }[];

function tooManyIn(name: 'patterns' | 'variants', entries: WithLoads, forMs: number): Breach | undefined {
  for (const [i, { load }] of entries.entries()) {
    const breach = load && boundArrivals([name, i, 'load'], load, forMs);
    if (breach) return breach;
  }
  return undefined;
}

function boundArrivals(path: Breach['path'], load: LoadShape, forMs: number): Breach | undefined {
  const arrivals = Math.ceil((peakPerS(load) * forMs) / 1000);
  if (arrivals <= MAX_ARRIVALS) return undefined;
  return { path, message: `Expected at most ${MAX_ARRIVALS} arrivals per trial, found ${arrivals}` };
}

/** Kinds of trial that take one service. */
function notOfTopologies(others: Readonly<Record<string, unknown>>): Breach[] {
  return Object.entries(others).flatMap(([name, value]): Breach[] => {
    if (value === null || value === undefined) return [];
    const message = `${name} measures a single service and cannot be combined with services: use \`faults\` or \`cases\``;
    return [{ path: [name], message }];
  });
}
