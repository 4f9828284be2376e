import type { FaultTarget } from './fault-target.ts';
import type { Spawner } from './program.ts';

/** Where a broker came from (DESIGN 6), in the order in which they are tried. */
export type BrokerSource = 'url' | 'kept' | 'installed' | 'package-cache' | 'compose';

/** A kind of broker, by which transports name it. */
export interface BrokerIdentity {
  /** The name of its folder in `components/broker`. */
  readonly name: string;
  readonly title: string;
}

/** How to obtain a kind of broker: `components/broker/<name>/broker.ts`. */
export interface BrokerDefinition extends BrokerIdentity {
  /** URL schemes that `--broker name=URL` may have. */
  readonly schemes: readonly string[];
  /** Its part of docker-compose.yml: a service of that file, by the broker's name. */
  readonly compose: ComposeService;
  /**
   * What would be used here, without starting or fetching anything. Never throws for what is missing.
   */
  find(context: BrokerContext): Promise<BrokerPlan>;
  /** Starts (fetching first, where the plan says so) and waits until a real message went through. */
  start(plan: BrokerPlan, context: BrokerStartContext): Promise<StartedBroker>;
}

/** A service as a compose file has it; ports bound to loopback. */
export interface ComposeService {
  readonly image: string;
  readonly ports: readonly string[];
  readonly [setting: string]: unknown;
}

export interface BrokerContext {
  /** The URL that the user gave, if any. */
  readonly url: string | undefined;
  /** Hosts that the user allowed by name; any other URL must be of this machine. */
  readonly allowRemote?: readonly string[];
  readonly cacheFolder: string;
  readonly signal: AbortSignal;
}

export interface BrokerStartContext extends BrokerContext {
  readonly spawner: Spawner;
  /** Temporary folder of this run, for data and logs. */
  readonly folder: string;
  /** Lines for the user, e.g. `RabbitMQ: fetching 33 MB, about 10 s`. */
  progress(line: string): void;
}

export type BrokerPlan =
  | {
      readonly state: 'available';
      readonly source: BrokerSource;
      readonly version: string;
      /** What will be run or asked, for `doctor`. */
      readonly detail: string;
      /** To be fetched first: bytes and seconds on a usual line; undefined when it is all here. */
      readonly fetch?: { readonly bytes: number; readonly seconds: number };
    }
  | {
      readonly state: 'unavailable';
      /** Every place that was looked at, with what was found. */
      readonly looked: readonly string[];
      /** The one command that cures it. */
      readonly cure: string;
    };

export interface StartedBroker extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly version: string;
  readonly source: BrokerSource;
  /** Of the processes that run now. Empty where the broker is not ours: then it is never measured for CPU. */
  readonly pids: readonly number[];
  /** How faults take it away and bring it back on its own data; absent where it is not this run's own. */
  readonly faultTarget?: FaultTarget;
  /** Resolves with its last words if it ends while it should run (not by a fault); never resolves for brokers not ours. */
  readonly lost: Promise<string>;
  /** Pushes messages through until the broker is warm; says what was done. */
  warm(signal: AbortSignal): Promise<string>;
}
