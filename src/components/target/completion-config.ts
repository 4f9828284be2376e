import { z } from 'zod';

/**
 * Configuration of a completion listener: a JSON file, its only argument. The process ends when the socket of its hub
 * closes.
 */
export const completionConfigSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  /** The run's mark, which message ids carry. */
  mark: z.string(),
  socketPath: z.string(),
  trial: z.number().int().min(0),
  effectLogPath: z.string(),
  /** Transport of the queue or topic. */
  transport: z.string(),
  options: z.unknown(),
  outlet: z.strictObject({ url: z.string(), name: z.string(), prefix: z.string() }),
  /** Source of a message's id: this header, or this field of its JSON body. */
  correlate: z.strictObject({ header: z.string().optional(), field: z.string().optional() }),
});
export type CompletionConfig = z.infer<typeof completionConfigSchema>;

/** Completion messages since the listener's start. */
export interface CompletionCounts {
  /** Of this trial: each is in the effect log. */
  readonly taken: number;
  /** Of earlier trials of this run. */
  readonly late: number;
  /** Without an id of this run in the expected header or field. */
  readonly uncorrelated: number;
}

/** A message of the listener over the socket, one JSON object per line. */
export type CompletionMessage =
  | { readonly type: 'hello'; readonly name: string; readonly mark: string; readonly pid: number }
  /** Sent when no later message can be missed. */
  | { readonly type: 'ready' }
  | { readonly type: 'counted'; readonly counts: CompletionCounts }
  | { readonly type: 'failed'; readonly message: string };

export interface CompletionOrder {
  readonly type: 'count';
}
