import type { z } from 'zod';
import type { ComplexityItem } from './complexity.ts';
import type { FailureStatus, Handled } from './contract.ts';
import type { Envelope } from './envelope.ts';
import type { Outcome } from './outcome.ts';
import type { OutletContext, OutletListener, TargetOutlet, TlsSettings } from './target-outlet.ts';

/** The name by which transports refer to a kind of broker. */
export interface BrokerIdentity {
  /** The name of its folder in `components/broker`. */
  readonly name: string;
  readonly title: string;
  /** Typical seconds until a killed one is up again and its clients have reconnected: for estimates. */
  readonly backAfterS?: number;
}

/** Address of a server; JSON, so that it can cross processes. `url` is always set. */
export interface Address {
  readonly url: string;
  readonly [detail: string]: string;
}

/** One outgoing message. */
export interface Message {
  readonly operation: string;
  readonly body: unknown;
  readonly envelope: Envelope;
}

/** One message as the server's handler sees it. */
export interface Incoming extends Message {
  /** The broker marks this message as delivered before. */
  readonly redelivered: boolean;
}

export type Handler = (message: Incoming) => Promise<Handled>;

/**
 * A server's answer to a streaming operation: each item is `done` with its body, and a failure is the last item. Paced
 * by the service; leaving the loop early ends the work.
 */
export type StreamHandler = (message: Incoming, signal: AbortSignal) => AsyncIterable<Handled>;

/**
 * The service's answer. `waitedNs` is how long the message waited for a connection because all were busy, 0 where one was
 * free; absent where that cannot be seen.
 */
export interface Reply {
  readonly kind: 'reply';
  readonly body: unknown;
  /**
   * Fields requested by the caller, where its transport allows a choice; absent: all. The reply is checked against
   * these.
   */
  readonly asked?: readonly string[];
  readonly waitedNs?: number;
  /** The reply of a caller's policy in place of the service's. */
  readonly fallback?: true;
  /** HTTP status; absent where there is none, or where it is always the same. */
  readonly status?: number;
  /** Headers of the answer by their names in lower case, where the target's request has `isTaken`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The broker's confirm: accepted, not yet done. */
export interface Ack {
  readonly kind: 'ack';
  /** Sent without any confirm. It has no instant of acceptance and proves nothing about the effect. */
  readonly unconfirmed?: true;
  readonly waitedNs?: number;
}

/** A failed attempt; never thrown, so that an outage costs no stack traces. */
export interface Failure {
  readonly kind: 'failure';
  readonly outcome: Exclude<Outcome, 'ok' | 'unsent'>;
  /** True only where the service promises that nothing happened, or nothing was sent. */
  readonly noEffect: boolean;
  /** HTTP status, AMQP reply code, ...; 0 where there is none. */
  readonly status: number;
  /** The status given by the service's handler, the same over every transport; absent where it gave none. */
  readonly answered?: FailureStatus | undefined;
  readonly detail: string;
  /** There is no connection, and nothing was sent: the other end may be back for a later try. */
  readonly isAway?: true;
  readonly waitedNs?: number;
}

export type SendResult = Reply | Ack | Failure;

/**
 * Ends a wait; an AbortSignal is one. The generator has its own kind: an AbortController with a listener is a tenth of
 * its cost per call.
 */
export interface EndSignal {
  readonly aborted: boolean;
  /** The reason, where one was given. */
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface SendOptions {
  /** Ends our wait and frees our resources; what was sent may still be done. The result is then `timeout`. */
  readonly signal?: EndSignal;
  /** The deadline passed on to the service by its caller (ns, monotonic); no caller waits after it. */
  readonly deadlineNs?: number;
}

/** One attempt over any implementation: policies wrap a `Call` in a `Call`. Rejects only on a defect of commbench. */
export type Call = (message: Message, options?: SendOptions) => Promise<SendResult>;

/** The caller's side, running. */
export interface Connection extends AsyncDisposable {
  readonly send: Call;
  /** For `server-stream`: one reply per item as it arrives; a failure comes last and is never thrown. */
  open?(message: Message, options?: SendOptions): AsyncIterable<SendResult>;
  /** Resolves when no message is kept for an absent other end any more; absent: none ever is. */
  flushed?(): Promise<void>;
}

/** The service's side, running. Disposing stops taking messages and frees everything. */
export interface Server extends AsyncDisposable {
  readonly address: Address;
  /**
   * Resolves with the reason when it cannot serve any more (its broker did not return); absent where that cannot
   * happen.
   */
  readonly lost?: Promise<string>;
}

export interface ServeContext<Options = unknown> {
  readonly options: Options;
  /** Its name, as in src/contracts/interactions. */
  readonly interaction: string;
  /** How many messages the service handles at once (prefetch, partitions). */
  readonly concurrency: number;
  /** Index of this subscriber of `publish-subscribe`, from 0; otherwise 0. */
  readonly subscriber: number;
  /**
   * Address to serve at: the result of `provision`, or the address before a restart; undefined: a free loopback port.
   */
  readonly address: Address | undefined;
  /** Given for `server-stream`. */
  readonly stream?: StreamHandler;
  /** Version of the contract whose wire form it serves (proto/versions); absent: the first. */
  readonly contractVersion?: string;
}

export interface ConnectContext<Options = unknown> {
  readonly options: Options;
  readonly interaction: string;
}

/** One kind of request to a target: an operation of it, or a step of a flow. */
export interface TargetRequest<Settings = unknown> {
  /** Complete, as `TargetSupport.settings` parsed them, `{{env NAME}}` replaced. */
  readonly settings: Settings;
  /** Seed of the draws in its templates (text-template.ts). */
  readonly seed: number;
  /** Later requests take values from its answer: the reply has its body, and its headers where there are any. */
  readonly isTaken?: boolean;
}

/** Context for driving a server, queue or topic of the user's own. */
export interface TargetContext<Options = unknown, Settings = unknown> extends ConnectContext<Options> {
  /** By the operation of a message; at least one. */
  readonly requests: ReadonlyMap<string, TargetRequest<Settings>>;
  /** Present where the scheme of its URL is one of TLS. */
  readonly tls?: TlsSettings | undefined;
}

/** The port: what every transport can do. */
export interface Transport<Options = unknown, Settings = unknown> {
  serve(handler: Handler, context: ServeContext<Options>): Promise<Server>;
  connect(address: Address, context: ConnectContext<Options>): Promise<Connection>;
  /**
   * Connects to a target of the user's own. Messages are made from the settings' templates and the envelope alone. A
   * result is a reply or an ack only where the settings' success rule holds.
   * @param address `url`: the target's whole URL, perhaps with a proxy's port in it; `given`: as the user gave it
   * @throws CommbenchError child-failed where it cannot be driven: no such method, queue, topic
   */
  connectTarget?(address: Address, context: TargetContext<Options, Settings>): Promise<Connection>;
  /**
   * Checks a target's queue or topic before anything is sent to it. Absent where there is nothing to check.
   * @returns the address with what only the broker knows of it; `held`: number of messages waiting there
   * @throws CommbenchError child-failed where the queue or topic does not exist; broker-unreachable
   */
  findTarget?(address: Address, context: TargetContext<Options, Settings>): Promise<FoundTarget>;
  /**
   * Reads a queue or topic of the user's own, in which the work of a target becomes visible. Resolves when every later
   * message will be read.
   * @throws CommbenchError child-failed where the queue or topic does not exist; broker-unreachable
   */
  listenOutlet?(outlet: TargetOutlet, context: OutletContext<Options>): Promise<OutletListener>;
  /**
   * Connects to a counterpart of the transport's own, on loopback, that answers anything at once:
   * for a generator whose code must be warm before it sends its target the first call.
   */
  rehearse?(context: ConnectContext<Options>): Promise<Connection>;
  /** Makes and verifies what a trial needs in the broker (its own empty queues or topics); disposing removes it. */
  provision?(context: ProvisionContext<Options>): Promise<Provisioned>;
}

/**
 * The parts of a transport (`export const parts` of its `parts.ts`). Each is loaded where it is used: a caller loads
 * no server, and only targets load the code that drives targets.
 */
export type TransportParts<Options = unknown, Settings = unknown> = {
  readonly [Part in keyof Transport<Options, Settings>]: () => Promise<
    NonNullable<Transport<Options, Settings>[Part]>
  >;
};

export interface ProvisionContext<Options = unknown> {
  readonly options: Options;
  readonly interaction: string;
  readonly concurrency: number;
  /** Subscribers that each get every message (`publish-subscribe`); 1 otherwise. */
  readonly subscribers: number;
  /** The broker's URL. */
  readonly brokerUrl: string;
  /** Unique in this run and this host: names of queues and topics begin with it. */
  readonly prefix: string;
}

export interface Provisioned extends AsyncDisposable {
  readonly address: Address;
  /**
   * Sequences of this trial's measured messages that the broker dead-lettered for this subscriber (0 where there is
   * but one), read at quiescence; absent where it never does.
   */
  deadLettered?(subscriber: number): Promise<readonly number[]>;
  /**
   * Number of this trial's messages that the broker still holds for this subscriber (0 where there is only one). Work
   * is late, not lost, while the broker holds some.
   * Messages in a consumer's hands may be omitted: the method is called again once the services have ended. Absent
   * where the broker holds nothing for an absent consumer.
   */
  held?(subscriber: number): Promise<number>;
}

export type FoundTarget = Pick<Provisioned, 'address' | 'held'>;

/**
 * Acknowledgement, durability, delivery and order (DESIGN 2). Printed with the pattern; unequal guarantees are never
 * ranked.
 */
export interface Guarantee {
  /** One line for the table, e.g. `at-least-once, survives consumer and broker restart`. */
  readonly label: string;
  readonly acknowledgedBy: string;
  readonly durableAgainst: string;
  readonly delivery: 'at-most-once' | 'at-least-once';
  readonly order: string;
}

interface TransportTraits {
  /**
   * Messages of one key are processed one at a time: only different keys are processed concurrently, and not always
   * all.
   */
  readonly oneAtATimePerKey?: true;
  /** Its broker stores no request for a busy or absent service: the service's own queue bounds them. */
  readonly keepsNoRequests?: true;
  /** The broker does not mark redelivered messages. */
  readonly unmarkedRepeats?: true;
}

/** Facts printed with a pattern over the transport. */
interface Statements<Options = unknown> {
  guarantee(options: Options, interaction: string): Guarantee;
  /**
   * Facts for the fairness lines: protocol, connections, encoding, noDelay; of a broker's pattern also what
   * `BROKER_FACTS` names.
   */
  fairness(options: Options, interaction: string): Readonly<Record<string, string>>;
  /** npm package of the client library with these options; absent: the definition's `client`, whatever they are. */
  client?(options: Options): string;
  /** Complexity beyond caller and service, with these settings; docs/complexity.md lists it. */
  complexity(options: Options, interaction: string): readonly ComplexityItem[];
  /** npm package of the client library where an option chooses it; absent: always the definition's `client`. */
  client?(options: Options): string;
}

/** Facts that decide what a broker's pattern costs and loses: every transport with a broker states them. */
export const BROKER_FACTS = ['prefetch', 'acknowledging', 'durability', 'redelivery'] as const;

/** How a transport's servers or brokers are reached on the network. */
export interface Wire {
  /** Schemes of the URLs that it connects to: a proxy can stand before these, for faults of connections. */
  readonly schemes: readonly UrlScheme[];
  /** Reason in words why no proxy can stand before this address; absent: one always can. */
  whyNoProxy?(address: Address): string | undefined;
}

interface UrlScheme {
  /** As in `new URL()`: `http:`. */
  readonly protocol: string;
  /** Default port of a URL without one. */
  readonly port: number;
  /** Only targets are reached over TLS; our own services never serve it. */
  readonly isSecure?: true;
}

/** A transport's folder, as its `index.ts` describes it (`export const definition`). Found by listing. */
export interface TransportDefinition<Options = unknown> {
  readonly name: string;
  readonly title: string;
  /** npm package of the client library, whose installed version is recorded in the result. */
  readonly client: string;
  /** Names of files in src/contracts/interactions. */
  readonly interactions: readonly string[];
  /** Options with defaults, limits and docs; scenario validation and help come from it. */
  readonly options: z.ZodType<Options>;
  readonly statements: Statements<Options>;
  readonly wire: Wire;
  /**
   * The longest silence after which work of this trial may still come, in ms: after a killed consumer the broker
   * may wait for a session's end. Absent where it comes at once or never.
   */
  quiescenceMs?(options: Options, interaction: string): number;
  /** Deviations inherent in the transport; the contract suite checks for these instead. */
  readonly traits?: TransportTraits;
  readonly parts: TransportParts<Options>;
  readonly broker?: BrokerIdentity;
  /** Absent where a server of the user's own cannot be driven. */
  readonly target?: TargetSupport<Options>;
}

/** Support for a server of the user's own, known only by the scenario's `targets`. */
export interface TargetSupport<Options = unknown, Settings = unknown> {
  /** A target's settings beyond the common fields; validation and docs/targets.md come from them. */
  readonly settings: z.ZodObject & z.ZodType<Settings>;
  /** Settings of its one connection, which no operation of a target has of its own. Absent: none. */
  readonly shared?: readonly string[];
  /** Whether a server may answer with a stream of items, in the interaction `server-stream`. */
  readonly streams?: true;
  /** What a later request of a flow may take from an answer; absent: nothing. */
  readonly takes?: 'body' | 'body-and-headers';
  /** Problems visible only in files or templates; each path is within the settings. Absent: none. */
  problems?(
    settings: Settings,
    interaction: string,
  ): Promise<readonly { path: (string | number)[]; message: string }[]>;
  /** The target's proof of acceptance, in words for the guarantee. */
  acknowledgedBy(settings: Settings): string;
  /** Protocols that its client offers within TLS (ALPN, RFC 7301); absent: none. */
  alpn?(settings: Settings): readonly string[];
  /** Where credentials are given, as an example; absent: in the URL. */
  readonly credentials?: string;
  /** A queue or topic of this broker that reports a target's completed work, as in the scenario's `completion`. */
  readonly outlet?: OutletSupport;
  /** Facts of our side alone, in place of `fairness`. */
  fairness(options: Options, url: URL, settings: Settings): Readonly<Record<string, string>>;
}

/** A transport's `listenOutlet` as a scenario refers to it. */
interface OutletSupport {
  /** The key of `completion`: a queue gives each message to one reader, a topic to every group of them. */
  readonly kind: 'queue' | 'topic';
  /** Protocols of the URL, as in `new URL()`. */
  readonly protocols: readonly string[];
}
