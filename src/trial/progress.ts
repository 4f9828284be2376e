import type { Trial, TrialKind } from '../record/record.ts';

/** Which trial is on: of a run that was planned whole, or named by who runs it. */
export type TrialLabel = PlannedTrial | { readonly name: string };

interface PlannedTrial {
  readonly round: number;
  readonly rounds: number;
  /** Place in the run's order, from 1. */
  readonly index: number;
  readonly count: number;
  readonly pattern: string;
  /** Title of the variant, where the scenario has some. */
  readonly variant: string | null;
  readonly kind: TrialKind;
  /** Title of the case, of a trial with faults that has one. */
  readonly case?: string | undefined;
}

export interface LiveFigures {
  /** Work done per second, from the effect log. */
  readonly ratePerS: number;
  /** Completion time of the last interval, milliseconds; null where nothing was done in it. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** What a person sees while the run goes on. It only displays: nothing that is measured passes through it. */
export interface Progress {
  /** A line that stays. */
  line(text: string): void;
  trialStarted(label: TrialLabel): void;
  /** A stage of the trial began; `secondsLeft` to its end where that is known. */
  phase(name: string, secondsLeft: number | null): void;
  live(figures: LiveFigures): void;
  /** `summary`: one short sentence, for a failed or skipped trial why. */
  trialEnded(label: TrialLabel, state: Trial['state'], summary: string): void;
  /** Takes the live lines away and stops all timers. */
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
export function trialName(label: TrialLabel): string {
  if ('name' in label) return label.name;
  const { index, count, pattern, variant, kind, round, rounds, case: title } = label;
  const what = {
    latency: `round ${round} of ${rounds}`,
    'service-outage': 'service killed or frozen',
    'broker-outage': 'broker killed or frozen',
    'idle-busy': 'idle and busy',
    'wire-bytes': 'counting bytes',
    noop: 'no-op baseline',
    fault: title ?? 'with faults',
    control: 'control, without faults',
  }[kind];
  return `${index}/${count} ${[pattern, variant, what].filter(Boolean).join(', ')}`;
}
