import { NS_PER_MS, nowNs, type Nanoseconds } from '../kernel/clock.ts';

/** Meeting of concurrent trials: their loads begin at one instant, and none leaves early. */
export interface Meeting {
  /** Called when prepared. Resolves when all are, with the start of the loads and the processes of the other trials. */
  begin(pids: readonly number[], leadMs: number): Promise<BegunTrial>;
  /**
   * Called at quiescence. Resolves when all are there, with the CPU that the other generators used in the measured
   * part.
   */
  end(generatorCpuUs: number): Promise<number>;
  /** Cancels the meeting: present and later waits reject with the reason. */
  fail(reason: unknown): void;
}

interface BegunTrial {
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
  // There may be no wait when it fails.
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
