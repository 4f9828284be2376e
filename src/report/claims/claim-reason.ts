import type { ClaimReason, LineIds, Sign } from '../../analysis/claims/reason.ts';
import { recoveryText } from '../faults/recovery-text.ts';
import { formatCount, formatMs, formatRatio, formatShare, formatUs, plural } from '../format.ts';
import { couplingText } from '../reasons/coupling-text.ts';
import { worded } from '../template.ts';
import { faultMissedText, healthUnknownText } from '../warnings/fault-words.ts';
import { wordText } from './word-text.ts';

/** Why a claim was judged so: one sentence, without its full stop. */
export const claimReasonText = worded<ClaimReason>({
  'fault-missed': (missed) => unstopped(faultMissedText(missed)),
  'health-unknown': (unknown) => unstopped(healthUnknownText(unknown)),
  'no-result': () => 'not run',
  'line-not-run': ({ ids }) => `${idsText(ids)} was not run`,
  'line-failed': ({ line }) => `the trial of ${line} failed`,
  'no-control': ({ line }) => `there is no control trial of ${line}`,
  'line-health-unknown': ({ line }) => `nothing is known of the health of ${line}`,
  'line-not-valid': ({ line, verdict, late }) => {
    const lateness = late
      ? `, and calls began up to ${formatUs(late.latestUs)} late (limit ${formatMs(late.limitMs)}), or never`
      : '';
    return `a trial of ${line} is not valid: ${verdict}${lateness}`;
  },
  'control-not-well': ({ line, correct }) =>
    `without any fault only ${formatShare(correct)} was correct with ${line}: its control was not well`,
  'pattern-not-run': ({ pattern }) => `pattern ${pattern} was not run`,
  'patterns-not-run': ({ patterns }) =>
    `${plural(patterns.length, 'pattern')} not run: ${patterns.join(', ')}`,
  'variant-not-run': ({ variant }) => `variant ${variant} was not run with both`,
  'signs-agree': ({ sign }) => SIGNS[sign].yes,
  'signs-oppose': ({ sign }) => SIGNS[sign].no,
  'signs-differ': ({ of, before, after, unclear }) =>
    `they differ: ${before} of ${of} support it, ${after} contradict it, ${unclear} are inconclusive`,
  'dependents-spared': ({ line }) => `no dependent endpoint is harmed with ${line}`,
  'callers-suffer': () => 'callers are harmed, whether it is down or slow',
  'some-suffer': () => 'some dependent endpoints are harmed, and some are not',
  'spread-to-others': ({ lines }) => `endpoints that do not depend on it are harmed too: ${lines.join('; ')}`,
  'nobody-else-harmed': () => 'no endpoint is harmed that does not depend on it',
  'caller-harmed': ({ line }) => `the caller is harmed, or its work not done, with ${line}`,
  'harmless-before': ({ line }) => `no endpoint is harmed with ${line} either: nothing to decouple from`,
  decoupled: () => 'with a broker in between no endpoint is harmed, and the work is done',
  'no-request-due': () => 'no request was due while payments failed',
  'never-opened': () => 'it never opened',
  'let-through': ({ times }) => `${formatRatio(times)} of the due requests reached it`,
  'not-acted': () => 'it did not act on the fault',
  'opened-falsely': ({ opens }) =>
    `it opened ${plural(opens, 'time')} while the service behind it was healthy by its own log`,
  'opened-for-fault': () => 'it opened for the fault, and not without',
  'others-harmed-too': ({ names, line }) => `${names.join(', ')} is harmed with ${line} too`,
  'nothing-spread': ({ line }) => `nothing spread with ${line} either: there is nothing to prevent`,
  'spread-only-without': ({ line }) => `endpoints that do not depend on it are harmed with ${line} only`,
  'little-lost': ({ lost }) => `a single attempt lost only ${formatShare(lost)}: nothing to handle`,
  'lost-instead': ({ left, lost, isPartly }) =>
    `lost ${formatShare(left)} in place of ${formatShare(lost)}${isPartly ? ': some of it only' : ''}`,
  'recovery-unknown': () => 'nothing is known of its recovery',
  'stays-down-with-retries': ({ recovery }) =>
    `with one try it recovers, and with back-off it stays down: ${recoveryText(recovery)}`,
  'created-twice': ({ users }) => `${plural(users, 'user')} created more than once`,
  'nothing-repeated': () => 'it had nothing to repeat',
  'none-twice': () => 'none was created twice',
  'accepted-and-lost': ({ lost }) => `${plural(lost, 'message')} accepted and lost`,
  'none-lost': ({ open }) =>
    `nothing was lost of ${plural(open, 'message')} that the broker had accepted and nobody had done yet`,
  'little-at-risk': ({ open, atLeast }) =>
    `${plural(open, 'message')} accepted and not done when the broker was killed, at least ${formatCount(atLeast)} are needed`,
  'nothing-poisoned': () => 'no message was poisoned',
  'done-against': ({ done, of }) =>
    `${formatShare(done)} finally done, against ${formatShare(of)} where failed messages are dead-lettered`,
  'work-not-done': ({ line }) => `with ${line} an endpoint is harmed, or work is not done`,
  'nothing-to-absorb': ({ line, lost }) => `${line} lost only ${formatShare(lost)}: nothing to absorb`,
  absorbed: ({ line, lost }) => `no endpoint is harmed, while ${line} lost ${formatShare(lost)}`,
  'burst-too-small': () => 'too little of the burst was done for a p50',
  'speed-ups': ({ times, isPartly }) =>
    `each time twice as many: ${times.map(formatRatio).join(', ')} as soon${isPartly ? ': not each time' : ''}`,
  'words-wrong': ({ words }) =>
    `not so: ${words.map(({ title, rating }) => `${title} ${wordText(rating)}`).join('; ')}`,
  'words-inconclusive': ({ titles }) => `inconclusive for ${titles.join(', ')}`,
  'words-hold': ({ held, of }) =>
    `${formatCount(held)} of ${plural(of, 'word')} hold; the others are the reference`,
  'couplings-wrong': ({ found }) => found.map(({ title, verdict }) => `${title} is ${verdict}`).join(', '),
  'couplings-inconclusive': ({ inconclusiveTitles }) =>
    `inconclusive for ${inconclusiveTitles.map(({ title, reason }) => `${title} (${couplingText(reason)})`).join(', ')}`,
  'couplings-hold': ({ isLoose }) => `all are ${isLoose ? 'loose' : 'not loose'}`,
  'contract-broken': ({ names }) => `calls broke with ${names.join('; ')}`,
  'contract-held': () => 'every call was done as sent',
  'contract-unnoticed': ({ names }) => `nobody noticed with ${names.join('; ')}`,
  'contract-control-broken': ({ name, calls }) =>
    `${plural(calls, 'call')} of ${name} broke without any change`,
  'change-noticed': () => 'every call that broke was noticed by its caller or its service',
  'nothing-broke': () => 'neither change broke a call',
  'change-hinders-tight': ({ names }) =>
    `a change broke calls over every tightly coupled pattern (${names.join(', ')}), and over no loose one`,
  'change-hinders-all': ({ names }) =>
    `the same changes broke calls over loosely coupled patterns as well: ${names.join(', ')}`,
  'change-hinders-some': ({ names }) => `not over all tightly coupled patterns alone: ${names.join(', ')}`,
  'change-hinders-none': () => 'no change broke a call over a tightly coupled pattern',
});

const SIGNS: Readonly<Record<Sign, { readonly yes: string; readonly no: string }>> = {
  'work-sooner': { yes: 'the completion time is shorter', no: 'the completion time is longer' },
  'wait-less': { yes: 'the response time is shorter', no: 'the response time is longer' },
  'closed-loop-highest': { yes: 'its closed loop is the fastest', no: 'its closed loop is the slowest' },
  'answers-sooner': {
    yes: 'they answer sooner than over a broker',
    no: 'over a broker answers come sooner',
  },
  'grpc-sooner': { yes: 'gRPC answers sooner', no: 'gRPC answers later' },
};

function idsText({ pattern, variant, case: of }: LineIds): string {
  const parts = [pattern && `pattern ${pattern}`, variant && `variant ${variant}`, of && `case ${of}`].filter(
    Boolean,
  );
  return parts.length === 0 ? 'it' : parts.join(', ');
}

/** A sentence of its own: its full stop is the table's to set. */
function unstopped(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
