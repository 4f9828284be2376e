import { formatRate, formatUs } from './format.ts';
import type { Result } from '../record/record.ts';

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
