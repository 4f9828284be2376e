import type { Analysis } from '../analysis.ts';
import type { Finding, FoundFigure } from '../finding.ts';
import type { RegimePlace, RegimeSeries, WordChange } from '../regimes/regime-words.ts';
import { patternOf } from './figures.ts';

/** Where a word about a pattern changes with the work per message, or with the rate. */
export function regimeFindings({ regimes }: Analysis): Finding[] {
  return regimes.map(regimeFinding);
}

function regimeFinding({ axis, pattern, reference, figure, places, changes }: RegimeSeries): Finding {
  const words = places.flatMap((place) =>
    place.word === null ? [] : [[`word-at-${idOf(place)}`, place.word] as const],
  );
  return {
    code: 'regime',
    subject: [
      patternOf(pattern),
      patternOf(reference),
      ...places.map((place) => ({ kind: 'variant', id: idOf(place) }) as const),
    ],
    figures: [...places.flatMap((place) => placeFigures(place, figure)), ...changes.flatMap(changeFigure)],
    verdict: changes.length > 0 ? 'changes' : words.length < places.length ? 'inconclusive' : 'same',
    terms: { condition: axis.condition, figure, waits: pattern.waitsFor, ...Object.fromEntries(words) },
    caveats: [],
  };
}

/** Regimes of an axis are variants. */
function idOf({ regime }: RegimePlace): string {
  return regime.variant?.id ?? '';
}

function placeFigures(place: RegimePlace, figure: string): FoundFigure[] {
  const { regime, interval, level } = place;
  const of = idOf(place);
  return [
    { name: 'processing-time', of, value: regime.processingMs * 1000, unit: 'us' },
    { name: 'rate', of, value: regime.ratePerS, unit: 'per-s' },
    {
      name: `${figure}-ratio`,
      of,
      value: interval?.ratio ?? null,
      unit: 'ratio',
      ...(interval ? { interval: { low: interval.low, high: interval.high, level } } : {}),
    },
  ];
}

/** Of the regime with the new word. */
function changeFigure({ to, atMs }: WordChange): FoundFigure[] {
  return atMs === null ? [] : [{ name: 'changes-at', of: idOf(to), value: atMs * 1000, unit: 'us' }];
}
