import { isAnswered } from '../../contracts/interactions.ts';
import { NS_PER_MS, NS_PER_S, type Nanoseconds } from '../../kernel/clock.ts';
import type { Effect } from '../../measure/logs/effect-log.ts';
import type { HopEvent } from '../../measure/logs/hop-log.ts';
import type { IntendedTimes } from '../../measure/figures/join.ts';
import type { FanOutAt } from '../../measure/figures/fan-out.ts';
import { firstFrom } from '../../plan/fault-window.ts';
import { fanOutIn } from '../../plan/late-work.ts';
import type { TrialSpec } from '../../plan/spec.ts';

/** Time that the figures of one moment look back. */
const WINDOW_NS = NS_PER_S;
/** The same of amplification: a retry comes later than its arrival. */
const FLOW_WINDOW_NS = 2 * NS_PER_S;
/** Fewer expected attempts make no ratio. */
const FEWEST = 10;

export type BreakerState = 'closed' | 'opened' | 'half-open';

/** Figures of one moment, for display: by the logs of the services alone, as the generator is not asked. */
export interface SessionFigures {
  readonly atMs: number;
  /** Arrivals due in the last second. */
  readonly duePerS: number;
  /** Arrivals whose work the first service did in the last second, within the deadline. */
  readonly goodputPerS: number;
  /** Quantiles of the time from the intended instant to the work done; null: none was done. */
  readonly p50Ms: number | null;
  readonly slowestMs: number | null;
  /** Arrivals that are due and not done; of those that somebody waits for, until their deadline. */
  readonly backlog: number;
  readonly services: readonly ServiceMoment[];
  readonly edges: readonly EdgeMoment[];
}

export interface ServiceMoment {
  /** Effects in the last second. */
  readonly donePerS: number;
  /** Attempts into it over those that the same arrivals take when nothing fails; null: too few. */
  readonly amplification: number | null;
}

interface EdgeMoment {
  readonly attemptsPerS: number;
  /** Attempts that failed. */
  readonly failedPerS: number;
  /** Calls that its policies let not through. */
  readonly rejectedPerS: number;
}

/** A change of a breaker's state. */
export interface Transition {
  /** Index of the edge. */
  readonly edge: number;
  readonly state: BreakerState;
  readonly atMs: number;
  readonly cause: string;
}

/** What the figures are made of. */
export interface SessionLogs {
  readonly spec: TrialSpec;
  readonly startNs: Nanoseconds;
  readonly schedule: IntendedTimes;
  /** All effects so far; it grows. */
  readonly effects: readonly Effect[];
  /** Events since the last call. */
  hopEvents(): readonly HopEvent[];
}

/** Instants of what happened lately, in about their order. */
class Recent<T = null> {
  #all: { readonly atNs: Nanoseconds; readonly value: T }[] = [];

  add(atNs: Nanoseconds, value: T): void {
    this.#all.push({ atNs, value });
  }

  /** Those since an instant; older ones are forgotten. */
  since(fromNs: Nanoseconds): T[] {
    this.#all = this.#all.filter(({ atNs }) => atNs >= fromNs);
    return this.#all.map(({ value }) => value);
  }
}

interface EdgeBook {
  readonly attempts: Recent;
  readonly failed: Recent;
  readonly rejected: Recent;
}

/** Reads logs as they grow, and says what the last second was like. */
export class SessionWatch {
  /** Every change of a breaker's state so far. */
  readonly transitions: Transition[] = [];
  readonly #logs: SessionLogs;
  readonly #fanOut: FanOutAt;
  readonly #isAwaited: boolean;
  readonly #done: Recent<{ readonly tookNs: Nanoseconds }> = new Recent();
  readonly #work: Recent[];
  readonly #edges: EdgeBook[];
  /** Edge of each attempt that has not ended. */
  readonly #attempts = new Map<number, number>();
  /** Due and neither done nor failed, with the effects still missing. */
  readonly #open = new Map<number, number>();
  /** Done or failed before they were seen to be due. */
  readonly #early = new Map<number, number>();
  /** Done, or failed. */
  readonly #ended = new Set<number>();
  #read = 0;
  #due = 0;

  constructor(logs: SessionLogs) {
    const { topology, pattern } = logs.spec.system;
    this.#logs = logs;
    this.#fanOut = fanOutIn(logs.spec);
    this.#isAwaited = isAnswered(pattern.interaction);
    const services = topology?.services.length ?? pattern.subscribers;
    this.#work = Array.from({ length: services }, () => new Recent());
    this.#edges = (topology?.edges ?? []).map(() => {
      return { attempts: new Recent(), failed: new Recent(), rejected: new Recent() };
    });
  }

  at(nowNs: Nanoseconds): SessionFigures {
    const { startNs, schedule } = this.#logs;
    this.#takeDue(nowNs);
    this.#takeEffects();
    for (const event of this.#logs.hopEvents()) this.#takeEvent(event);
    const { deadlineMs } = this.#logs.spec.load;
    const deadlineNs = deadlineMs * NS_PER_MS;
    if (this.#isAwaited) this.#forgetBefore(nowNs - deadlineNs);
    const fromNs = nowNs - WINDOW_NS;
    // At the start less than the whole window has passed.
    const flowS = Math.min(FLOW_WINDOW_NS, Math.max(NS_PER_S, nowNs - startNs)) / NS_PER_S;
    const took = this.#done
      .since(fromNs)
      .map(({ tookNs }) => tookNs)
      .toSorted((a, b) => a - b);
    // A second has too few calls for a percentile near the end.
    const [middle, slowest] = [took[Math.ceil(took.length / 2) - 1], took.at(-1)];
    return {
      atMs: (nowNs - startNs) / NS_PER_MS,
      duePerS: this.#due - firstFrom(schedule, fromNs + 1 - startNs),
      goodputPerS: took.filter((ns) => ns <= deadlineNs).length,
      p50Ms: middle === undefined ? null : middle / NS_PER_MS,
      slowestMs: slowest === undefined ? null : slowest / NS_PER_MS,
      backlog: this.#open.size,
      services: this.#servicesAt(nowNs),
      edges: this.#edges.map(({ attempts, failed, rejected }) => ({
        attemptsPerS: attempts.since(nowNs - FLOW_WINDOW_NS).length / flowS,
        failedPerS: failed.since(fromNs).length,
        rejectedPerS: rejected.since(fromNs).length,
      })),
    };
  }

  #servicesAt(nowNs: Nanoseconds): ServiceMoment[] {
    const { topology } = this.#logs.spec.system;
    const expected = this.#expectedSince(nowNs - FLOW_WINDOW_NS);
    return this.#work.map((work, service) => {
      const into = topology?.edges.flatMap(({ to }, edge) => (to === service ? [edge] : [])) ?? [];
      const attempts = into.reduce(
        (sum, edge) => sum + this.#edges[edge]!.attempts.since(nowNs - FLOW_WINDOW_NS).length,
        0,
      );
      const isKnown = into.length > 0 && expected[service]! >= FEWEST;
      return {
        donePerS: work.since(nowNs - WINDOW_NS).length,
        amplification: isKnown ? attempts / expected[service]! : null,
      };
    });
  }

  /** Executions of each service by the arrivals due since an instant, when nothing fails. */
  #expectedSince(fromNs: Nanoseconds): number[] {
    const { startNs, schedule } = this.#logs;
    const sums = this.#work.map(() => 0);
    for (let i = firstFrom(schedule, fromNs - startNs); i < this.#due; i++) {
      for (const [service, times] of this.#fanOut(i).entries()) sums[service]! += times;
    }
    return sums;
  }

  #takeDue(nowNs: Nanoseconds): void {
    const { startNs, schedule, spec } = this.#logs;
    const { topology, pattern } = spec.system;
    for (; this.#due < schedule.count && startNs + schedule.intendedNs(this.#due) <= nowNs; this.#due++) {
      const missing = (topology ? 1 : pattern.subscribers) - (this.#early.get(this.#due) ?? 0);
      this.#early.delete(this.#due);
      if (missing > 0) this.#open.set(this.#due, missing);
    }
  }

  #takeEffects(): void {
    const { effects, spec, startNs, schedule } = this.#logs;
    for (; this.#read < effects.length; this.#read++) {
      const { trial, stage, sequence, subscriber, completedNs } = effects[this.#read]!;
      if (trial !== spec.id || stage !== 'measured') continue;
      this.#work[subscriber]?.add(completedNs, null);
      // Of a topology the first service replies; of subscribers the last one completes.
      if (spec.system.topology && subscriber > 0) continue;
      // What is done again, or after its caller was told that it failed, is no further answer.
      if (this.#ended.has(sequence) || !this.#close(sequence, 1)) continue;
      this.#ended.add(sequence);
      this.#done.add(completedNs, { tookNs: completedNs - startNs - schedule.intendedNs(sequence) });
    }
  }

  /** @returns whether nothing of it is missing any more */
  #close(sequence: number, effects: number): boolean {
    const missing = this.#open.get(sequence);
    if (missing === undefined) {
      if (sequence >= this.#due) this.#early.set(sequence, (this.#early.get(sequence) ?? 0) + effects);
      return true;
    }
    if (missing > effects) this.#open.set(sequence, missing - effects);
    else this.#open.delete(sequence);
    return missing <= effects;
  }

  #takeEvent(event: HopEvent): void {
    switch (event.type) {
      case 'attempt':
        this.#attempts.set(event.call, event.edge);
        this.#edges[event.edge]!.attempts.add(event.atNs, null);
        return;
      case 'ended': {
        const edge = this.#attempts.get(event.call);
        this.#attempts.delete(event.call);
        if (edge !== undefined && event.outcome !== 'ok') this.#edges[edge]!.failed.add(event.atNs, null);
        return;
      }
      case 'call':
        // The first service then fails its own caller, the generator.
        if (event.parent === 0 && event.outcome !== 'ok' && !event.fallback) {
          this.#close(event.sequence, Infinity);
          this.#ended.add(event.sequence);
        }
        return;
      case 'policy':
        return this.#takePolicy(event);
      default:
    }
  }

  #takePolicy({ edge, what, cause, atNs }: Extract<HopEvent, { type: 'policy' }>): void {
    const book = this.#edges[edge]!;
    if (what === 'rejected') book.rejected.add(atNs, null);
    if (what !== 'opened' && what !== 'half-open' && what !== 'closed') return;
    this.transitions.push({ edge, state: what, atMs: (atNs - this.#logs.startNs) / NS_PER_MS, cause });
  }

  #forgetBefore(intendedNs: Nanoseconds): void {
    const first = firstFrom(this.#logs.schedule, intendedNs - this.#logs.startNs);
    for (const sequence of this.#open.keys()) {
      if (sequence >= first) return;
      this.#open.delete(sequence);
    }
  }
}
