import { type Clock, NS_PER_S } from '../../kernel/clock.ts';

/** Elapsed and remaining time of a run; estimates are corrected by how well earlier ones held. */
export interface RunClock {
  /** A trial begins, and so much of the run was to be left by the estimate. */
  trialStarted(secondsLeft: number | undefined): void;
  /** `1:42 elapsed, 2:05 left`. */
  text(): string;
}

/** A few trials tell little: no estimate is corrected by more than that. */
const MOST_FACTOR = 2;

export function createRunClock(clock: Clock): RunClock {
  const startNs = clock.nowNs();
  let first: Mark | undefined;
  let last: Mark | undefined;
  return {
    trialStarted(secondsLeft) {
      if (secondsLeft === undefined) return;
      last = { atNs: clock.nowNs(), secondsLeft };
      first ??= last;
    },
    text() {
      const nowNs = clock.nowNs();
      const elapsed = `${minutesText((nowNs - startNs) / NS_PER_S)} elapsed`;
      if (!first || !last) return elapsed;
      const since = (nowNs - last.atNs) / NS_PER_S;
      const left = Math.max(0, last.secondsLeft * factorOf(first, last) - since);
      return `${elapsed}, ${minutesText(left)} left`;
    },
  };
}

interface Mark {
  readonly atNs: number;
  readonly secondsLeft: number;
}

/** Seconds that an estimated second took so far. */
function factorOf(first: Mark, last: Mark): number {
  const estimated = first.secondsLeft - last.secondsLeft;
  if (estimated <= 0) return 1;
  const took = (last.atNs - first.atNs) / NS_PER_S;
  return Math.min(MOST_FACTOR, Math.max(1 / MOST_FACTOR, took / estimated));
}

function minutesText(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
