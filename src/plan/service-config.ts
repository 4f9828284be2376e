import type { Patience } from '../contracts/patience.ts';
import type { TraceSampling } from '../kernel/telemetry/trace-context.ts';
import type { Address } from '../kernel/transport.ts';
import type { WireBytes } from '../measure/logs/wire-count.ts';
import type { PolicySpec } from '../policies/policies.ts';

/** An edge as its caller needs it. */
interface EdgeConfig {
  /** Its index in the topology. */
  readonly index: number;
  readonly id: string;
  readonly operations: readonly string[] | null;
  readonly transport: string;
  readonly interaction: string;
  readonly options: unknown;
  readonly address: Address;
  readonly policies: readonly PolicySpec[];
  /** In place of its policies while they last. */
  readonly switches: readonly PolicySwitch[];
  /** The most attempts that one call may take under any stack that it may have. */
  readonly mostAttempts: number;
  readonly patience: Patience;
}

/** Other policies of an edge, from `fromMs` to before `toMs` of the load. */
export interface PolicySwitch {
  readonly id: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly policies: readonly PolicySpec[];
}

/** The part of a timeline that one service carries out by its own clock. */
export interface ServiceTimeline {
  /** Start of the load (monotonic ns). */
  readonly loadStartNs: number;
  readonly faults: readonly ApplicationFaultConfig[];
  /** Of its edges, by id. */
  readonly switches: Readonly<Record<string, readonly PolicySwitch[]>>;
}

/** A fault of the application layer, with its window in both ways that a fault may strike by. */
export interface ApplicationFaultConfig {
  readonly id: string;
  readonly do: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Arrivals `from` to before `to`. */
  readonly from: number;
  readonly to: number;
  /** Instants `fromMs` to before `toMs` of the load. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** One address by which a service is called. */
export interface ListenConfig {
  readonly transport: string;
  readonly interaction: string;
  /** Complete: all defaults are filled in. */
  readonly options: unknown;
  /** A broker queues for it, and bounds the messages in hand. */
  readonly isBrokers: boolean;
  /** Address to serve at: from `provision`, or the address before a restart; null = choose. */
  readonly address: Address | null;
}

/** Settings of a service within a topology. */
export interface HopConfig {
  /** Its index in the topology. */
  readonly service: number;
  /** Seed of the draws of policies and faults. */
  readonly seed: number;
  readonly hopLogPath: string;
  /** In the order in which they are called. */
  readonly edges: readonly EdgeConfig[];
  /** Longest time for which a call of an edge is held while the other end is away. */
  readonly deadlineMs: number;
  readonly faults: readonly ApplicationFaultConfig[];
  /** Start of the load (monotonic ns); null: not known yet, and no fault strikes by instant. */
  readonly loadStartNs: number | null;
  /** Repeats its first reply to a repeated message, without a second effect. */
  readonly idempotent: boolean;
  /** Messages that carry a trace context; absent: none. */
  readonly trace?: TraceSampling;
  /** Further addresses at which it is called. */
  readonly listens: readonly ListenConfig[];
}

/** Deliberate defects for `selftest`, made in the service, outside of the code that measures them. */
interface SeededDefectsConfig {
  /** The only subscriber with these defects. */
  readonly subscriber: number;
  /** Sequences from `from` to before `to` take `ms` instead of `processingMs`; null: none. */
  readonly hold: { readonly from: number; readonly to: number; readonly ms: number } | null;
  /** Sequences that are acknowledged without being done. */
  readonly lose: readonly number[];
  /** Sequences that are done twice. */
  readonly double: readonly number[];
  /** Sequences held back until the next message of the same key is done. */
  readonly reorder: readonly number[];
  /** Log of the defects made, one JSON object per line: the independent truth. */
  readonly logPath: string;
}

/** How a service works, whoever calls it. */
export interface ServiceWork {
  /** Messages handled at once. */
  readonly concurrency: number;
  /** Further messages that may wait; beyond that `overloaded`. Brokers queue by themselves. */
  readonly queue: number;
  /** Time for which each message occupies the service before its effect. */
  readonly processingMs: number;
  readonly seededDefects: SeededDefectsConfig | null;
}

/**
 * Configuration of a service process: a JSON file, its only argument. The process sends hello on the socket, then
 * `ready` with its address, and ends when the socket closes.
 */
export interface ServiceConfig extends ListenConfig, ServiceWork {
  readonly version: 1;
  readonly name: string;
  readonly mark: string;
  readonly socketPath: string;
  readonly contract: string;
  /** Version of the contract that it serves; absent: the first, without a record of what is stored. */
  readonly contractVersion?: string;
  /** Index of the subscriber, from 0. */
  readonly subscriber: number;
  readonly effectLogPath: string;
  /** Count the bytes of its connections, and report the count on request. */
  readonly countBytes: boolean;
  /** Null: it calls no service, and no fault strikes its messages. */
  readonly hop: HopConfig | null;
}

/** A message of a service over the socket, one JSON object per line. */
export type ServiceMessage =
  | { readonly type: 'hello'; readonly name: string; readonly mark: string; readonly pid: number }
  | {
      readonly type: 'ready';
      readonly address: Address;
      /** Addresses of `hop.listens`, in their order. */
      readonly listens?: readonly Address[];
    }
  /** Bytes since its start, on every connection except that to the hub. */
  | ({ readonly type: 'counted' } & WireBytes)
  /** The start of the load, or a changed timeline, is known. */
  | { readonly type: 'expecting' }
  | { readonly type: 'failed'; readonly message: string };

/** A request to the service: `count` only where it counts bytes, the others only where it acts by the clock. */
export type ServiceOrder =
  | { readonly type: 'count' }
  /** The load starts at this instant (monotonic ns). */
  | { readonly type: 'expect'; readonly loadStartNs: number }
  /** A timeline in place of the one before. */
  | ({ readonly type: 'follow' } & ServiceTimeline);
