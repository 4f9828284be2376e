import os from 'node:os';
import type { StartedComponent } from '../kernel/component.ts';
import { NS_PER_MS, NS_PER_S, nowNs, type Nanoseconds } from '../kernel/clock.ts';
import { timeText } from '../measure/validity/limit-text.ts';
import { isProcessStopped } from '../platform/process/proc.ts';

const SAMPLE_MS = 100;
/** A process that is still stopped after this time is not waited for. */
const GIVE_UP_NS = 2 * NS_PER_S;
/** Time in which nothing was sampled, or the machine slept, from which on it is one of those standstills. */
const LONGEST_NS = NS_PER_S;

/** A part of a trial that is watched. */
export interface WatchedPart {
  readonly component: Pick<StartedComponent, 'name' | 'pids'>;
  /** What it is called: `RabbitMQ`, `the service`. */
  readonly title: string;
  /** Times in which a fault may have it stopped, from the start of the load. */
  readonly planned: readonly { readonly fromNs: Nanoseconds; readonly toNs: Nanoseconds }[];
}

/** A part that was stopped, and that no fault was to stop. */
export interface Standstill {
  /** Of its component. */
  readonly name: string;
  readonly words: string;
}

/** Watches the parts of a trial, by the state that the system gives their processes. Disposing ends it. */
export interface StandstillWatch extends Disposable {
  /** Resolves with the first standstill when it is over, or has lasted too long to be waited for. */
  readonly seen: Promise<Standstill>;
  watch(parts: readonly WatchedPart[]): void;
  /** The start of the load, from which times are counted, and its end. */
  begin(startNs: Nanoseconds, endNs: Nanoseconds): void;
  /** A standstill that has not ended yet; undefined: there is none. */
  now(): Standstill | undefined;
  /** The longest time of the load in which this process stood still, in words; empty: there was none. */
  own(): string[];
}

/** Time that the machine has slept since its start, and a constant: the monotonic clock stops meanwhile. */
function asleepNs(): Nanoseconds {
  return os.uptime() * NS_PER_S - nowNs();
}

/** @param asleep another clock of sleep, for tests */
export function watchStandstills(asleep = asleepNs): StandstillWatch {
  const seen = Promise.withResolvers<Standstill>();
  const watched: Watched[] = [];
  let startNs: Nanoseconds | undefined;
  let endNs = Infinity;
  let own: { readonly fromNs: Nanoseconds; readonly forNs: Nanoseconds } | undefined;
  let [lastNs, sleptNs] = [nowNs(), asleep()];
  const timer = setInterval(() => {
    const atNs = nowNs();
    const gapNs = atNs - lastNs - SAMPLE_MS * NS_PER_MS;
    const isInLoad = startNs !== undefined && startNs < atNs && lastNs < endNs;
    if (isInLoad && gapNs > (own?.forNs ?? LONGEST_NS)) own = { fromNs: lastNs, forNs: gapNs };
    const sleep = asleep() - sleptNs;
    if (sleep > LONGEST_NS) seen.resolve(sleepOf(sleep, lastNs, startNs));
    [lastNs, sleptNs] = [atNs, sleptNs + sleep];
    for (const one of watched) {
      const found = sample(one, atNs, startNs);
      if (found) seen.resolve(found);
    }
  }, SAMPLE_MS);
  return {
    seen: seen.promise,
    watch: (parts) => {
      for (const part of parts)
        watched.push({ part, pids: part.component.pids, samples: 0, stoppedNs: undefined });
    },
    begin: (...load) => void ([startNs, endNs] = load),
    now() {
      const one = watched.find(({ stoppedNs }) => stoppedNs !== undefined);
      return one && standstillOf(one, startNs);
    },
    own: () =>
      own
        ? [`commbench itself stood still for ${timeText(own.forNs)} ${sinceText(own.fromNs, startNs)}`]
        : [],
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** Samples between two looks at which processes there are: a tree of a user's program takes a while to list. */
const LIST_EVERY = 10;

interface Watched {
  readonly part: WatchedPart;
  pids: readonly number[];
  samples: number;
  /** Since when it is seen to be stopped, unplanned. */
  stoppedNs: Nanoseconds | undefined;
}

function sample(one: Watched, atNs: Nanoseconds, startNs: Nanoseconds | undefined): Standstill | undefined {
  const { part, stoppedNs } = one;
  if (one.samples++ % LIST_EVERY === 0) one.pids = part.component.pids;
  const isStill = one.pids.some((pid) => isProcessStopped(pid) === true) && !isPlanned(part, atNs, startNs);
  if (stoppedNs === undefined) {
    if (isStill) one.stoppedNs = atNs;
    return undefined;
  }
  if (isStill && atNs - stoppedNs < GIVE_UP_NS) return undefined;
  return standstillOf(one, startNs, isStill ? undefined : atNs);
}

/** @param endNs undefined: it lasts */
function standstillOf(
  { part: { title, component }, stoppedNs }: Watched,
  startNs: Nanoseconds | undefined,
  endNs?: Nanoseconds,
): Standstill {
  const long = endNs === undefined ? '' : ` for ${timeText(endNs - stoppedNs!)}`;
  const words = `${title} stood still${long} ${sinceText(stoppedNs!, startNs)}, and nobody planned it`;
  return { name: component.name, words };
}

function sleepOf(forNs: Nanoseconds, fromNs: Nanoseconds, startNs: Nanoseconds | undefined): Standstill {
  return { name: 'machine', words: `the machine slept for ${timeText(forNs)} ${sinceText(fromNs, startNs)}` };
}

function isPlanned({ planned }: WatchedPart, atNs: Nanoseconds, startNs: Nanoseconds | undefined): boolean {
  if (startNs === undefined) return false;
  const sinceNs = atNs - startNs;
  return planned.some(({ fromNs, toNs }) => fromNs <= sinceNs && sinceNs < toNs);
}

function sinceText(stoppedNs: Nanoseconds, startNs: Nanoseconds | undefined): string {
  const sinceNs = startNs === undefined ? -1 : stoppedNs - startNs;
  return sinceNs < 0 ? 'before the load' : `from ${(sinceNs / NS_PER_S).toFixed(1)} s on`;
}
