import { isUsedFor, kindByName } from '../plan/kinds/kinds.ts';
import type { Trial } from '../record/record.ts';

/** The current trial: of a planned run, or named by its experiment. */
export type TrialLabel = PlannedTrial | NamedTrial;

interface RunLeft {
  /** Estimated seconds of the run left at this trial's start; absent: unknown. */
  readonly runSecondsLeft?: number;
}

interface NamedTrial extends RunLeft {
  readonly name: string;
}

interface PlannedTrial extends RunLeft {
  readonly round: number;
  readonly rounds: number;
  /** Number in the run's order, from 1. */
  readonly index: number;
  readonly count: number;
  readonly pattern: string;
  /** Title of the variant, where the scenario has some. */
  readonly variant: string | null;
  readonly kind: string;
  /** Title of the case, for a trial with faults that has one. */
  readonly case?: string | undefined;
}

export interface LiveFigures {
  /** Completed work per second, from the effect log. */
  readonly ratePerS: number;
  /** Median completion time of the last interval in ms; null where nothing was completed in it. */
  readonly p50Ms: number | null;
}

/** Current stage of a trial. */
export interface TrialStage {
  readonly name: string;
  /** Seconds to the end of the trial's load; null: unknown. */
  readonly secondsLeft: number | null;
  /** Effect and age of the current fault: `service killed 1.2 s ago`. */
  readonly fault?: string;
}

/** End of a trial; `unusable` is done but not valid. */
export type TrialEnd = Trial['state'] | 'unusable';

/** Display for a person while the run goes on. No measured data passes through it. */
export interface Progress {
  /** Prints a permanent line. */
  line(text: string): void;
  trialStarted(label: TrialLabel): void;
  /** A stage of the trial began, or continues. */
  phase(stage: TrialStage): void;
  live(figures: LiveFigures): void;
  /** `summary`: one short sentence; for a failed, skipped or unusable trial the reason. */
  trialEnded(label: TrialLabel, end: TrialEnd, summary: string): void;
  /** Removes the live line and stops all timers. */
  close(): void;
}

/** For `--quiet`. */
export const silentProgress: Progress = {
  line() {},
  trialStarted() {},
  phase() {},
  live() {},
  trialEnded() {},
  close() {},
};

/** Example: `3/14 REST, round 2 of 5`. */
export function trialLabelText(label: TrialLabel): string {
  if ('name' in label) return label.name;
  const { index, count, pattern, variant, kind, round, rounds, case: title } = label;
  const what = kindByName(kind).words.progress({ round, rounds, case: title });
  return `${index}/${count} ${[pattern, variant, what].filter(Boolean).join(', ')}`;
}

type Ended = Pick<Trial, 'state' | 'kind' | 'validity' | 'failure' | 'load'>;

/** A trial that is done but not valid is reported at once. Byte counts do not depend on time, and are exempt. */
export function endOf({ state, kind, validity }: Ended): TrialEnd {
  const isUsable = validity.verdict === 'valid' || isUsedFor(kind, 'traffic');
  return state === 'done' && !isUsable ? 'unusable' : state;
}

const WHY = { incomplete: 'incomplete', 'generator-bound': 'load generator late', disturbed: 'noisy host' };

/** Example: `valid, sustained`; or the cause: `noisy host: other programs used 57 % of the CPU`. */
export function endText(trial: Ended): string {
  const { failure, validity, load } = trial;
  if (failure !== null) return failure;
  const { verdict, causes } = validity;
  if (verdict === 'valid') return `valid, ${load.verdict}`;
  const detail = causes.find(({ cause }) => cause === verdict)?.detail;
  return detail === undefined ? WHY[verdict] : `${WHY[verdict]}: ${detail}`;
}
