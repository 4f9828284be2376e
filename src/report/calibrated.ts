import { calibratedFigures } from '../analysis/patterns/used-broker.ts';
import { formatRate, formatUs } from './format.ts';
import type { Result } from '../record/record.ts';

/** Figures of an earlier `calibrate` for the patterns of a result. */
type Known = NonNullable<Result['design']['calibration']>[string];

/** `Calibrated here on 2026-11-21: REST no-op baseline 0.31 ms, sustained 5,200/s; ...`, for each day on which it was. */
export function calibratedText(result: Result): string[] {
  const known = result.patterns.flatMap((record) => {
    const { title } = record;
    const found = calibratedFigures(result, record);
    const isKnown = found && (found.noopP50Us !== null || found.sustainedPerS !== null);
    return isKnown ? [{ day: found.at.slice(0, 10), text: `${title} ${figuresText(found)}` }] : [];
  });
  const byDay = Object.entries(Object.groupBy(known, ({ day }) => day));
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
