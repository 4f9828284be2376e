import type { Endpoint } from '../platform/net/endpoint.ts';
import type { Patience } from '../contracts/patience.ts';
import type { TransportDefinition } from '../kernel/transport.ts';
import type { TlsSettings } from '../kernel/target-outlet.ts';
import type { LoadShape } from '../kernel/load-shape.ts';
import type { Mix } from '../kernel/operation-choice.ts';
import type { GeneratorPlan, TargetPlan } from './generator-plan.ts';
import type { LoopPlan } from './kinds/kind.ts';
import type { StreamSource } from '../measure/figures/streams.ts';
import type { RunDesign } from '../record/record.ts';
import type { Pattern, Scenario } from '../scenario/schema/schema.ts';
import type { ScenarioTarget } from '../scenario/schema/targets-schema.ts';
import type { PolicySpec } from '../policies/policies.ts';
import type { ResolvedTopology } from '../scenario/schema/topology.ts';
import type { PhaseWindow, PlannedFault } from './kinds/timeline/timeline.ts';
import type { ServiceWork } from './service-config.ts';
import type { CompletionSource } from './completion-source.ts';

/** One kind of request to a target. */
export interface PatternRequest {
  /** Settings of its transport, complete; `{{env NAME}}` is not yet expanded. */
  readonly settings: unknown;
  readonly take: TargetPlan['requests'][string]['take'];
}

/** A server, queue or topic of the user's own. */
export interface PatternTarget extends Pick<ScenarioTarget, 'command' | 'cwd' | 'env' | 'ready' | 'stop'> {
  readonly url: string;
  /** The host and port of its URL. */
  readonly listensAt: Endpoint;
  /** Its URL as stored: values from the environment are in no result. Absent: it contains none. */
  readonly shown?: string;
  /** Every kind of request, by the operation of its messages. */
  readonly requests: Readonly<Record<string, PatternRequest>>;
  readonly mix: Mix;
  /** Operations of each flow's steps, in order. */
  readonly flows: TargetPlan['flows'];
  readonly stream: TargetPlan['stream'];
  /** Complete; present where the scheme of its URL is one of TLS. */
  readonly tls?: TlsSettings;
  /** Its URL is a broker's, and no program of a target listens there. */
  readonly isBroker?: boolean;
  /** Where completed work is observed; absent: acceptance only. */
  readonly completion?: CompletionSource;
}

/** A pattern of the scenario, with its transport resolved and its options complete. */
export interface ResolvedPattern {
  readonly id: string;
  readonly title: string;
  readonly definition: TransportDefinition;
  readonly interaction: string;
  readonly options: unknown;
  /** Services that each get every message; 1 except for publish-subscribe. */
  readonly subscribers: number;
  /** Its own mix and load, in place of the scenario's. */
  readonly own: Pick<Pattern, 'mix' | 'load'>;
  /** Its caller's, while the other end is away. */
  readonly patience: Patience;
  /** The guides' claims about the pattern. */
  readonly claimed: Pattern['claimed'];
  /** The user's own target, driven instead of a service of ours. */
  readonly target: PatternTarget | undefined;
  /** Lines of our own adapter; null: a target is driven. */
  readonly adapterLines: number | null;
  /** Transports of the edges behind it, by name, in any variant. Absent: there are none. */
  readonly edgeTransports?: ReadonlyMap<string, TransportDefinition>;
}

/** One trial in the order of its experiment: its kind, pattern and round. */
export type Entry = RunDesign['order'][number];

/** A topology as a trial needs it. */
export interface TrialTopology extends ResolvedTopology {
  /** Ids of the edges with a proxy. An edge that is faulted in one trial of a scenario has its proxy in every trial. */
  readonly proxied: readonly string[];
  /** Stacks of policies that a switch on the timeline may name; empty where no trial of the scenario has a switch. */
  readonly stacks: Readonly<Record<string, readonly PolicySpec[]>>;
}

/** Specification of one trial of an experiment or the selftest. */
export interface TrialSpec {
  readonly id: number;
  readonly round: number;
  /** Name of a file in src/plan/kinds. */
  readonly kind: string;
  /** Id of the scenario's variant; null: the scenario without a variant. */
  readonly variant: string | null;
  /** Id of the scenario's case; null = its `faults`, or none. */
  readonly case: string | null;
  /** Notes for the reader on how it was planned. */
  readonly notes: readonly string[];
  readonly seed: number;
  readonly system: TrialSystem;
  readonly load: TrialLoad;
  readonly warmUp: TrialWarmUp;
  readonly faults: readonly PlannedFault[];
  readonly measure: TrialMeasure;
}

/** The pattern under test, and the services behind it. */
interface TrialSystem {
  readonly pattern: ResolvedPattern;
  readonly contract: string;
  /** Version of the contract that the service serves, while callers have the first; absent: they have the same. */
  readonly contractVersion?: string;
  readonly service: ServiceWork;
  /** Services behind the pattern; absent: one service. */
  readonly topology?: TrialTopology;
  /**
   * A proxy stands before the pattern's target, for faults of connections. If one trial of a scenario needs it, all
   * have it.
   */
  readonly isProxied?: boolean;
}

interface TrialLoad {
  readonly shape: LoadShape;
  readonly mix: GeneratorPlan['mix'];
  readonly keys: number;
  readonly durationMs: number;
  /** The most arrivals that it may come to where it is changed while it lasts; absent: it is fixed. */
  readonly mostArrivals?: number;
  readonly phases: readonly PhaseWindow[];
  readonly deadlineMs: number;
  readonly drainMs: number;
}

/** Load before the measured part; null: none of that kind. */
export interface TrialWarmUp {
  readonly closedLoop: GeneratorPlan['warmUp'];
  readonly steadyState: GeneratorPlan['steadyState'];
  /** Closed loops after that, each of which is measured by itself, in their order. Absent: none. */
  readonly loops?: readonly LoopPlan[];
}

/** Figures that only some trials have. */
export interface TrialMeasure {
  readonly countBytes: boolean;
  /** Health objective of `fault` and `control` trials; null: the baseline's p99. */
  readonly objectiveMs: number | null;
  /** Titles of operations in tables; absent: their names. */
  readonly endpoints?: Scenario['endpoints'];
  /** Absent where nothing is measured as a stream. */
  readonly streams?: StreamSource;
}
