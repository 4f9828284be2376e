import type { Regime } from '../../analysis/regimes/regime.ts';
import {
  type RegimeFigure,
  type RegimePlace,
  type RegimeSeries,
  regimesIn,
} from '../../analysis/regimes/regime-words.ts';
import { figureCell, ratioCell } from '../cells.ts';
import { formatInterval, formatLimit } from '../format.ts';
import { figureColumn, tableOf, textColumn } from '../table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';

/** One figure of one pattern in every regime. */
interface RegimeLine {
  readonly pattern: string;
  readonly title: string;
  readonly figure: RegimeFigure;
  readonly cells: ReadonlyMap<Regime['variant'], Cell>;
}

/** Medians of the reference, and of each pattern the ratio to it with its word; undefined where nothing is compared. */
export function regimesSection(all: readonly RegimeSeries[]): Section | undefined {
  const [first] = all;
  if (!first) return undefined;
  const regimes = regimesIn(all);
  return tableOf<RegimeLine>(
    {
      id: 'regimes',
      title: `Medians by work per message and rate, as a ratio to ${first.reference.record.title}; below: the word of its interval`,
      isCompared: true,
      nameOf: ({ pattern, title }) => ({ pattern, title }),
      columns: [
        { ...textColumn('figure', 'p50', ({ figure }) => textCell(figure)), isLabel: true, priority: 1 },
        ...regimes.map(({ variant }, i) =>
          figureColumn(
            variant!.id,
            variant!.title,
            ({ cells }: RegimeLine) => cells.get(variant) ?? EMPTY_CELL,
            { priority: i < 5 ? 1 : i },
          ),
        ),
      ],
    },
    linesOf(all),
  );
}

function linesOf(all: readonly RegimeSeries[]): RegimeLine[] {
  const figures = ['response', 'completion'] as const;
  const patterns = [...new Set(all.map(({ pattern }) => pattern.record.id))];
  const { record } = all[0]!.reference;
  const placesOf = (id: string | null, figure: RegimeFigure) =>
    all
      .filter((series) => series.figure === figure && (id === null || series.pattern.record.id === id))
      .flatMap(({ places }) => places);
  const line = (
    { id, title }: { readonly id: string; readonly title: string },
    figure: RegimeFigure,
    places: readonly RegimePlace[],
    cell: (place: RegimePlace) => Cell,
  ): RegimeLine => ({
    pattern: id,
    title,
    figure,
    cells: new Map(places.map((place) => [place.regime.variant, cell(place)])),
  });
  const titleOf = (id: string) => all.find(({ pattern }) => pattern.record.id === id)!.pattern.record.title;
  return [
    ...figures.map((figure) => line(record, figure, placesOf(null, figure), medianCell)),
    ...patterns.flatMap((id) =>
      figures.map((figure) => line({ id, title: titleOf(id) }, figure, placesOf(id, figure), ratioIn)),
    ),
  ];
}

function medianCell({ referenceUs }: RegimePlace): Cell {
  return figureCell(referenceUs, 'us', { below: 'reference' });
}

function ratioIn({ interval, word, level }: RegimePlace): Cell {
  if (!interval) return textCell('too few rounds', { tone: 'weak' });
  const { low, high, ratio } = interval;
  const below = word ?? `${formatLimit(level)}: ${formatInterval(interval).replace(/^\S+ /, '')}`;
  return ratioCell(ratio, { below, interval: { low, high, level }, tone: word === null ? 'weak' : 'plain' });
}
