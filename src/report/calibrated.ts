import { formatRate, formatShare, formatUs } from './format.ts';
import type { Result } from '../record/record.ts';
import type { ResultRow } from '../analysis/patterns/row.ts';
import { comparablePerS, isNearCeiling, shareOfCeiling } from '../analysis/patterns/ceiling.ts';
import type { Warning } from './view.ts';

/** What an earlier `calibrate` says about the rows of a result. */
type Known = NonNullable<Result['design']['calibration']>[string];

/** `Calibrated here on 2026-11-21: REST floor 0.31 ms, ceiling 5,200/s; ...`, for each day on which it was. */
export function calibratedText({ design: { calibration }, patterns }: Result): string[] {
  const rows = patterns.flatMap(({ id, title }) => {
    const known = calibration?.[id];
    const isKnown = known && (known.floorP50Us !== null || known.ceilingPerS !== null);
    return isKnown ? [{ day: known.at.slice(0, 10), text: `${title} ${figuresText(known)}` }] : [];
  });
  const byDay = Object.entries(Object.groupBy(rows, ({ day }) => day));
  return byDay.map(([day, some = []]) => {
    const each = some.map(({ text }) => text).join('; ');
    return `Calibrated here on ${day}, by one generator against a service that does nothing: ${each}`;
  });
}

function figuresText({ floorP50Us, ceilingPerS, isCeilingLeast }: Known): string {
  const floor = floorP50Us === null ? [] : [`floor ${formatUs(floorP50Us)}`];
  const more = isCeilingLeast ? ' or above' : '';
  const ceiling = ceilingPerS === null ? [] : [`ceiling ${formatRate(ceilingPerS)}${more}`];
  return [...floor, ...ceiling].join(', ');
}

/** A row whose rate is a large part of what this machine can do, whatever the service. */
export function nearCalibratedCeiling({ design: { calibration } }: Result, row: ResultRow): Warning[] {
  const known = calibration?.[row.pattern.id];
  // Of one that is there or above nobody knows how near it is.
  const ceilingPerS = known?.isCeilingLeast ? null : known?.ceilingPerS;
  const near = shareOfCeiling(row, ceilingPerS ?? null);
  if (!near || !isNearCeiling(near)) return [];
  return [
    {
      code: 'near-calibrated-ceiling',
      text: `${row.name} runs at ${formatShare(near.share)} of the ${formatRate(near.ceilingPerS)} that it was calibrated to here, by one generator against a service that does nothing: the machine is part of its latencies.`,
      cure: `Compare latencies at --rate ${comparablePerS(near)} or below.`,
    },
  ];
}
