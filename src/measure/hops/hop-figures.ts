import { z } from 'zod';
import { outcomeCountsSchema, seriesSchema } from '../figures/figures.ts';

/**
 * Figures of a `fault` or `control` trial beside the phases of the whole: health over time, traffic of each edge, work
 * of each service. Everything belongs to the phase of its *arrival's* intended instant (DESIGN 5). Integer ns from the
 * start of the measured load unless a name says otherwise.
 */

/** Number of consecutive arrivals, by their intended instants, in one window of health. */
export const WINDOW_ARRIVALS = 50;
/** Share of arrivals correct within the objective that makes a window healthy. */
export const HEALTHY_SHARE = 0.95;
/** Number of healthy windows in a row that are a recovery. */
export const RECOVERED_WINDOWS = 5;
/** Default objective, as a multiple of the baseline's p99. */
export const OBJECTIVE_OF_P99 = 1.5;

/**
 * A window's arrivals (of an edge: calls), and how many were correct within the objective. Without an objective,
 * correct is enough. The last window may be too short to be evaluated.
 */
const windowSchema = z.strictObject({
  /** Intended instants of its first and of its last arrival. */
  fromNs: z.number(),
  toNs: z.number(),
  planned: z.number().int(),
  healthy: z.number().int(),
});
export type HealthWindow = z.infer<typeof windowSchema>;

/** One operation at the generator. */
const endpointSchema = z.strictObject({
  operation: z.string(),
  /** The scenario's title, or the operation. */
  title: z.string(),
  /** The objective of its windows; null: no baseline to derive it from. */
  objectiveNs: z.number().nullable(),
  windows: z.array(windowSchema),
  phases: z.array(
    z.strictObject({
      name: z.string(),
      planned: z.number().int(),
      correct: z.number().int(),
      /** Correct replies with a fallback's part in them. */
      degraded: z.number().int(),
      /** Arrivals whose work is done in every service that the operation reaches, at quiescence. */
      done: z.number().int(),
      outcomes: outcomeCountsSchema,
      /** Of ok outcomes. */
      response: seriesSchema,
      /** Time from the intended instant until the last service was done. */
      completion: seriesSchema,
    }),
  ),
});
export type EndpointFigures = z.infer<typeof endpointSchema>;

/** One edge from its caller's side. */
const edgeSchema = z.strictObject({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  transport: z.string(),
  interaction: z.string(),
  /** Names of its policies, outermost first. */
  policies: z.array(z.string()),
  objectiveNs: z.number().nullable(),
  /**
   * Health windows of calls, by their arrivals' intended instants. A fallback's answer is unhealthy here, but healthy
   * for the endpoint.
   */
  windows: z.array(windowSchema),
  phases: z.array(
    z.strictObject({
      name: z.string(),
      /** Arrivals that go over it when nothing fails: amplification's denominator, fan-out included. */
      expected: z.number(),
      /** Including calls whose caller died meanwhile: `unfinished`. */
      calls: z.number().int(),
      /** Attempts started by the caller. */
      attempts: z.number().int(),
      /** Outcomes of calls, after all policies. */
      outcomes: outcomeCountsSchema,
      /** Outcomes of attempts; `unfinished`: no end was written. */
      attemptOutcomes: outcomeCountsSchema,
      /** Calls that failed without any attempt, or within a tenth of the objective. */
      failedFast: z.number().int(),
      fallbacks: z.number().int(),
      /** Acts of its policies, by `policy what`: e.g. `retry retried`: 12. */
      policyCounts: z.record(z.string(), z.number().int()),
      /** Duration of calls: of ok calls, and of all others. */
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
      /** Executions that are part of a result in time: a reply at the generator; behind a broker, an effect. */
      useful: z.number().int(),
      /** Result after the arrival's deadline, or to nobody who still waited; null in results older than the field. */
      late: z.number().int().nullable().default(null),
      /** The same work counts already, or its caller continued with another try; null in older results. */
      repeated: z.number().int().nullable().default(null),
      /** Effects, of arrivals of this phase. */
      effects: z.number().int(),
    }),
  ),
  /** Work accepted and not yet done, of a service that is called over a broker; null for others. */
  backlog: z
    .strictObject({
      /** Largest number at once, and its instant. */
      peak: z.number().int(),
      peakAtNs: z.number(),
      /** Accepted and not yet done when the first fault was injected; null: there was none. */
      atFirstFault: z.number().int().nullable().default(null),
      /** Accepted, and never done. */
      left: z.number().int(),
      /** Time from the last arrival's instant until nothing was left; null: something was left at quiescence. */
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
  /**
   * opened: although the service was healthy by its own log (false-trips.ts). null: another transition, unknown, or a
   * result older than the field.
   */
  isFalse: z.boolean().nullable().default(null),
});

export const hopsSchema = z.strictObject({
  endpoints: z.array(endpointSchema),
  /** Empty where the scenario has no topology. */
  edges: z.array(edgeSchema),
  /** Of a pattern without a topology: its service, or one per subscriber. */
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
  /** Protective acts for a service: the first of each policy's `opened` and `rejected`, per edge and 100 ms. */
  protections: z.array(
    z.strictObject({
      edge: z.string(),
      policy: z.string(),
      what: z.enum(['opened', 'rejected']),
      atNs: z.number(),
    }),
  ),
  /** Torn hop-log lines; their events are missing. */
  torn: z.number().int(),
});
export type Hops = z.infer<typeof hopsSchema>;
