import { z } from 'zod';
import { outcomeCountsSchema, seriesSchema } from '../figures/figures.ts';

/**
 * What is computed of a `fault` or `control` trial beside the phases of the whole: who was healthy when, what
 * went over each edge, what each service spent. Everything belongs to the phase of its *arrival's* intended
 * instant (DESIGN 5). Integer ns from the start of the measured load unless a name says otherwise.
 */

/** So many consecutive arrivals, by their intended instants, are one window of health. */
export const WINDOW_ARRIVALS = 50;
/** A window is healthy if so many of them were correct within the objective. */
export const HEALTHY_SHARE = 0.95;
/** So many healthy windows in a row are a recovery. */
export const RECOVERED_WINDOWS = 5;
/** Without a declared objective: so many times the baseline's p99. */
export const OBJECTIVE_OF_P99 = 1.5;

/**
 * A window's arrivals (of an edge: calls), and how many of them were correct within the objective. Where that is
 * null, correct is enough. The last one may be shorter: too short to be judged.
 */
const windowSchema = z.strictObject({
  /** Intended instants of its first and of its last arrival. */
  fromNs: z.number(),
  toNs: z.number(),
  planned: z.number().int(),
  healthy: z.number().int(),
});
export type HealthWindow = z.infer<typeof windowSchema>;

/** One operation as the generator saw it. */
const endpointSchema = z.strictObject({
  operation: z.string(),
  /** What the scenario calls it, or the operation. */
  title: z.string(),
  /** By which its windows are judged; null: no baseline to take it from. */
  objectiveNs: z.number().nullable(),
  windows: z.array(windowSchema),
  phases: z.array(
    z.strictObject({
      name: z.string(),
      planned: z.number().int(),
      correct: z.number().int(),
      /** Of the correct ones: those in whose making an edge's fallback took part. */
      degraded: z.number().int(),
      /** Whose work is done everywhere where the operation gets to, at quiescence. */
      done: z.number().int(),
      outcomes: outcomeCountsSchema,
      /** Of ok outcomes. */
      response: seriesSchema,
      /** From the intended instant until the last service was done. */
      completion: seriesSchema,
    }),
  ),
});
export type EndpointFigures = z.infer<typeof endpointSchema>;

/** One edge as its caller saw it. */
const edgeSchema = z.strictObject({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  transport: z.string(),
  interaction: z.string(),
  /** Names of its policies, outermost first. */
  policies: z.array(z.string()),
  objectiveNs: z.number().nullable(),
  /** Of calls, by their arrivals' intended instants. What a fallback answered is not healthy here, but above. */
  windows: z.array(windowSchema),
  phases: z.array(
    z.strictObject({
      name: z.string(),
      /** Arrivals that go over it when nothing fails: amplification's denominator, fan-out included. */
      expected: z.number(),
      /** Those whose caller died in the middle included: `unfinished`. */
      calls: z.number().int(),
      /** Attempts started by the caller. */
      attempts: z.number().int(),
      /** Of calls, after all policies. */
      outcomes: outcomeCountsSchema,
      /** Of attempts; `unfinished`: its end was never written. */
      attemptOutcomes: outcomeCountsSchema,
      /** Calls that failed without any attempt, or within a tenth of the objective. */
      failedFast: z.number().int(),
      fallbacks: z.number().int(),
      /** What its policies did, by `policy what`: e.g. `retry retried`: 12. */
      policyCounts: z.record(z.string(), z.number().int()),
      /** From a call's beginning to its end: of ok calls, and of all others. */
      ok: seriesSchema,
      failed: seriesSchema,
    }),
  ),
});
export type EdgeFigures = z.infer<typeof edgeSchema>;

const serviceSchema = z.strictObject({
  id: z.string(),
  phases: z.array(
    z.strictObject({
      name: z.string(),
      /** Messages whose handling began. */
      executions: z.number().int(),
      /** Of them: part of an answer that reached the generator in time. */
      useful: z.number().int(),
      /** Its effects, of arrivals of this phase. */
      effects: z.number().int(),
    }),
  ),
  /** Of a service that is called over a broker: accepted for it and not yet done; null for others. */
  backlog: z
    .strictObject({
      /** At most at once, and since when. */
      peak: z.number().int(),
      peakAtNs: z.number(),
      /** Accepted, and never done. */
      left: z.number().int(),
      /** From the last arrival's instant until nothing was left; null: something was left at quiescence. */
      drainNs: z.number().nullable(),
    })
    .nullable(),
});
export type ServiceFigures = z.infer<typeof serviceSchema>;

/** A breaker's change of state, on its edge's timeline. */
const transitionSchema = z.strictObject({
  edge: z.string(),
  policy: z.string(),
  atNs: z.number(),
  to: z.enum(['opened', 'half-open', 'closed']),
  cause: z.string(),
});

export const hopsSchema = z.strictObject({
  endpoints: z.array(endpointSchema),
  /** Empty where the scenario has no topology. */
  edges: z.array(edgeSchema),
  /** Of a row without a topology: its service, or one per subscriber. */
  services: z.array(serviceSchema),
  transitions: z.array(transitionSchema),
  /** Calls that a breaker let through in half-open, and rejected while it was not closed, per edge and 100 ms. */
  admissions: z.array(
    z.strictObject({
      edge: z.string(),
      atNs: z.number(),
      probes: z.number().int(),
      rejected: z.number().int(),
    }),
  ),
  /** What protects a service: the first of each policy's `opened` and `rejected`, per edge and 100 ms. */
  protections: z.array(
    z.strictObject({
      edge: z.string(),
      policy: z.string(),
      what: z.enum(['opened', 'rejected']),
      atNs: z.number(),
    }),
  ),
  /** Lines of the hop logs that are none: what they said is missing. */
  torn: z.number().int(),
});
export type Hops = z.infer<typeof hopsSchema>;
