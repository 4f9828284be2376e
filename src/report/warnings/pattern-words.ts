import type { CallsFailed } from '../../analysis/warnings/calls-failed.ts';
import type { NotVerified } from '../../analysis/warnings/not-verified.ts';
import type { OddClock } from '../../analysis/warnings/clock.ts';
import type { OddDelivery } from '../../analysis/warnings/delivery.ts';
import type { Drifting } from '../../analysis/warnings/drifting.ts';
import type { InStep } from '../../analysis/warnings/in-step.ts';
import type { NearSustainedRate } from '../../analysis/warnings/near-sustained-rate.ts';
import type { Saturated } from '../../analysis/warnings/saturated.ts';
import type { TrendWithin } from '../../analysis/warnings/trend-within.ts';
import type { UnlikeWaits } from '../../analysis/warnings/unlike-waits.ts';
import type { FailureTexts } from '../../measure/logs/failure-texts.ts';
import { driftText } from '../drift-text.ts';
import { formatCount, formatMs, formatRate, formatShare, formatUs, plural } from '../format.ts';
import { failuresText } from '../outcomes.ts';
import type { Templates } from '../template.ts';
import { trialList } from './trial-names.ts';
import type { WarningWords } from './words.ts';

/** Load that a pattern could not take, and work done otherwise than promised. */
export const PATTERN_WORDS: Templates<
  | NotVerified
  | CallsFailed
  | Saturated
  | Drifting
  | InStep
  | TrendWithin
  | NearSustainedRate
  | OddDelivery
  | OddClock
  | UnlikeWaits,
  WarningWords
> = {
  'not-verified': ({ title }) => ({
    text: `${title}: certificates not verified (tls.insecure), so its identity is unknown.`,
    hint: 'Set `tls: { ca: FILE }` to the certificate of the authority that signed its own.',
  }),
  'calls-failed': ({ name, failed, planned, phases, texts, isTarget }) => ({
    text: `${name}: ${formatCount(failed)} of ${plural(planned, 'call')} failed without a fault: ${failuresText(phases)}${firstTexts(texts)}.`,
    hint: isTarget
      ? "Check the target's own log; percentiles cover the other calls only."
      : 'Lower the load with --rate, or allow more time (--set deadlineMs=5s); percentiles cover the other calls only.',
  }),
  saturated: ({ name, trials, detail }) => ({
    text: `${name}: saturated in ${trialList(trials)}: ${detail}. Its latencies show a growing backlog, not the pattern.`,
    hint: 'Lower the load with --rate, or raise the concurrency of the service (--set service.concurrency=N).',
  }),
  drifting: ({ name, drifts }) => ({
    text: `${name}: drifting, so not ranked and not averaged: ${drifts.map(driftText).join('; ')}.`,
    hint: 'Its later rounds are the warmer ones: run more of them, or warm up longer (--set warmUp.calls=N).',
  }),
  'trend-within': ({ name, firstUs, lastUs, parts }) => ({
    text: `${name}: completion p50 ${lastUs < firstUs ? 'fell' : 'rose'} within its trials, from ${formatUs(firstUs)} in the first of ${parts} parts to ${formatUs(lastUs)} in the last: it was in no steady state.`,
    hint:
      lastUs < firstUs
        ? 'Warm up longer (--set warmUp.calls=N).'
        : 'Something grows while the load lasts: a queue, a heap, a log. Try longer trials (--set durationMs=10s).',
  }),
  'in-step': ({ name, processingMs, ratePerS }) => ({
    text: `${name}: ${formatMs(processingMs)} of work at ${formatRate(ratePerS)} is a whole number of intervals between calls: each reply comes as another call is due, which the generator then sends late.`,
    hint: `Choose work or a rate that do not fit together: --set service.processingMs=${processingMs + 1}.`,
  }),
  'near-sustained-rate': ({ name, share, sustainedPerS, comparablePerS }) => ({
    text: `${name} runs at ${formatShare(share)} of the ${formatRate(sustainedPerS)} that a calibration found here, by one generator against a service that does nothing: the machine is part of its latencies.`,
    hint: comparableText(comparablePerS),
  }),
  lost: ({ title, calls, completionSourceNote, hasFallback }) => ({
    text: hasFallback
      ? `${title}: the work of ${plural(calls, 'accepted call')} was not done: a fallback answered in the place of the service.`
      : `${title} lost ${plural(calls, 'accepted call')}: ${completionSourceNote === null ? 'beyond its guarantee' : `they did not come out at the ${completionSourceNote}`}.`,
    hint: 'The ledger in the result file names the first of them (trials[].ledgers[].examples).',
  }),
  duplicates: ({ title, calls, completionSourceNote, promise }) => {
    const within = promise === 'at-least-once' ? 'within at-least-once' : `beyond ${promise}`;
    return {
      text: `${title} did ${plural(calls, 'call')} more than once: ${completionSourceNote === null ? within : `they came out at the ${completionSourceNote} again`}. The result file names the first of them.`,
      hint: 'Make handlers idempotent (an idempotency key).',
    };
  },
  'dead-letters': ({ title, calls }) => ({
    text: `${title} dead-lettered ${plural(calls, 'call')}: their work was never done, and no caller was notified.`,
    hint: 'Inspect and resend them; the result file names the first of them (trials[].ledgers[].examples).',
  }),
  clock: ({ title, samples }) => ({
    text: `${title}: ${plural(samples, 'sample')} of zero or less; they are counted as 1 µs.`,
    hint: "The machine's clock is not the same on all cores; use another clock source.",
  }),
  'reply-path': ({ reply, confirm, comparable }) => ({
    text: `"Response time" has two meanings here: ${reply.join(', ')} ${reply.length === 1 ? 'waits' : 'wait'} for the reply, ${confirm.join(', ')} only for the broker's confirm, before the work is done.`,
    hint: COMPARABLE[comparable],
  }),
};

/** `; first connection-lost: "read ECONNRESET"`; nothing of a status that says all by itself. */
function firstTexts(all: readonly FailureTexts[]): string {
  const shown = all.flatMap(({ end, texts: [first] }) =>
    first === undefined || first === end.replace('error', 'HTTP') ? [] : [`; first ${end}: "${first}"`],
  );
  return shown.join('');
}

function comparableText(perS: number): string {
  return `Compare latencies at --rate ${perS} or below.`;
}

const COMPARABLE: Readonly<Record<UnlikeWaits['comparable'], string>> = {
  'first-item': 'Compare "first item" and "jitter" instead.',
  completion: 'Compare completion times instead.',
  nothing: 'Do not compare them: the completion of a target is unknown.',
};
