import type { StoredPhase, StoredTrial } from '../pages/stored.ts';
import { blockMedian } from './medians.ts';
import { capacityOf, doneTrials, type PatternLine, plannedIn, secondsOf } from './patterns.ts';
import { type Interval, ratioWithInterval } from './student.ts';

/** Idle and busy in turn: each busy block with the idle one before it. */

export function blocksOf(line: PatternLine, kind: 'idle' | 'busy'): StoredPhase[] {
  return doneTrials(line, 'idle-busy').flatMap(({ phases }) =>
    phases.filter(({ name }) => name.startsWith(`${kind}-`)),
  );
}

export function busyOverIdle(line: PatternLine): Interval | undefined {
  return ratioWithInterval(doneTrials(line, 'idle-busy').flatMap(ratiosOf), 0.95);
}

function ratiosOf(trial: StoredTrial): number[] {
  return trial.phases.flatMap((idle) => {
    const [, number] = /^idle-(.*)$/.exec(idle.name) ?? [];
    if (number === undefined) return [];
    const busy = trial.phases.find(({ name }) => name === `busy-${number}`);
    const [of, us] = [blockMedian(trial, idle), blockMedian(trial, busy)];
    return of === undefined || us === undefined ? [] : [us / of];
  });
}

export function busyRate(line: PatternLine): number | undefined {
  const busy = blocksOf(line, 'busy');
  return busy.length === 0 ? undefined : plannedIn(busy) / secondsOf(busy);
}

export function shareReached(line: PatternLine): number | undefined {
  const [perS, capacity] = [busyRate(line), capacityOf(doneTrials(line, 'latency'))];
  return perS === undefined || capacity === undefined ? undefined : perS / capacity;
}

const TIMES = 2;
const NEAR_END = 1.5;
/** Arrivals are whole numbers: a block may fall short by this much. */
const NEARLY = 0.95;

/** Variable: p50 differs more than twice, the near end of the interval beyond 1.5. */
export function variability(line: PatternLine): 'variable' | 'steady' | 'inconclusive' {
  const found = busyOverIdle(line);
  if (!found) return 'inconclusive';
  const { mean, low, high } = found;
  const isSlower = mean > TIMES && low > NEAR_END;
  const isFaster = mean < 1 / TIMES && high < 1 / NEAR_END;
  if (isSlower || isFaster) return 'variable';
  const wanted = NEARLY * (line.record.scenario.idleBusy?.busyShare ?? 1);
  const isBusyEnough = (shareReached(line) ?? Infinity) >= wanted;
  return low >= 1 / TIMES && high <= TIMES && isBusyEnough ? 'steady' : 'inconclusive';
}
