import type {
  ClosedLoopEvidence,
  ClaimEvidence,
  HarmOfLine,
  SoonerEvidence,
} from '../../analysis/claims/evidence.ts';
import type { Harm } from '../../measure/hops/health.ts';
import { recoveryText, secondsText } from '../faults/recovery-text.ts';
import { serviceName } from '../faults/service-name.ts';
import { formatCount, formatInterval, formatRate, formatShare, formatUs, plural } from '../format.ts';
import { couplingText, sharesText } from '../reasons/coupling-text.ts';
import { excludedText } from '../reasons/median-text.ts';
import { worded } from '../template.ts';
import { figureText, reasonText, wordText } from './word-text.ts';

/** A figure on which a verdict is based, in one line. */
export const claimEvidenceText = worded<ClaimEvidence>({
  harm: ({ line, lost, planned, harm }) =>
    `${line}: lost ${formatShare(lost)} of ${plural(planned, 'request')} that depend on it; endpoints harmed: ${harmedText(harm)}`,
  loose: ({ line, correct, planned, done, lost }) =>
    `${line}: ${formatShare(correct)} of ${plural(planned, 'request')} answered in time while it lasted, ${formatShare(done)} finally done, ${formatCount(lost)} accepted and lost`,
  recovery: ({ line, recovery }) =>
    `${line}: recovered after the fault: ${recovery ? recoveryText(recovery) : 'nothing is known'}`,
  tries: ({ line, leaf, repeated }) =>
    leaf
      ? `${line}: ${plural(leaf.attempts, 'try', 'tries')} at ${leaf.service} while it lasted, ${formatCount(leaf.expected)} due, ${formatCount(leaf.rejected)} rejected; ${formatCount(repeated)} repeated over the whole trial`
      : `${line}: no service is waited for`,
  lost: ({ line, lost, planned }) =>
    `${line}: lost ${formatShare(lost)} of ${plural(planned, 'request')} while faults lasted`,
  duplicates: ({ line, duplicates }) =>
    `${line}: ${formatCount(duplicates)} done more than once over the whole trial`,
  'breaker-opens': ({ line, detectedNs, falseOpens }) => {
    const acts =
      detectedNs === null ? 'did not act on the fault' : `acted ${secondsText(detectedNs)} into the fault`;
    return `${line}: ${acts}, opened ${plural(falseOpens, 'time')} while the service behind it was healthy by its own log (controls included)`;
  },
  'finally-done': ({ line, done, planned, deadLettered, struck }) =>
    `${line}: ${formatCount(done)} of ${formatCount(planned)} finally done, ${formatCount(deadLettered)} dead-lettered, ${formatCount(struck)} tries struck`,
  ledger: ({ line, ledger }) =>
    `${line}, ${serviceName(ledger)}: ${formatCount(ledger.accepted)} accepted, ${formatCount(ledger.lost)} of them lost; ${formatCount(ledger.done)} done, ${formatCount(ledger.duplicates)} more than once`,
  'burst-median': ({ line, us }) =>
    `${line}: the median of the burst is done after ${us === null ? 'too few for one' : formatUs(us)}`,
  sooner: soonerText,
  'closed-loop': closedLoopText,
  contract: contractText,
  coupling: ({ title, coupling, shares }) => {
    const shown =
      coupling.state === 'known'
        ? coupling.coupling.verdict
        : `inconclusive (${couplingText(coupling.reason)})`;
    return `${title}: ${shown}${shares === null ? '' : `, ${sharesText(shares)}`}`;
  },
  word: ({ title, rating }) => {
    const { figure, verdict, reason } = rating;
    const aside = [
      ...(figure === null ? [] : [figureText(figure)]),
      ...(verdict === 'inconclusive' && reason !== null ? [reasonText(reason)] : []),
    ];
    return `${title}: claimed ${wordText(rating)}${aside.length > 0 ? ` (${aside.join('; ')})` : ''}`;
  },
});

type ContractEvidence = Extract<ClaimEvidence, { readonly code: 'contract' }>;

/** `gRPC, year required: of 200 calls 200 stored otherwise than sent and noticed by nobody`. */
function contractText({ name, planned, counts, caughtLate }: ContractEvidence): string {
  const late = caughtLate === 0 ? '' : ` (${formatCount(caughtLate)} stored otherwise before)`;
  const parts: [number, string][] = [
    [counts.held, 'done as sent'],
    [counts.refused, 'refused with an error'],
    [counts.caught, `caught by the caller's check${late}`],
    [counts.deadLettered, 'accepted and dead-lettered'],
    [counts.skipped, 'accepted and skipped'],
    [counts.silent, 'stored otherwise than sent and noticed by nobody'],
    [counts.other, 'failed otherwise'],
  ];
  const texts = parts.flatMap(([n, words]) => (n === 0 ? [] : [`${formatCount(n)} ${words}`]));
  return `${name}: of ${plural(planned, 'call')} ${texts.join(', ')}`;
}

/** `1 of 1 that depend on it (place order), 0 of 2 that do not`. */
function harmedText({ dependent, independent }: HarmOfLine): string {
  const harmed = ({ harmed: n, of, names }: Harm, which: string) =>
    of === 0 ? [] : [`${n} of ${of} that ${which}${n > 0 ? ` (${names.join(', ')})` : ''}`];
  return [...harmed(dependent, 'depend on it'), ...harmed(independent, 'do not')].join(', ');
}

const KINDS = { response: 'the response time is', completion: 'the completion time is' } as const;

function soonerText({ of, to, kind, means, interval, isUnequal, excluded }: SoonerEvidence): string {
  const medians = means
    ? `${KINDS[kind]} ${formatUs(means.us)} against ${formatUs(means.ofUs)} at p50`
    : 'no round in which both may be compared';
  const times = interval ? `, ${formatInterval(interval)} at 99 % over ${interval.pairs} rounds` : '';
  const unequal = isUnequal ? '; their guarantees differ' : '';
  const left = excluded.length > 0 ? `; excluded: ${excluded.map(excludedText).join('; ')}` : '';
  return `${of} against ${to}: ${medians}${times}${unequal}${left}`;
}

function closedLoopText({ of, to, rounds, needed, least }: ClosedLoopEvidence): string {
  return least
    ? `closed loop, ${of} against ${to}: at least ${formatRate(least.perS)} against at least ${formatRate(least.ofPerS)}, ${formatInterval(least.interval)} at 99 % over ${rounds} rounds`
    : `${of} against ${to}: ${rounds} of ${needed} comparable rounds`;
}
