import { isUsedFor, kindByName } from '../plan/kinds/kinds.ts';
import type { Trial } from '../record/record.ts';

/** Which trial is on: of a run that was planned whole, or named by who runs it. */
export type TrialLabel = PlannedTrial | NamedTrial;

interface RunLeft {
  /** Of the whole run, from this trial's start on, as estimated before it; absent: nobody knows. */
  readonly runSecondsLeft?: number;
}

interface NamedTrial extends RunLeft {
  readonly name: string;
}

interface PlannedTrial extends RunLeft {
  readonly round: number;
  readonly rounds: number;
  /** Place in the run's order, from 1. */
  readonly index: number;
  readonly count: number;
  readonly pattern: string;
  /** Title of the variant, where the scenario has some. */
  readonly variant: string | null;
  readonly kind: string;
  /** Title of the case, of a trial with faults that has one. */
  readonly case?: string | undefined;
}

export interface LiveFigures {
  /** Completed work per second, from the effect log. */
  readonly ratePerS: number;
  /** Completion time of the last interval, milliseconds; null where nothing was completed in it. */
  readonly p50Ms: number | null;
}

/** What is being done in a trial. */
export interface TrialStage {
  readonly name: string;
  /** To the end of the trial's load; null: not known. */
  readonly secondsLeft: number | null;
  /** What the fault that is on has done, and how long ago: `service killed 1.2 s ago`. */
  readonly fault?: string;
}

/** How a trial ended: `done` is one that may be used. */
export type TrialEnd = Trial['state'] | 'unusable';

/** What a person sees while the run goes on. It only displays: nothing that is measured passes through it. */
export interface Progress {
  /** A line that stays. */
  line(text: string): void;
  trialStarted(label: TrialLabel): void;
  /** A stage of the trial began, or goes on. */
  phase(stage: TrialStage): void;
  live(figures: LiveFigures): void;
  /** `summary`: one short sentence, for a failed, skipped or unusable trial why. */
  trialEnded(label: TrialLabel, end: TrialEnd, summary: string): void;
  /** Takes the live line away and stops all timers. */
  close(): void;
}

/** `--quiet`. */
export const silentProgress: Progress = {
  line() {},
  trialStarted() {},
  phase() {},
  live() {},
  trialEnded() {},
  close() {},
};

/** `3/14 REST, round 2 of 5`. */
export function trialLabelText(label: TrialLabel): string {
  if ('name' in label) return label.name;
  const { index, count, pattern, variant, kind, round, rounds, case: title } = label;
  const what = kindByName(kind).words.progress({ round, rounds, case: title });
  return `${index}/${count} ${[pattern, variant, what].filter(Boolean).join(', ')}`;
}

type Ended = Pick<Trial, 'state' | 'kind' | 'validity' | 'failure' | 'load'>;

/** A trial that is done and not valid is of no use, and said to be so at once. Bytes are no matter of time. */
export function endOf({ state, kind, validity }: Ended): TrialEnd {
  const isUsable = validity.verdict === 'valid' || isUsedFor(kind, 'traffic');
  return state === 'done' && !isUsable ? 'unusable' : state;
}

const WHY = { incomplete: 'incomplete', 'generator-bound': 'load generator late', disturbed: 'noisy host' };

/** `valid, sustained`; of one that is of no use, why: `noisy host: other programs used 57 % of the CPU`. */
export function endText(trial: Ended): string {
  const { failure, validity, load } = trial;
  if (failure !== null) return failure;
  const { verdict, causes } = validity;
  if (verdict === 'valid') return `valid, ${load.verdict}`;
  const detail = causes.find(({ cause }) => cause === verdict)?.detail;
  return detail === undefined ? WHY[verdict] : `${WHY[verdict]}: ${detail}`;
}
