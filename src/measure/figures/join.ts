import { NS_PER_MS, NS_PER_S, type Nanoseconds } from '../../kernel/clock.ts';
import { failureName, type Outcome } from '../../kernel/outcome.ts';
import { type Arrivals, outcomeAt } from '../logs/arrivals.ts';
import type { Effect } from '../logs/effect-log.ts';
import type { FanOutAt } from './fan-out.ts';
import type { Ledger, OutcomeCounts, Phase, Series } from './figures.ts';
import { SeriesBuilder } from './histogram.ts';
import { ledgerOf } from './ledger.ts';
import { checkPhases, phaseIndex, type PhaseSpan } from './phases.ts';
import { type StreamSource, type Streams, streamsOf } from './streams.ts';
import { completedNs, firstCompletedNs, type Tally, tallyEffects } from './tally.ts';

/** Intended instants of arrivals, in ns from the start of the measured load (schedule.ts makes these). */
export interface IntendedTimes {
  readonly count: number;
  intendedNs(index: number): Nanoseconds;
}

export interface TrialEvidence {
  readonly trial: number;
  readonly schedule: IntendedTimes;
  /** All shards together: place i is arrival i of the schedule. */
  readonly arrivals: Arrivals;
  /** The effect logs of every service of the trial, read at quiescence; other trials' records may be among them. */
  readonly effects: Iterable<Effect>;
  /** In order, without gaps. Instants before the first phase or after the last belong to that one. */
  readonly phases: readonly PhaseSpan[];
  readonly deadlineNs: Nanoseconds;
  /** Number of subscribers that each get everything; 1 for other interactions; 0 without an effect log. */
  readonly subscribers: number;
  /** Executions per service of a topology, whose services are the subscribers; absent: once each. */
  readonly fanOut?: FanOutAt;
  /** Sequences that the broker dead-lettered, by subscriber; absent where it has no dead letters. */
  readonly deadLettered?: readonly ReadonlySet<number>[];
  /** Messages that the broker would still deliver, by subscriber; absent: none. */
  readonly held?: readonly number[];
  /** Absent where nothing is measured as a stream. */
  readonly streams?: StreamSource;
}

export interface TrialFigures {
  readonly planned: number;
  /** Planned but never dispatched. */
  readonly unsent: number;
  readonly phases: Phase[];
  /** One per subscriber. */
  readonly ledgers: Ledger[];
  /** Effects of this trial that no planned arrival or expected subscriber explains. */
  readonly unexplained: number;
  readonly maxConcurrent: number;
  /** Planned arrivals not yet done when the last one was due. */
  readonly backlogAtLastArrival: number;
  /** Arrivals due in the second that ends with the last one, this one included. */
  readonly arrivalsInLastSecond: number;
  /** Time from the last arrival's intended instant to the last effect. */
  readonly drainMs: number;
}

/**
 * Joins the generator's instants with the effect log (DESIGN 3.2, 3.3): from raw instants to figures. Latencies count
 * from the *intended* instant, which also decides the phase. An event that did not happen leaves no sample, but counts
 * in every denominator.
 * @throws RangeError where arrivals and schedule differ in length
 */
export function measureTrial(evidence: TrialEvidence): TrialFigures {
  const { trial, schedule, arrivals, phases, subscribers, fanOut } = evidence;
  const { count } = schedule;
  if (arrivals.count !== count) throw new RangeError(`Expected ${count} arrivals, found ${arrivals.count}`);
  checkPhases(phases);
  const tally = tallyEffects({ trial, count, subscribers, ...(fanOut ? { fanOut } : {}) }, evidence.effects);
  const books = phases.map((span) => new PhaseBook(span, evidence));
  for (let i = 0; i < count; i++) {
    const offsetNs = schedule.intendedNs(i);
    books[phaseIndex(phases, offsetNs)]!.enter(i, offsetNs, tally);
  }
  const lastDueNs = count === 0 ? NaN : arrivals.startNs + schedule.intendedNs(count - 1);
  const streams = streamsOf(evidence, tally, evidence.streams);
  const built = books.map((book, i) => book.close(streams[i]!));
  return {
    planned: count,
    unsent: built.reduce((sum, phase) => sum + (phase.outcomes.unsent ?? 0), 0),
    phases: built,
    ledgers: tally.subscribers.map((of) => {
      const { [of.subscriber]: deadLettered } = evidence.deadLettered ?? [];
      return ledgerOf(arrivals, of, { deadLettered, held: evidence.held?.[of.subscriber] });
    }),
    unexplained: tally.unexplained,
    maxConcurrent: tally.maxConcurrent,
    backlogAtLastArrival: subscribers === 0 ? 0 : backlogAt(lastDueNs, tally, count),
    arrivalsInLastSecond: countInLastSecond(schedule),
    drainMs: Math.max(0, (tally.lastNs - lastDueNs) / NS_PER_MS || 0),
  };
}

function countInLastSecond(schedule: IntendedTimes): number {
  const last = schedule.count - 1;
  let n = 0;
  while (n <= last && schedule.intendedNs(last - n) > schedule.intendedNs(last) - NS_PER_S) n++;
  return n;
}

/** Arrivals (all are due by then) whose work was not done at an instant. */
function backlogAt(atNs: Nanoseconds, tally: Tally, count: number): number {
  let open = 0;
  // Written so that NaN, never done, counts.
  for (let i = 0; i < count; i++) if (!(completedNs(tally, i) <= atNs)) open++;
  return open;
}

/** Private state of one phase while its arrivals are entered. */
class PhaseBook {
  readonly #span: PhaseSpan;
  readonly #evidence: TrialEvidence;
  readonly #outcomes: OutcomeCounts = {};
  readonly #failures: Record<string, number> = {};
  readonly #statuses: Record<string, number> = {};
  readonly #failedAfter = new Map<Outcome, SeriesBuilder>();
  readonly #dispatchLag: SeriesBuilder;
  readonly #serviceTime: SeriesBuilder;
  readonly #response: SeriesBuilder;
  readonly #connectionWait: SeriesBuilder;
  readonly #completion: SeriesBuilder;
  readonly #firstCompletion: SeriesBuilder;
  #planned = 0;
  #correct = 0;
  #unconfirmed = 0;
  #done = 0;
  #doneInTime = 0;

  constructor(span: PhaseSpan, evidence: TrialEvidence) {
    this.#span = span;
    this.#evidence = evidence;
    const series = () => new SeriesBuilder(span.fromNs);
    this.#dispatchLag = series();
    this.#serviceTime = series();
    this.#response = series();
    this.#connectionWait = series();
    this.#completion = series();
    this.#firstCompletion = series();
  }

  /** @param offsetNs intended, from the start of the load */
  enter(i: number, offsetNs: Nanoseconds, tally: Tally): void {
    const { arrivals } = this.#evidence;
    const outcome = outcomeAt(arrivals, i);
    this.#planned++;
    this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1;
    this.#enterCall(i, offsetNs, outcome);
    const intendedNs = arrivals.startNs + offsetNs;
    this.#enterWork(completedNs(tally, i) - intendedNs, offsetNs);
    recordIfPresent(this.#firstCompletion, firstCompletedNs(tally, i) - intendedNs, offsetNs);
  }

  #enterCall(i: number, offsetNs: Nanoseconds, outcome: Outcome): void {
    const { arrivals, deadlineNs } = this.#evidence;
    const intendedNs = arrivals.startNs + offsetNs;
    const dispatchedNs = arrivals.dispatchedNs[i]!;
    const responseNs = arrivals.acknowledgedNs[i]! - intendedNs;
    recordIfPresent(this.#dispatchLag, dispatchedNs - intendedNs, offsetNs);
    recordIfPresent(this.#connectionWait, arrivals.sentNs[i]! - dispatchedNs, offsetNs);
    if (outcome === 'ok') {
      this.#countSuccess(arrivals.status[i]!);
      recordIfPresent(this.#serviceTime, arrivals.acknowledgedNs[i]! - dispatchedNs, offsetNs);
      recordIfPresent(this.#response, responseNs, offsetNs);
      if (Number.isNaN(responseNs)) this.#unconfirmed++;
      if (responseNs <= deadlineNs) this.#correct++;
    } else if (outcome !== 'unsent') {
      this.#countFailure(outcome, arrivals.status[i]!);
      recordIfPresent(this.#failedAfterOf(outcome), responseNs, offsetNs);
    }
  }

  #enterWork(completionNs: Nanoseconds, offsetNs: Nanoseconds): void {
    if (Number.isNaN(completionNs)) return;
    this.#completion.record(completionNs, offsetNs);
    this.#done++;
    if (completionNs <= this.#evidence.deadlineNs) this.#doneInTime++;
  }

  #countSuccess(status: number): void {
    if (status !== 0) this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
  }

  #countFailure(outcome: Outcome, status: number): void {
    const name = failureName(outcome, status);
    this.#failures[name] = (this.#failures[name] ?? 0) + 1;
  }

  #failedAfterOf(outcome: Outcome): SeriesBuilder {
    const known = this.#failedAfter.get(outcome);
    if (known) return known;
    const series = new SeriesBuilder(this.#span.fromNs);
    this.#failedAfter.set(outcome, series);
    return series;
  }

  close(streams: Streams): Phase {
    return {
      ...this.#span,
      planned: this.#planned,
      outcomes: this.#outcomes,
      failures: this.#failures,
      ...(Object.keys(this.#statuses).length > 0 ? { statuses: this.#statuses } : {}),
      correct: this.#correct,
      unconfirmed: this.#unconfirmed,
      done: this.#done,
      doneInTime: this.#doneInTime,
      dispatchLag: this.#dispatchLag.build(),
      serviceTime: this.#serviceTime.build(),
      response: this.#response.build(),
      connectionWait: this.#connectionWait.count === 0 ? null : this.#connectionWait.build(),
      completion: this.#completion.build(),
      firstCompletion: this.#evidence.subscribers > 1 ? this.#firstCompletion.build() : null,
      ...streams,
      failedAfter: failedAfter(this.#failedAfter),
    };
  }
}

/** An instant that did not happen is NaN: it leaves no sample, and none is made up. */
function recordIfPresent(series: SeriesBuilder, valueNs: Nanoseconds, offsetNs: Nanoseconds): void {
  if (!Number.isNaN(valueNs)) series.record(valueNs, offsetNs);
}

function failedAfter(builders: ReadonlyMap<Outcome, SeriesBuilder>): Partial<Record<Outcome, Series>> {
  return Object.fromEntries([...builders].map(([outcome, series]) => [outcome, series.build()]));
}
