import { hasSubscribers, isAnswered } from '../contracts/interactions.ts';
import { NS_PER_MS, NS_PER_S, type Nanoseconds } from '../kernel/clock.ts';
import type { Outcome } from '../kernel/outcome.ts';
import { faultByName, isHarmful } from '../faults/faults.ts';
import type { Effect } from '../measure/logs/effect-log.ts';
import { type Arrivals, outcomeAt } from '../measure/logs/arrivals.ts';
import { type AskedOfPart, type Silence, silenceIn } from '../measure/validity/silence.ts';
import { VALIDITY_LIMITS } from '../measure/validity/validity.ts';
import { timeText } from '../measure/validity/limit-text.ts';
import { brokersOf } from '../plan/brokers-of.ts';
import type { TrialSpec } from '../plan/spec.ts';
import { observedEndMs } from './observed-phases.ts';
import { sessionEndMs } from './quiescence.ts';
import type { RawTrial } from './raw-trial.ts';

/** Times in which a part stood still although it had work and no fault explains it, whatever the cause; at most one. */
export interface Silences {
  /** Of parts of ours, and of brokers: such a time is no finding. */
  readonly missing: readonly string[];
  /** Of a target: whether it was the target itself, or what lies before it, is not known, and it answers for its time. */
  readonly disturbed: readonly string[];
}

export function silencesIn(spec: TrialSpec, raw: RawTrial): Silences {
  const { pattern, service } = spec.system;
  if (service.seededDefects) return { missing: [], disturbed: [] };
  const found = wholeSilence(spec, raw) ?? subscriberSilence(spec, raw);
  const words = found === undefined ? [] : [found];
  return pattern.target ? { missing: [], disturbed: words } : { missing: words, disturbed: [] };
}

/** Generator, services and reaper go on without this process; where the generator stood still with it, all slept. */
export function ownStandstillIn({ ownStandstill, generator }: RawTrial): Silences {
  const isAlone = generator.done.loop.loopDelayMaxNs <= VALIDITY_LIMITS.stallNs;
  return isAlone
    ? { missing: [], disturbed: ownStandstill }
    : { missing: ownStandstill.map((words) => `${words}, and its load generator with it`), disturbed: [] };
}

function wholeSilence(
  spec: TrialSpec,
  { logs: { arrivals, effects }, faults }: RawTrial,
): string | undefined {
  const isAnswer = (outcome: Outcome) => !UNANSWERED.includes(outcome);
  const found = longestIn(spec, faults, arrivals, {
    askedNs: instantsOf(arrivals, arrivals.dispatchedNs, () => true),
    doneNs: [
      ...instantsOf(arrivals, arrivals.acknowledgedNs, isAnswer),
      ...(arrivals.items?.ns ?? []),
      ...measuredIn(effects).map(({ completedNs }) => completedNs),
    ],
  });
  return found && silenceText(suspectsIn(spec), 'nothing was answered or done', found, arrivals);
}

/** A broker goes on to accept what nobody takes from it. */
function subscriberSilence(
  spec: TrialSpec,
  { logs: { arrivals, effects }, faults }: RawTrial,
): string | undefined {
  const { pattern, topology } = spec.system;
  if (isAnswered(pattern.interaction) || topology || pattern.target) return undefined;
  const askedNs = instantsOf(arrivals, arrivals.acknowledgedNs, (outcome) => outcome === 'ok');
  for (let subscriber = 0; subscriber < pattern.subscribers; subscriber++) {
    const own = measuredIn(effects).filter((effect) => effect.subscriber === subscriber);
    const doneNs = own.map(({ completedNs }) => completedNs);
    const found = longestIn(spec, faults, arrivals, { askedNs, doneNs });
    const name = hasSubscribers(pattern.interaction) ? `the service ${subscriber + 1}` : 'the service';
    if (found) return silenceText(name, 'it did nothing', found, arrivals);
  }
  return undefined;
}

/** Ends that are no sign of life. */
const UNANSWERED: readonly Outcome[] = ['unsent', 'refused', 'timeout', 'connection-lost', 'unfinished'];

function measuredIn(effects: readonly Effect[]): Effect[] {
  return effects.filter(({ stage }) => stage === 'measured');
}

function longestIn(
  spec: TrialSpec,
  faults: RawTrial['faults'],
  arrivals: Arrivals,
  asked: Pick<AskedOfPart, 'askedNs' | 'doneNs'>,
): Silence | undefined {
  const workNs = workOf(spec, arrivals);
  const spans = unexplained(faultSpans(spec, faults), spec.load.durationMs * NS_PER_MS);
  const found = spans.flatMap(({ fromNs, toNs }) => {
    const [from, to] = [arrivals.startNs + fromNs, arrivals.startNs + toNs];
    // What a fault left is over with the first thing done after it: how long that takes is a finding.
    const begun = fromNs === 0 ? from : leastOf(asked.doneNs.filter((ns) => ns >= from));
    return begun < to ? (silenceIn({ ...asked, workNs, fromNs: begun, toNs: to }) ?? []) : [];
  });
  return found.toSorted((a, b) => b.forNs - a.forNs)[0];
}

function leastOf(instants: readonly Nanoseconds[]): Nanoseconds {
  return instants.reduce((least, ns) => Math.min(least, ns), Infinity);
}

/** Work of a message as planned, until the next item of a stream; of a target its median response. */
function workOf(
  { system: { service, topology, pattern }, measure }: TrialSpec,
  arrivals: Arrivals,
): Nanoseconds {
  if (pattern.target) return medianResponseNs(arrivals);
  const works = topology?.services ?? [service];
  const gapNs = measure.streams?.from === 'items' ? (measure.streams.everyNs ?? 0) : 0;
  return works.reduce((sum, { processingMs }) => sum + processingMs, 0) * NS_PER_MS + gapNs;
}

function medianResponseNs({ count, dispatchedNs, acknowledgedNs }: Arrivals): Nanoseconds {
  const took = Array.from({ length: count }, (_, i) => acknowledgedNs[i]! - dispatchedNs[i]!);
  const known = took.filter((ns) => !Number.isNaN(ns)).toSorted((a, b) => a - b);
  return known[Math.floor(known.length / 2)] ?? 0;
}

/** What a fault leaves beyond a consumer's session: connections to open again, and calls that still wait. */
const AFTERMATH_MS = 1000;

/** Times that faults explain, from the start of the load: until what they left is surely over. */
function faultSpans(spec: TrialSpec, faults: RawTrial['faults']): Span[] {
  const aftermathMs = AFTERMATH_MS + Math.max(spec.load.deadlineMs, sessionEndMs(spec) ?? 0);
  return spec.faults.flatMap((planned, i) => {
    if (!isHarmful(planned) || faultByName(planned.do).layer === 'load') return [];
    const toMs = observedEndMs(planned, faults[i]) + aftermathMs;
    return [{ fromNs: planned.atMs * NS_PER_MS, toNs: toMs * NS_PER_MS }];
  });
}

type Span = Pick<AskedOfPart, 'fromNs' | 'toNs'>;

/** What lies between these spans, from the start of the load to its end. */
function unexplained(spans: readonly Span[], endNs: Nanoseconds): Span[] {
  const left: Span[] = [];
  let fromNs = 0;
  for (const span of spans.toSorted((a, b) => a.fromNs - b.fromNs)) {
    if (span.fromNs > fromNs) left.push({ fromNs, toNs: Math.min(span.fromNs, endNs) });
    fromNs = Math.max(fromNs, span.toNs);
  }
  return [...left, { fromNs, toNs: endNs }].filter((span) => span.fromNs < span.toNs);
}

function instantsOf(
  arrivals: Arrivals,
  column: Float64Array,
  isWanted: (outcome: Outcome) => boolean,
): Nanoseconds[] {
  const found: Nanoseconds[] = [];
  for (const [i, ns] of column.entries()) if (ns > 0 && isWanted(outcomeAt(arrivals, i))) found.push(ns);
  return found;
}

/** Parts behind an answer: of messages that nobody answers the broker alone. */
function suspectsIn({ system: { pattern, topology } }: TrialSpec): string {
  if (pattern.target) return 'the target';
  const brokers = brokersOf(pattern, topology).map(({ title }) => title);
  const isBrokerAlone = brokers.length > 0 && !isAnswered(pattern.interaction);
  return [...brokers, ...(isBrokerAlone ? [] : ['the service'])].join(' or ');
}

function silenceText(
  who: string,
  what: string,
  { fromNs, forNs, calls }: Silence,
  { startNs }: Arrivals,
): string {
  const when = `for ${timeText(forNs)} from ${((fromNs - startNs) / NS_PER_S).toFixed(2)} s on`;
  return `${who} stood still ${when}, and nobody planned it: ${what}, of ${calls} calls sent meanwhile`;
}
