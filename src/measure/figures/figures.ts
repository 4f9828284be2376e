import { z } from 'zod';
import { OUTCOMES } from '../../kernel/outcome.ts';

/**
 * Figures computed from the raw instants of a trial, as stored in the result file (src/record/record.ts composes the
 * file from these). Integer nanoseconds unless a name says otherwise.
 */

/** Latencies of one kind: mergeable, and sufficient for rule 3.11. */
export const seriesSchema = z.strictObject({
  /** HDR histogram V2, compressed, base64; values in microseconds x 1 (1 us to 10 min, 3 digits). */
  histogram: z.string(),
  count: z.number().int(),
  /** Samples of zero or less: counted here, recorded as 1 us. */
  nonPositive: z.number().int(),
  /** Greatest value (us) per 100 ms of intended time, null for an empty interval: how many separate intervals lie beyond a quantile. */
  intervalMaximaUs: z.array(z.number().nullable()),
});
export type Series = z.infer<typeof seriesSchema>;

export const outcomeCountsSchema = z.partialRecord(z.enum(OUTCOMES), z.number().int());
export type OutcomeCounts = z.infer<typeof outcomeCountsSchema>;

export const phaseSchema = z.strictObject({
  /** baseline, outage, recovery; idle-1, busy-1, ... */
  name: z.string(),
  /** Intended time, from the start of the measured load. */
  fromNs: z.number(),
  toNs: z.number(),
  planned: z.number().int(),
  outcomes: outcomeCountsSchema,
  /** Failures by transport status, e.g. `error 503`: 12. */
  failures: z.record(z.string(), z.number().int()),
  /** Successes by transport status, e.g. `201`: 80; absent: none is known. */
  statuses: z.record(z.string(), z.number().int()).optional(),
  /** Ok, contract held, acknowledged within the deadline. */
  correct: z.number().int(),
  /** Sent, and nobody asked for an acknowledgement: neither correct nor failed, as far as is known. */
  unconfirmed: z.number().int().default(0),
  /** Planned arrivals that are in the effect log at quiescence (of every subscriber). */
  done: z.number().int(),
  /** Done within the deadline of the intended instant. */
  doneInTime: z.number().int(),
  dispatchLag: seriesSchema,
  /** Of ok outcomes. */
  serviceTime: seriesSchema,
  response: seriesSchema,
  /** Wait for a pooled connection because all were busy (0 or less: one was free); null: it cannot be seen. */
  connectionWait: seriesSchema.nullable(),
  /** Completion time of everything planned in this phase and done. */
  completion: seriesSchema,
  /** The same, but counted from the first subscriber's effect; null where there is one subscriber at most. */
  firstCompletion: seriesSchema.nullable().default(null),
  /**
   * Streams only, null for others: time from the intended instant to the first item, and the jitter of each gap
   * (streams.ts).
   */
  firstItem: seriesSchema.nullable().default(null),
  itemJitter: seriesSchema.nullable().default(null),
  /** Items of streams, of all planned arrivals: those of complete streams, and those received; absent: no streams. */
  items: z.strictObject({ planned: z.number().int(), received: z.number().int() }).optional(),
  /** Response time per outcome other than ok: how long failing took. */
  failedAfter: z.partialRecord(z.enum(OUTCOMES), seriesSchema),
});
export type Phase = z.infer<typeof phaseSchema>;

/** Every planned arrival is in exactly one cell of the three acceptances. */
const acceptance = z.strictObject({
  /** Never done, and not dead-lettered. */
  done0: z.number().int(),
  done1: z.number().int(),
  doneMore: z.number().int(),
  /** Never done, but dead-lettered by the broker for inspection. */
  deadLettered: z.number().int(),
});
export const ledgerSchema = z.strictObject({
  subscriber: z.number().int(),
  accepted: acceptance,
  refused: acceptance,
  unknown: acceptance,
  /** accepted, done 0 times, not dead-lettered, and not late */
  lost: z.number().int(),
  /** accepted, not done, and still in the broker when the trial was over; the broker counts them and names none */
  late: z.number().int().default(0),
  /** refused and done */
  phantom: z.number().int(),
  /** done more than once, whatever the acceptance */
  duplicates: z.number().int(),
  /** Effects whose sequence is below an earlier effect's of the same key (first effects only). */
  outOfOrder: z.number().int(),
  /** First few sequences of each kind, for looking up. */
  examples: z.record(z.string(), z.array(z.number().int())),
});
export type Ledger = z.infer<typeof ledgerSchema>;

export const validitySchema = z.strictObject({
  verdict: z.enum(['valid', 'incomplete', 'generator-bound', 'disturbed']),
  /** All causes, each with its figure and threshold. */
  causes: z.array(
    z.strictObject({ cause: z.enum(['incomplete', 'generator-bound', 'disturbed']), detail: z.string() }),
  ),
  /** Quantiles (0.5, 0.9, ...) of the response whose dispatch lag is too large: the cells are marked. */
  boundQuantiles: z.array(z.number()),
});
export type Validity = z.infer<typeof validitySchema>;

export const loadVerdictSchema = z.strictObject({
  /** failing: calls failed for another reason than the load. unknown: the trial failed. */
  verdict: z.enum(['sustained', 'saturated', 'failing', 'faulted', 'unknown']),
  detail: z.string(),
});
export type LoadVerdict = z.infer<typeof loadVerdictSchema>;

/** Latencies of which nothing is concluded: those of a backlog, or of what the failed calls left over. */
export function shortfallIn({ verdict }: LoadVerdict): 'saturated' | 'failing' | null {
  return verdict === 'saturated' || verdict === 'failing' ? verdict : null;
}

/** Present in trials that end a service: coupling as defined in DESIGN 4. */
export const couplingSchema = z.strictObject({
  intended: z.number().int(),
  served: z.number().int(),
  finallyDone: z.number().int(),
  verdict: z.enum(['tight', 'partial', 'loose']),
});
export type Coupling = z.infer<typeof couplingSchema>;
