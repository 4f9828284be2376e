import type { Finding } from '../../analysis/finding.ts';
import { formatRate } from '../../report/format.ts';
import type { Warning } from '../../report/view.ts';
import type { Calibration } from './found.ts';

/** Baseline and capacity, as data. */
export function calibrationFindings({ calibrated: patterns }: Calibration): Finding[] {
  return patterns.map(({ pattern, noop, sustainedRate }) => ({
    code: 'capacity',
    subject: [{ kind: 'pattern', id: pattern.id }],
    figures: [
      noop
        ? {
            name: 'no-op-baseline-p50',
            value: noop.p50Us,
            unit: 'us',
            interval: { low: noop.lowUs, high: noop.highUs },
          }
        : { name: 'no-op-baseline-p50', value: null, unit: 'us' },
      { name: 'highest-sustained-rate', value: sustainedRate?.sustainedPerS ?? null, unit: 'per-s' },
    ],
    verdict: sustainedRate?.isWhole === false ? 'at-least' : 'known',
    caveats: [],
  }));
}

/** The same in words. */
export function calibrationSentences(
  { calibrated: patterns, state }: Calibration,
  warnings: readonly Warning[],
): string[] {
  const known = patterns.flatMap(({ pattern, sustainedRate }) =>
    sustainedRate?.sustainedPerS == null
      ? []
      : [`${pattern.title} ${formatRate(sustainedRate.sustainedPerS)}`],
  );
  return [
    known.length === 0
      ? `No results: ${warnings.map(({ text }) => text).join(' ') || 'no rate could be measured.'}`
      : `Highest sustained rate against a no-op service: ${known.join(', ')}.`,
    ...(state === 'interrupted' ? ['Interrupted: these are the patterns that were finished.'] : []),
  ];
}
