import type { ClosedLoopReport } from '../measure/figures/closed-loop.ts';
import type { Arrivals } from '../measure/logs/arrivals.ts';
import type { Effect } from '../measure/logs/effect-log.ts';
import type { HopEvent } from '../measure/logs/hop-log.ts';
import type { Schedule } from '../measure/schedule.ts';
import type { WireBytes } from '../measure/logs/wire-count.ts';
import type { FaultRecord } from '../record/record.ts';
import type { GeneratorMessages } from './environment/generator-messages.ts';
import type { CompletionCounts } from '../components/target/completion-config.ts';
import type { UsageSample, Used } from './usage.ts';

/** Raw observations of one trial, before any computation. */
export interface RawTrial {
  readonly logs: RawLogs;
  /** Completions of a target's work; null where they are not observed. */
  readonly completion: CompletionCounts | null;
  /** Sequences that the broker dead-lettered, for each subscriber; empty where it has no dead-letter queue. */
  readonly deadLettered: readonly (readonly number[])[];
  /**
   * Messages that the broker still had for each subscriber once no service had any in hand; empty where all was done.
   */
  readonly held: readonly number[];
  /** Reasons in words why the trial is incomplete: no quiescence. */
  readonly missing: readonly string[];
  /** How long this process stood still in the load, in words; empty: it did not. */
  readonly ownStandstill: readonly string[];
  readonly generator: GeneratorReports;
  readonly faults: readonly FaultRecord[];
  readonly usage: RawUsage;
}

interface RawLogs {
  readonly schedule: Schedule;
  readonly arrivals: Arrivals;
  readonly effects: readonly Effect[];
  /** Torn records of the effect logs. */
  readonly torn: number;
  /** Events of all services, one service after the other, and the number of torn lines. */
  readonly hopLog: { readonly events: readonly HopEvent[]; readonly torn: number };
}

/** Messages of the generator; undefined: that stage was not planned. */
interface GeneratorReports {
  readonly warmed: GeneratorMessages['warmed'] | undefined;
  /** In the order in which they ran; empty where none was planned. */
  readonly loops: readonly ClosedLoopReport[];
  readonly settled: GeneratorMessages['settled'] | undefined;
  readonly paced: GeneratorMessages['paced'];
  readonly done: GeneratorMessages['done'];
}

interface RawUsage {
  readonly before: UsageSample;
  readonly after: UsageSample;
  /** CPU of concurrent trials' generators in the measured part; null: it ran alone. */
  readonly besideCpuUs: number | null;
  /** Peak memory of each component. */
  readonly peaks: readonly Used[];
  /** Bytes of all services in the measured part; null: not counted. */
  readonly serviceWire: WireBytes | null;
}
