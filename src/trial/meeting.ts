import { NS_PER_MS, nowNs, type Nanoseconds } from '../kernel/clock.ts';

/** Where trials that run at once wait for each other: their loads begin at one instant, and nobody leaves early. */
export interface Meeting {
  /** Everything is prepared. Resolves when all are: when the loads begin, and which processes belong to the others. */
  begin(pids: readonly number[], leadMs: number): Promise<BegunTrial>;
  /** Quiescence. Resolves when all have come to it: what the others' generators used in the measured part. */
  end(generatorCpuUs: number): Promise<number>;
  /** Somebody will not come any more: whoever waits, or will, is told the reason. */
  fail(reason: unknown): void;
}

export interface BegunTrial {
  readonly startNs: Nanoseconds;
  readonly othersPids: readonly number[];
}

export function openMeeting(parties: number): Meeting {
  const beginning = createBarrier<{ readonly atNs: Nanoseconds; readonly pids: readonly number[] }>(parties);
  const ending = createBarrier<{ readonly cpuUs: number }>(parties);
  return {
    async begin(pids, leadMs) {
      const own = { atNs: nowNs(), pids };
      const all = await beginning.arrive(own);
      return {
        startNs: Math.max(...all.map(({ atNs }) => atNs)) + leadMs * NS_PER_MS,
        othersPids: all.filter((one) => one !== own).flatMap((one) => one.pids),
      };
    },
    async end(cpuUs) {
      const own = { cpuUs };
      const all = await ending.arrive(own);
      return all.filter((one) => one !== own).reduce((sum, one) => sum + one.cpuUs, 0);
    },
    fail(reason) {
      beginning.fail(reason);
      ending.fail(reason);
    },
  };
}

function createBarrier<T>(parties: number) {
  const here: T[] = [];
  const all = Promise.withResolvers<readonly T[]>();
  // Nobody may be waiting when it fails.
  all.promise.catch(() => undefined);
  return {
    fail: all.reject,
    arrive(one: T): Promise<readonly T[]> {
      here.push(one);
      if (here.length === parties) all.resolve(here);
      return all.promise;
    },
  };
}
