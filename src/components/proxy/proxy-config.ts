import { z } from 'zod';
import type { LinkState } from '../../faults/fault.ts';

/** What a proxy process is to be: a JSON file, its only argument. It ends when the socket of its hub closes. */
export const proxyConfigSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  mark: z.string(),
  socketPath: z.string(),
  /** To whom it forwards. */
  target: z.strictObject({ host: z.string(), port: z.number().int().min(1).max(65_535) }),
  /** Where it listened before it was started again; null: it chooses. */
  port: z.number().int().nullable(),
});
/** What is left when whoever starts the process has said who and where it is. */
export const proxySettingsSchema = proxyConfigSchema.omit({
  version: true,
  name: true,
  mark: true,
  socketPath: true,
});
export type ProxyConfig = z.infer<typeof proxyConfigSchema>;

/**
 * Since its start. Who was refused is not among them: the system answers those, and only their callers can
 * count them.
 */
export interface ProxyCounts {
  /** Accepted. */
  readonly connections: number;
  /** Of these, still there. */
  readonly open: number;
  /** Past the most that it takes at once: shown the door. */
  readonly dropped: number;
  /** Which the target did not take: their callers saw a reset. */
  readonly unreached: number;
  /** Handed on from callers to the target, and back. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Connections that `refuse` closed. */
  readonly closed: number;
  /** Connections that `reset` reset, open and new ones. */
  readonly reset: number;
  /** Connections that were accepted in a black hole. */
  readonly starved: number;
  /** What did not pass at once because of `black-hole`, `delay` or `bandwidth`: as it was read, and its bytes. */
  readonly heldChunks: number;
  readonly heldBytes: number;
}

/** What it says over the socket, one JSON object a line. */
export type ProxyMessage =
  | { readonly type: 'hello'; readonly name: string; readonly mark: string; readonly pid: number }
  | { readonly type: 'ready'; readonly port: number }
  /** The last order is in force; the counts are of that instant. */
  | { readonly type: 'linked'; readonly counts: ProxyCounts }
  | { readonly type: 'counted'; readonly counts: ProxyCounts }
  | { readonly type: 'failed'; readonly message: string };

/** What it is asked. `null`: everything passes at once. */
export type ProxyOrder =
  | { readonly type: 'link'; readonly state: LinkState | null }
  | { readonly type: 'count' };
