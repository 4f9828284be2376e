import { peakPerS } from '../scenario/schema/schema.ts';
import { formatRate, formatShare, formatUs } from './format.ts';
import type { Result } from '../record/record.ts';
import type { PatternResult } from '../analysis/patterns/pattern-result.ts';
import { CAPACITY_SHARE_LIMIT } from './tables/cost.ts';
import type { Warning } from './view.ts';

/** What an earlier `calibrate` says about the rows of a result. */
type Known = NonNullable<Result['calibration']>[string];

/** `Calibrated here on 2026-11-21: REST no-op baseline 0.31 ms, capacity 5,200/s; ...`, for each day on which it was. */
export function calibratedText({ calibration, patterns }: Result): string[] {
  const rows = patterns.flatMap(({ id, title }) => {
    const known = calibration?.[id];
    const isKnown = known && (known.noopP50Us !== null || known.sustainedPerS !== null);
    return isKnown ? [{ day: known.at.slice(0, 10), text: `${title} ${figuresText(known)}` }] : [];
  });
  const byDay = Object.entries(Object.groupBy(rows, ({ day }) => day));
  return byDay.map(([day, some = []]) => {
    const each = some.map(({ text }) => text).join('; ');
    return `Calibrated here on ${day}, by one generator against a service that does nothing: ${each}`;
  });
}

function figuresText({ noopP50Us, sustainedPerS, isSustainedAtLeast }: Known): string {
  const noop = noopP50Us === null ? [] : [`no-op baseline ${formatUs(noopP50Us)}`];
  const more = isSustainedAtLeast ? ' or above' : '';
  const sustainedRate = sustainedPerS === null ? [] : [`sustained ${formatRate(sustainedPerS)}${more}`];
  return [...noop, ...sustainedRate].join(', ');
}

/** A row whose rate is a large part of what this machine can do, whatever the service. */
export function nearCalibratedRate({ calibration }: Result, pattern: PatternResult): Warning[] {
  const known = calibration?.[pattern.record.id];
  // Of one that is there or above nobody knows how near it is.
  const sustainedPerS = known?.isSustainedAtLeast ? null : known?.sustainedPerS;
  const share = sustainedPerS ? peakPerS(pattern.load) / sustainedPerS : 0;
  if (!sustainedPerS || share <= CAPACITY_SHARE_LIMIT) return [];
  return [
    {
      code: 'near-sustained-rate',
      text: `${pattern.name} runs at ${formatShare(share)} of the ${formatRate(sustainedPerS)} that it was calibrated to here, by one generator against a service that does nothing: the machine is part of its latencies.`,
      hint: `Compare latencies at --rate ${Math.max(1, Math.floor(sustainedPerS * CAPACITY_SHARE_LIMIT))} or below.`,
    },
  ];
}
