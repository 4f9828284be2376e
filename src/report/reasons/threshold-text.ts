import type { FoundDetail } from '../../analysis/thresholds/figure.ts';
import type {
  ThresholdResult,
  ThresholdUnknown,
  TrialsNotValid,
} from '../../analysis/thresholds/evaluate.ts';
import { recoveryText } from '../faults/recovery-text.ts';
import { formatCount, formatRate, formatShare, formatUs, plural, quantileName } from '../format.ts';
import { worded } from '../template.ts';

type Found = NonNullable<ThresholdResult['found']>;

/** `1.93 ms`, `3.0 %, 90 of 3,000`: the figure that a threshold was judged by. */
export function foundText(found: Found): string {
  const { detail } = found;
  return detail.code === 'exact' ? exactText(found) : detailText(detail);
}

/** `≤ 9.31 ms`: the true figure is no worse than the measured one. */
function exactText({ low, high, unit }: Found): string {
  const isBound = low !== high;
  switch (unit) {
    case 'us':
      return `${isBound ? '≤ ' : ''}${formatUs(high * 1000)}`;
    case 'per-s':
      return `${isBound ? '≥ ' : ''}${formatRate(low)}`;
    default:
      return formatCount(low);
  }
}

const detailText = worded<Exclude<FoundDetail, { readonly code: 'exact' }>>({
  failures: ({ failed, planned }) =>
    `${formatShare(failed / planned)}, ${formatCount(failed)} of ${formatCount(planned)}`,
  never: ({ missing, planned }) => `never, ${formatShare(missing / planned)} of ${formatCount(planned)}`,
  recovery: ({ recovery }) => recoveryText(recovery),
});

/** Why it was not evaluated, or which trials are not valid; null where there is nothing to say. */
export function thresholdNoteText({
  reason,
  notValid,
}: Pick<ThresholdResult, 'reason' | 'notValid'>): string | null {
  if (reason) return unknownText(reason);
  return notValid && notValidText(notValid);
}

function notValidText({ count, of, verdicts, use }: TrialsNotValid): string {
  const which = verdicts.join(', ');
  switch (use) {
    case 'excluded':
      return `${count} of ${of} excluded: ${which}`;
    case 'worse':
      return `${count} of ${of} ${which}, which can only have made it worse`;
    case 'no-cause':
      return `${count} of ${of} ${which}, which does not cause errors`;
  }
}

const unknownText = worded<ThresholdUnknown>({
  'pattern-not-run': () => 'the pattern was not run',
  'no-trial-finished': () => 'no trial was finished',
  'no-valid-trial': ({ verdicts }) => `not evaluated: ${verdicts.join(', ')}`,
  'no-fault': () => 'no fault was measured',
  'acceptance-only': () => 'acceptance only: completion at the target is unknown',
  'no-confirm': () => 'sent without a confirm: the instant of acceptance is unknown',
  'no-stream': () => 'nothing streams here',
  'nothing-sent': () => 'nothing was sent',
  'no-health': () => 'no fault was measured whose health is known',
  'recovery-unseen': () => 'too little arrived after the fault to see a recovery',
  'health-unjudged': () => 'too few arrivals to evaluate its health',
  'generator-late': ({ quantile }) => `the generator itself was too late at ${quantileName(quantile)}`,
  'needs-samples': ({ quantile, cell }) => {
    const { samplesBeyond, samplesNeeded, intervals, intervalsNeeded, count } = cell;
    return samplesBeyond < samplesNeeded
      ? `${quantileName(quantile)} needs ${samplesNeeded} samples beyond it, found ${samplesBeyond} of ${plural(count, 'call')}`
      : `${quantileName(quantile)} needs samples beyond it from ${intervalsNeeded} separate 100 ms intervals, found ${intervals}`;
  },
});
