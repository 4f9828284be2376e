import type { Nanoseconds } from './clock.ts';
import type { FaultTarget } from './fault-target.ts';
import type { Spawner } from './program.ts';
import type { Address } from './transport.ts';

/**
 * The role of a component in a trial; costs are summed by it. A proxy stands in connections; an observer reads the
 * output of a target. Both belong to commbench and cost neither side.
 */
export type ComponentKind = 'service' | 'broker' | 'proxy' | 'observer';

/** Origin of a component (DESIGN 6), in the order in which sources are tried; `built-in` is part of commbench. */
export type ComponentSource = 'url' | 'persistent' | 'installed' | 'package-cache' | 'compose' | 'built-in';

/** Anything that is started beside the generator: a broker, a service, a proxy, a program of the user's own. */
export interface Component<Started extends StartedComponent = StartedComponent> {
  readonly name: string;
  readonly kind: ComponentKind;
  /** Started once for a whole run, or anew for each trial. */
  readonly life: 'run' | 'trial';
  /** The plan for this machine, without starting or fetching anything. Never throws for something missing. */
  find(context: FindContext): Promise<ComponentPlan>;
  /**
   * Starts it (fetching first, where the plan requires it); resolves when it is ready.
   * @param routes addresses of the components that it calls, by edge; absent for one that calls no other
   */
  start(plan: ComponentPlan, context: StartContext, routes?: readonly ComponentRoute[]): Promise<Started>;
}

/** An outgoing route of a component: an edge by its id, and the address at its other end. */
export interface ComponentRoute {
  readonly id: string;
  readonly to: Address;
}

/** A component that is ready. Disposing ends what was started for it. */
export interface StartedComponent extends AsyncDisposable {
  /** Unique in a trial; faults and costs refer to it. `name/1` is one of several that act as one. */
  readonly name: string;
  readonly kind: ComponentKind;
  /** Addresses for its callers. */
  readonly endpoints: readonly Address[];
  /** Pids of the running processes. Empty where they are not ours; then they are never measured. */
  readonly pids: readonly number[];
  /** Resolves with its last output at an end that neither a fault nor its owner requested. */
  readonly lost: Promise<string>;
  /** Ends its processes for a fault and restarts them; absent where this run does not own them. */
  readonly faultTarget?: FaultTarget;
}

/** A component that counts the bytes of its connections. */
export interface CountsBytes {
  /** Since its start. */
  wireBytes(): Promise<{ readonly sent: number; readonly received: number }>;
}

/** A component whose faults strike by instant: it must know when the load starts. */
export interface ExpectsLoad {
  /** Resolves when it does. */
  expectLoad(loadStartNs: Nanoseconds): Promise<void>;
}

export interface FindContext {
  /** The URL that the user gave, if any. */
  readonly url: string | undefined;
  /** Hosts that the user allowed by name; any other URL must be of this machine. */
  readonly allowRemote?: readonly string[];
  readonly cacheFolder: string;
  readonly signal: AbortSignal;
}

export interface StartContext extends FindContext {
  readonly spawner: Spawner;
  /** Temporary folder of this run, for data and logs. */
  readonly folder: string;
  /** Lines for the user, e.g. `RabbitMQ: fetching 33 MB, about 10 s`. */
  progress(line: string): void;
}

export interface AvailablePlan {
  readonly state: 'available';
  readonly source: ComponentSource;
  readonly version: string;
  /** The program or URL that a run would use, for `doctor`. */
  readonly detail: string;
  /** Download needed first: bytes, and seconds on a usual line; undefined when everything is here. */
  readonly fetch?: { readonly bytes: number; readonly seconds: number };
}

interface UnavailablePlan {
  readonly state: 'unavailable';
  /** Every source that was tried, with what was found. */
  readonly searched: readonly string[];
  /** The one command that helps. */
  readonly hint: string;
}

export type ComponentPlan = AvailablePlan | UnavailablePlan;
