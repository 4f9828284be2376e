import type { LinkState } from '../../faults/fault.ts';
import type { Nanoseconds } from '../../kernel/clock.ts';
import type { Endpoint } from '../../platform/net/endpoint.ts';

/**
 * Configuration of a proxy process: a JSON file, its only argument. The process ends when the socket of its hub closes.
 */
export interface ProxyConfig {
  readonly version: 1;
  readonly name: string;
  readonly mark: string;
  readonly socketPath: string;
  /** Endpoint that it forwards to. */
  readonly target: Endpoint;
  /** Its port before a restart; null: it chooses. */
  readonly port: number | null;
}

/**
 * Counts since its start. Refused connections are missing: the system rejects those, and only their callers can count
 * them.
 */
export interface ProxyCounts {
  /** Accepted. */
  readonly connections: number;
  /** Accepted connections that are still open. */
  readonly open: number;
  /** Connections beyond the limit: closed at once. */
  readonly dropped: number;
  /** Connections that the target refused: their callers got a reset. */
  readonly unreached: number;
  /** Bytes forwarded from callers to the target, and back. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Connections that `refuse` closed. */
  readonly closed: number;
  /** Connections that `reset` reset, open and new ones. */
  readonly reset: number;
  /** Connections that were accepted in a black hole. */
  readonly starved: number;
  /** Chunks, as read, that were held back by `black-hole`, `delay` or `bandwidth`, and their bytes. */
  readonly heldChunks: number;
  readonly heldBytes: number;
}

/** A message over the socket, one JSON object per line. */
export type ProxyMessage =
  | { readonly type: 'hello'; readonly name: string; readonly mark: string; readonly pid: number }
  | { readonly type: 'ready'; readonly port: number }
  | ({ readonly type: 'linked' } & ProxyChange)
  | { readonly type: 'counted'; readonly counts: ProxyCounts }
  | { readonly type: 'failed'; readonly message: string };

/** A change of state as the proxy carried it out, on the monotonic clock. */
export interface ProxyChange {
  /** Counts right before it. */
  readonly before: ProxyCounts;
  readonly beganNs: Nanoseconds;
  /** Counts when it was in force. */
  readonly counts: ProxyCounts;
  readonly inForceNs: Nanoseconds;
}

/** An order to the proxy. `null`: everything passes at once. Orders are carried out one after the other. */
export type ProxyOrder =
  | {
      readonly type: 'link';
      readonly state: LinkState | null;
      /** On the monotonic clock; null: at once. */
      readonly atNs: Nanoseconds | null;
    }
  | { readonly type: 'count' };
