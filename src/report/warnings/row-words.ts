import type { CallsFailed } from '../../analysis/warnings/calls-failed.ts';
import type { OddClock } from '../../analysis/warnings/clock.ts';
import type { OddDelivery } from '../../analysis/warnings/delivery.ts';
import type { NearCeiling } from '../../analysis/warnings/near-ceiling.ts';
import type { Saturated } from '../../analysis/warnings/saturated.ts';
import type { UnlikeWaits } from '../../analysis/warnings/unlike-waits.ts';
import { formatCount, formatRate, formatShare, plural } from '../format.ts';
import { failuresText } from '../outcomes.ts';
import type { Templates } from '../template.ts';
import { trialList } from './trial-names.ts';
import type { WarningWords } from './words.ts';

/** What a pattern could not take, or did otherwise than promised. */
export const ROW_WORDS: Templates<
  CallsFailed | Saturated | NearCeiling | OddDelivery | OddClock | UnlikeWaits,
  WarningWords
> = {
  'calls-failed': ({ name, failed, planned, phases, isTarget }) => ({
    text: `${name}: ${formatCount(failed)} of ${plural(planned, 'call')} failed without a fault: ${failuresText(phases)}.`,
    cure: isTarget
      ? 'See what the target itself says of them; percentiles are of the others only.'
      : 'Lower the load with --rate, or allow more time (--set deadlineMs=5s); percentiles are of the others only.',
  }),
  saturated: ({ name, trials, detail }) => ({
    text: `${name}: saturated in ${trialList(trials)}: ${detail}. Its latencies show a growing backlog, not the pattern.`,
    cure: 'Lower the load with --rate, or give the service more slots (--set service.slots=N).',
  }),
  'near-ceiling': ({ name, share, ceilingPerS, comparablePerS }) => ({
    text: `${name} runs at ${formatShare(share)} of its own ceiling of ${formatRate(ceilingPerS)}: queueing is part of its latencies.`,
    cure: comparableText(comparablePerS),
  }),
  'near-calibrated-ceiling': ({ name, share, ceilingPerS, comparablePerS }) => ({
    text: `${name} runs at ${formatShare(share)} of the ${formatRate(ceilingPerS)} that it was calibrated to here, by one generator against a service that does nothing: the machine is part of its latencies.`,
    cure: comparableText(comparablePerS),
  }),
  lost: ({ title, calls, seenAt }) => ({
    text: `${title} lost ${plural(calls, 'accepted call')}: ${seenAt === null ? 'beyond its guarantee' : `they did not come out at the ${seenAt}`}.`,
    cure: 'The ledger in the result file names the first of them (trials[].ledgers[].examples).',
  }),
  duplicates: ({ title, calls, seenAt, promise }) => {
    const within = promise === 'at-least-once' ? 'within at-least-once' : `beyond ${promise}`;
    return {
      text: `${title} did ${plural(calls, 'call')} more than once: ${seenAt === null ? within : `they came out at the ${seenAt} again`}.`,
      cure: 'Make the handler bear repetition (an idempotency key); the result file names the first of them.',
    };
  },
  'dead-letters': ({ title, calls }) => ({
    text: `${title} put ${plural(calls, 'call')} aside as dead letters: their work was never done, and no caller was told.`,
    cure: 'Someone must look into them and send them again; the result file names the first of them (trials[].ledgers[].examples).',
  }),
  clock: ({ title, samples }) => ({
    text: `${title}: ${plural(samples, 'sample')} of zero or less; they are counted as 1 µs.`,
    cure: "The machine's clock is not the same on all cores; use another clock source.",
  }),
  'reply-path': ({ reply, confirm, comparable }) => ({
    text: `"Caller waits" is not one thing here: ${reply.join(', ')} ${reply.length === 1 ? 'waits' : 'wait'} for the answer, ${confirm.join(', ')} only for the broker's confirm, before the work is done.`,
    cure: COMPARABLE[comparable],
  }),
};

function comparableText(perS: number): string {
  return `Compare latencies at --rate ${perS} or below.`;
}

const COMPARABLE: Readonly<Record<UnlikeWaits['comparable'], string>> = {
  'first-item': 'Compare "first item" and "gap off plan" between them.',
  completion: 'Compare "work done" between them.',
  nothing: 'Do not compare them: when the work of a target is done is not known.',
};
