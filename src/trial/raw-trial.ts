import type { Arrivals } from '../measure/logs/arrivals.ts';
import type { Effect } from '../measure/logs/effect-log.ts';
import type { HopEvent } from '../measure/logs/hop-log.ts';
import type { Schedule } from '../measure/schedule.ts';
import type { WireBytes } from '../measure/logs/wire-count.ts';
import type { FaultRecord } from '../record/record.ts';
import type { GeneratorMessages } from './environment/generator-messages.ts';
import type { CompletionCounts } from '../components/target/completion-config.ts';
import type { UsageSample, Used } from './usage.ts';

/** What was seen in one trial, before anything is computed from it. */
export interface RawTrial {
  readonly logs: RawLogs;
  /** What came out where the work of a target is seen to be done; null where nobody looked. */
  readonly completion: CompletionCounts | null;
  /** Sequences that the broker dead-lettered, for each subscriber; empty where it keeps no such place. */
  readonly deadLettered: readonly (readonly number[])[];
  /** Messages that the broker still had for each subscriber, once nobody had any in hand; empty where all was done. */
  readonly held: readonly number[];
  /** What keeps the trial from being judged, in words: no quiescence. */
  readonly missing: readonly string[];
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
  /** Of all services, one after the other; and lines of it that are none. */
  readonly hopLog: { readonly events: readonly HopEvent[]; readonly torn: number };
}

/** Messages of the generator; undefined: that stage was not planned. */
interface GeneratorReports {
  readonly warmed: GeneratorMessages['warmed'] | undefined;
  readonly settled: GeneratorMessages['settled'] | undefined;
  readonly paced: GeneratorMessages['paced'];
  readonly done: GeneratorMessages['done'];
}

interface RawUsage {
  readonly before: UsageSample;
  readonly after: UsageSample;
  /** What the generators of trials beside it used in the measured part; null: it ran alone. */
  readonly besideCpuUs: number | null;
  /** The most memory that each component ever held. */
  readonly peaks: readonly Used[];
  /** Of all services, in the measured part; null: not counted. */
  readonly serviceWire: WireBytes | null;
}
