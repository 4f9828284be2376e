import type { z } from 'zod';
import type { FaultSpec } from '../../faults/faults.ts';
import type { LoadShape } from '../../kernel/load-shape.ts';
import type { Timeline } from './timeline/timeline.ts';

/** The parts of a scenario from which a trial's timeline is made. */
export interface TimelineSource {
  readonly load: LoadShape;
  readonly durationMs: number;
  readonly services: readonly { readonly id: string }[];
  readonly faults: readonly FaultSpec[];
  readonly cases: readonly { readonly id: string; readonly faults: readonly FaultSpec[] }[];
}

export interface TimelineContext<Settings> {
  readonly scenario: TimelineSource;
  /** Value of the kind's own field in the scenario. */
  readonly settings: Settings;
  /** Id of the scenario's case; null = its `faults`. */
  readonly case: string | null;
  /** Arrivals per second for the share of `capacityShare`; 0 for kinds without it. */
  readonly capacityRatePerS: number;
}

/** A kind that runs once per pattern, where the scenario asks for it by a field of its own. */
export interface WhenAsked {
  readonly when: 'before rounds' | 'after rounds';
  /** Rank among those before, or after, the rounds. */
  readonly rank: number;
  readonly field: string;
  /** With default and description: it becomes a field of the scenario. */
  readonly schema: z.ZodType;
  /** The field's value for "none". */
  readonly none: null | false;
  /** Applies to a single service, not to a topology. */
  readonly isOfOneService: boolean;
}

/** A kind that runs in every round, once for each variant. */
export interface WhenInRounds {
  readonly when: 'in rounds';
  readonly rank: number;
  /** Ids of the cases it runs for; null = the scenario itself; empty: none. */
  casesIn(scenario: TimelineSource): readonly (string | null)[];
}

export interface KindWarmUp<Settings> {
  /** All calls of the scenario, or only enough to compile code and settle connections. */
  readonly calls: 'all' | 'few';
  /** A closed loop of `warmUp.probeMs` shows how many calls so many callers get answered. */
  readonly isProbed: boolean;
  /** Open-loop windows follow until the latency is steady. */
  readonly settles: boolean;
  /** Closed loops after these, each measured by itself. Absent: none. */
  loops?(settings: Settings): readonly LoopPlan[];
}

/**
 * A use of a trial's figures in the analysis. latency: percentiles, the order of patterns, the waterfall. coupling:
 * calls served without the service, or without the broker. variability: idle against busy. traffic: bytes per call.
 * closed-loop: closed loops with several numbers of calls open.
 * baseline: a service that does nothing. fault, control: health and recovery.
 */
export type Use =
  | 'latency'
  | 'service-coupling'
  | 'broker-coupling'
  | 'variability'
  | 'traffic'
  | 'closed-loop'
  | 'baseline'
  | 'fault'
  | 'control';

export interface KindWords {
  /** In the progress line: `round 2 of 5`. */
  progress(of: {
    readonly round: number;
    readonly rounds: number;
    readonly case: string | undefined;
  }): string;
  /** In a warning: `the broker's outage trial`. */
  report(of: {
    readonly round: number;
    readonly case: string | null;
    readonly variant: string | null;
  }): string;
  /** Reason why it cannot be run here, and the hint; absent: none is known. */
  readonly skipped?: { readonly code: string; readonly hint: string };
}

/** A closed loop: so many callers, each with one call open at a time. */
export interface LoopPlan {
  readonly open: number;
  readonly forMs: number;
}

/** A kind of trial: a file of this folder, found by listing. */
export interface TrialKind<Settings = unknown> {
  /** The file's name. */
  readonly name: string;
  /** One line for `commbench list`. */
  readonly title: string;
  readonly runs: WhenAsked | WhenInRounds;
  /** Applies to a target of the user's own, whose parts can neither be taken down nor counted. */
  readonly isForTarget: boolean;
  /** The service does nothing: no processing time, no topology, the empty contract. Absent: it works. */
  readonly isNoOp?: true;
  /** Bytes on the wire are counted. Absent: they are not. */
  readonly countsBytes?: true;
  readonly warmUp: KindWarmUp<Settings>;
  timeline(context: TimelineContext<Settings>): Timeline;
  /** Its rate, as a share of the pattern's closed loop; absent: its load needs none. */
  capacityShare?(settings: Settings): number;
  readonly uses: readonly Use[];
  /** Its times are results: they must be valid, and thresholds on counts include them. */
  readonly isTimed: boolean;
  readonly words: KindWords;
}
