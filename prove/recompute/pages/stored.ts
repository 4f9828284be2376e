/** The parts of a result file that are recomputed from, as the file has them; what older files lack is optional. */

export interface StoredSeries {
  readonly histogram: string;
  readonly count: number;
  readonly intervalMaximaUs: readonly (number | null)[];
}

export interface StoredPhase {
  readonly name: string;
  readonly fromNs: number;
  readonly toNs: number;
  readonly planned: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly correct: number;
  readonly done: number;
  readonly doneInTime: number;
  readonly dispatchLag: StoredSeries;
  readonly response: StoredSeries;
  readonly completion: StoredSeries;
  readonly firstCompletion?: StoredSeries | null;
  readonly firstItem?: StoredSeries | null;
  readonly itemJitter?: StoredSeries | null;
  readonly failedAfter?: Readonly<Record<string, StoredSeries>>;
}

interface Acceptance {
  readonly done0: number;
  readonly done1: number;
  readonly doneMore: number;
  readonly deadLettered: number;
}

export interface StoredLedger {
  readonly subscriber: number;
  readonly accepted: Acceptance;
  readonly refused: Acceptance;
  readonly unknown: Acceptance;
  readonly lost: number;
  readonly late?: number;
  readonly phantom: number;
  readonly duplicates: number;
  readonly outOfOrder: number;
}

export interface StoredFault {
  readonly id?: string | null;
  readonly do: string;
  readonly on: string;
  readonly plannedAtNs: number;
  readonly plannedForNs: number;
  readonly injectedNs: number | null;
  readonly observedNs: number | null;
  readonly liftedNs: number | null;
  readonly readyNs: number | null;
  readonly planned?: number | null;
  readonly injected?: number | null;
  readonly observed?: number | null;
}

export interface StoredWindow {
  readonly fromNs: number;
  readonly toNs: number;
  readonly planned: number;
  readonly healthy: number;
}

export interface StoredEndpoint {
  readonly operation: string;
  readonly title: string;
  readonly windows: readonly StoredWindow[];
  readonly phases: readonly (Pick<
    StoredPhase,
    'name' | 'planned' | 'correct' | 'done' | 'response' | 'completion'
  > & {
    readonly degraded: number;
  })[];
}

export interface StoredEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly transport: string;
  readonly interaction: string;
  readonly windows: readonly StoredWindow[];
  readonly phases: readonly {
    readonly name: string;
    readonly expected: number;
    readonly calls: number;
    readonly attempts: number;
    readonly outcomes: Readonly<Record<string, number>>;
    readonly failedFast: number;
    readonly fallbacks: number;
    readonly ok: StoredSeries;
    readonly failed: StoredSeries;
  }[];
}

export interface StoredService {
  readonly id: string;
  readonly phases: readonly {
    readonly name: string;
    readonly executions: number;
    readonly useful: number;
    readonly late?: number | null;
    readonly repeated?: number | null;
  }[];
  readonly backlog: {
    readonly peak: number;
    readonly peakAtNs: number;
    readonly left: number;
    readonly drainNs: number | null;
  } | null;
}

export interface StoredHops {
  readonly endpoints: readonly StoredEndpoint[];
  readonly edges: readonly StoredEdge[];
  readonly services: readonly StoredService[];
  readonly transitions: readonly {
    readonly to: string;
    readonly atNs: number;
    readonly isFalse?: boolean | null;
  }[];
  readonly protections: readonly { readonly atNs: number }[];
}

export interface StoredWaterfall {
  readonly of: 'response' | 'completion';
  readonly stages: readonly string[];
  /** Number of the bucket, requests in it, then the sum of each stage in ns. */
  readonly buckets: readonly (readonly number[])[];
}

export interface StoredWire {
  readonly calls: number;
  /** Bytes per call. */
  readonly callerSent: number | null;
  readonly callerReceived: number | null;
  readonly serviceSent: number | null;
  readonly serviceReceived: number | null;
}

export interface StoredTrial {
  readonly round: number;
  readonly pattern: string;
  readonly variant?: string | null;
  readonly kind: string;
  readonly case?: string | null;
  readonly state: 'done' | 'failed' | 'skipped';
  readonly failure: string | null;
  readonly planned: number;
  readonly evidence: string;
  readonly phases: readonly StoredPhase[];
  readonly ledgers: readonly StoredLedger[];
  readonly coupling: {
    readonly intended: number;
    readonly served: number;
    readonly finallyDone: number;
    readonly verdict: string;
  } | null;
  readonly faults: readonly StoredFault[];
  readonly hops?: StoredHops | null;
  readonly waterfall?: StoredWaterfall | null;
  readonly validity: { readonly verdict: string; readonly boundQuantiles: readonly number[] };
  readonly load: { readonly verdict: string };
  readonly backlogGrowth?: { readonly perS: number; readonly isGrowing: boolean } | null;
  readonly cost: Readonly<
    Record<`${'caller' | 'service' | 'broker'}${'Us' | 'PeakBytes'}`, number | null>
  > & {
    readonly spans?: { readonly callerNs: number; readonly othersNs: number };
  };
  readonly wire?: StoredWire | null;
  readonly closedLoops?: readonly {
    readonly open: number;
    readonly failed: number;
    readonly acceptedPerS: number | null;
    readonly donePerS: number | null;
    readonly responseP50Us: number | null;
  }[];
  readonly capacity: { readonly acknowledgedPerS: number | null; readonly donePerS: number | null };
  readonly machine: { readonly steal: number | null; readonly others: number | null };
  readonly generator?: {
    readonly loopDelayP99Ns: number;
    readonly loopDelayMaxNs: number;
    readonly gcTotalNs: number;
    readonly gcMaxNs: number;
  } | null;
  readonly contractChange?: {
    readonly version: string;
    readonly change: string | null;
    readonly counts: Readonly<
      Record<'held' | 'refused' | 'caught' | 'deadLettered' | 'skipped' | 'silent' | 'other', number>
    >;
    readonly caughtLate: number;
  } | null;
  /** Only of one experiment each. */
  readonly value?: number;
  readonly arm?: 'a' | 'b';
  readonly ratePerS?: number;
  readonly at?: number | string | null;
  readonly key?: string;
  readonly part?: string;
}

export interface StoredPattern {
  readonly id: string;
  readonly title: string;
  readonly transport: string;
  readonly interaction: string;
  readonly state: string;
  readonly reason: string | null;
  readonly target?: string | null;
  readonly completion?: string | null;
  readonly guarantee: { readonly delivery: string };
  readonly subscribers?: number;
  readonly complexity?: readonly { readonly category: string }[] | null;
  readonly broker?: string | null;
  readonly client: string;
  readonly patience?: 'refuse' | 'wait' | 'keep' | null;
}

interface StoredFaultSpec {
  readonly do: string;
  readonly id?: string;
  readonly on?: string;
  readonly atMs: number;
  readonly factor?: number;
}

interface StoredEdgeSpec {
  readonly id?: string;
  readonly from: string;
  readonly to: string;
  readonly operations?: readonly string[] | null;
  readonly transport: string;
  readonly interaction: string;
}

export interface StoredLoad {
  readonly shape?: string;
  readonly ratePerS?: number;
  readonly peakPerS?: number;
  readonly fromPerS?: number;
  readonly toPerS?: number;
  readonly steps?: readonly { readonly ratePerS: number }[];
}

/** What it changes beside its names. */
export interface StoredVariant {
  readonly id: string;
  readonly title: string;
  readonly optional?: boolean;
  readonly contract?: string;
  readonly load?: StoredLoad;
  readonly service?: { readonly processingMs?: number };
  readonly edges?: readonly (Partial<StoredEdgeSpec> & { readonly id: string })[];
}

export interface StoredCase {
  readonly id: string;
  readonly title: string;
  readonly faults: readonly StoredFaultSpec[];
}

interface StoredScenario {
  readonly name: string;
  readonly patterns: readonly {
    readonly id: string;
    readonly load?: StoredLoad;
    readonly claimed?: {
      readonly latency: string;
      readonly complexity: string;
      readonly coupling: string;
    } | null;
    readonly alternative?: { readonly to: string; readonly by: 'library' | 'settings' } | null;
  }[];
  readonly service?: { readonly processingMs: number };
  readonly load: StoredLoad;
  readonly deadlineMs: number;
  readonly rounds: number;
  readonly warmUp: { readonly concurrency: number };
  readonly idleBusy?: { readonly busyShare: number } | null;
  readonly serviceOutage?: { readonly do: 'kill' | 'freeze' } | null;
  readonly brokerOutage?: { readonly do: 'kill' | 'freeze' } | null;
  readonly reference?: string | null;
  readonly variants?: readonly StoredVariant[];
  readonly services?: readonly { readonly id: string }[];
  readonly edges?: readonly StoredEdgeSpec[];
  readonly faults?: readonly StoredFaultSpec[];
  readonly cases?: readonly StoredCase[];
  readonly thresholds?: readonly string[];
  readonly watchRecovery?: boolean;
}

interface StoredArm {
  readonly scenario: StoredScenario;
  readonly patterns: readonly StoredPattern[];
  /** Only where its trials do not say so. */
  readonly order?: StoredDesign['order'];
}

/** The design of each experiment has other fields; a table reads those of its own. */
export interface StoredDesign {
  readonly order?: readonly {
    readonly pattern: string;
    readonly kind: string;
    readonly variant?: string | null;
    readonly case?: string | null;
  }[];
  /** By pattern, of an earlier calibration. */
  readonly calibration?: Readonly<
    Record<string, { readonly sustainedPerS: number | null; readonly isSustainedAtLeast?: boolean }>
  > | null;
  readonly mode?: 'pairs' | 'switchback';
  readonly kind?: string;
  readonly arms?: Readonly<Record<'a' | 'b', StoredArm>>;
  readonly path?: string;
  readonly values?: readonly number[];
  readonly rounds?: number;
  readonly margin?: number;
  readonly mostPairs?: number;
  readonly quantile?: number;
  readonly range?: { readonly from: number; readonly to: number; readonly within: number };
  readonly question?: 'payload' | 'rate' | 'outage';
  readonly figure?: 'response' | 'completion';
  readonly rule?: {
    readonly looks: readonly number[];
    readonly margin: number;
    readonly leastDeviation: number;
  };
  readonly within?: number;
  readonly entries?: readonly {
    readonly pattern: StoredPattern;
    readonly key: string;
    readonly at: string | null;
    readonly closedLoop: { readonly tool: string; readonly perS: number } | null;
  }[];
}

export interface StoredRecord {
  readonly format: string;
  readonly experiment: string;
  readonly state: string;
  readonly scenario: StoredScenario;
  readonly brokers: readonly { readonly name: string }[];
  readonly patterns: readonly StoredPattern[];
  readonly design: StoredDesign;
  readonly trials: readonly StoredTrial[];
}
