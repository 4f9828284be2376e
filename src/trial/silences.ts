import { hasSubscribers, isAnswered } from '../contracts/interactions.ts';
import { NS_PER_MS, NS_PER_S, type Nanoseconds } from '../kernel/clock.ts';
import type { Outcome } from '../kernel/outcome.ts';
import { faultByName, isHarmful } from '../faults/faults.ts';
import { type Arrivals, outcomeAt } from '../measure/logs/arrivals.ts';
import { type AskedOfPart, type Silence, silenceIn } from '../measure/validity/silence.ts';
import { timeText } from '../measure/validity/limit-text.ts';
import { brokersOf } from '../plan/brokers-of.ts';
import type { TrialSpec } from '../plan/spec.ts';
import type { RawTrial } from './raw-trial.ts';

/**
 * Times in which a part stood still although it had work and no fault was on yet, whatever the cause, and also of brokers
 * whose processes are not ours: in words, at most one.
 */
export function silencesIn(spec: TrialSpec, { logs: { arrivals, effects } }: RawTrial): string[] {
  const { pattern, service, topology } = spec.system;
  // How a target works is a finding; the items of streams come at their own pace.
  if (pattern.target !== undefined || spec.measure.streams !== undefined || service.seededDefects) return [];
  const span = spanOf(spec, arrivals);
  const measured = effects.filter(({ stage }) => stage === 'measured');
  const whole = silenceIn({
    ...span,
    askedNs: instantsOf(arrivals, arrivals.dispatchedNs, () => true),
    doneNs: [
      ...instantsOf(arrivals, arrivals.acknowledgedNs, (outcome) => !UNANSWERED.includes(outcome)),
      ...measured.map(({ completedNs }) => completedNs),
    ],
  });
  if (whole) return [silenceText(suspectsIn(spec), 'nothing was answered or done', whole, span.fromNs)];
  if (isAnswered(pattern.interaction) || topology) return [];
  // A broker goes on to accept what nobody takes from it.
  const accepted = instantsOf(arrivals, arrivals.acknowledgedNs, (outcome) => outcome === 'ok');
  return Array.from({ length: pattern.subscribers }, (_, i) => i)
    .flatMap((subscriber) => {
      const own = measured.filter((effect) => effect.subscriber === subscriber);
      const doneNs = own.map(({ completedNs }) => completedNs);
      const found = silenceIn({ ...span, askedNs: accepted, doneNs });
      const name = hasSubscribers(pattern.interaction) ? `the service ${subscriber + 1}` : 'the service';
      return found ? [silenceText(name, 'it did nothing', found, span.fromNs)] : [];
    })
    .slice(0, 1);
}

/** Ends that are no sign of life. */
const UNANSWERED: readonly Outcome[] = ['unsent', 'timeout', 'connection-lost', 'unfinished'];

type Span = Pick<AskedOfPart, 'fromNs' | 'toNs' | 'workNs'>;

/** From the start of the load to the first fault, else to the end of the load. */
function spanOf({ faults, load, system }: TrialSpec, { startNs }: Arrivals): Span {
  const harmful = faults.filter((fault) => isHarmful(fault) && faultByName(fault.do).layer !== 'load');
  const firstMs = Math.min(load.durationMs, ...harmful.map(({ atMs }) => atMs));
  const works = system.topology?.services ?? [system.service];
  return {
    fromNs: startNs,
    toNs: startNs + firstMs * NS_PER_MS,
    workNs: works.reduce((sum, { processingMs }) => sum + processingMs, 0) * NS_PER_MS,
  };
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
  const brokers = brokersOf(pattern, topology).map(({ title }) => title);
  const isBrokerAlone = brokers.length > 0 && !isAnswered(pattern.interaction);
  return [...brokers, ...(isBrokerAlone ? [] : ['the service'])].join(' or ');
}

function silenceText(who: string, what: string, { fromNs, forNs, calls }: Silence, startNs: number): string {
  const when = `for ${timeText(forNs)} from ${((fromNs - startNs) / NS_PER_S).toFixed(2)} s on`;
  return `${who} stood still ${when}, and nobody planned it: ${what}, of ${calls} calls sent meanwhile`;
}
