import { z } from 'zod';

/** What a listener is to be: a JSON file, its only argument. It ends when the socket of its hub closes. */
export const completionConfigSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  /** The run's; ids of messages bear it. */
  mark: z.string(),
  socketPath: z.string(),
  trial: z.number().int().min(0),
  effectLogPath: z.string(),
  /** Whose queue or topic it is. */
  transport: z.string(),
  options: z.unknown(),
  outlet: z.strictObject({ url: z.string(), name: z.string(), prefix: z.string() }),
  /** Where a message says to which one sent it belongs: in this header, or in this field of its JSON body. */
  correlate: z.strictObject({ header: z.string().optional(), field: z.string().optional() }),
});
export type CompletionConfig = z.infer<typeof completionConfigSchema>;

/** Messages that came out, since the listener's start. */
export interface CompletionCounts {
  /** Of this trial: each is in the effect log. */
  readonly taken: number;
  /** Of earlier trials of this run. */
  readonly late: number;
  /** Without an id of this run where one was looked for. */
  readonly uncorrelated: number;
}

/** What a listener says over the socket, one JSON object a line. */
export type CompletionMessage =
  | { readonly type: 'hello'; readonly name: string; readonly mark: string; readonly pid: number }
  /** From here on everything that comes out is taken. */
  | { readonly type: 'ready' }
  | { readonly type: 'counted'; readonly counts: CompletionCounts }
  | { readonly type: 'failed'; readonly message: string };

export interface CompletionOrder {
  readonly type: 'count';
}
