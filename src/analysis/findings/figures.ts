import { quantileCell, spreadOf } from '../../measure/figures/percentile.ts';
import type { PatternResult, SeriesKind } from '../patterns/pattern-result.ts';
import type { FoundFigure, FoundInterval, Subject } from '../finding.ts';

/** Constructors of figures that several findings share. */

export function patternOf({ record }: PatternResult): Subject {
  return { kind: 'pattern', id: record.id };
}

const SERIES_NAMES: Readonly<Record<SeriesKind, string>> = {
  response: 'response',
  completion: 'completion',
  firstCompletion: 'first-completion',
  firstItem: 'first-item',
  itemJitter: 'jitter',
};

/** A percentile over all rounds, with the range of the rounds. */
export function quantileFigure(pattern: PatternResult, kind: SeriesKind, quantile: number): FoundFigure {
  const { merged, rounds } = pattern.series[kind];
  const cell = merged ? quantileCell(merged, quantile) : undefined;
  const value = cell?.state === 'known' ? cell.valueUs : null;
  const spread = spreadOf(rounds, quantile);
  const isSame = value !== null && spread.state === 'known' && spread.quantile === quantile;
  const interval: FoundInterval | undefined = isSame ? { low: spread.lowUs, high: spread.highUs } : undefined;
  return {
    name: `${SERIES_NAMES[kind]}-p${quantile * 100}`,
    of: pattern.record.id,
    value,
    unit: 'us',
    ...(interval ? { interval } : {}),
  };
}

/** Ranks from 1; the patterns of one group share a rank. */
export function rankFigures(groups: readonly (readonly PatternResult[])[]): FoundFigure[] {
  return groups.flatMap((group, i) =>
    group.map(({ record }) => ({ name: 'rank', of: record.id, value: i + 1, unit: 'count' as const })),
  );
}

/** A figure of one subject, by name; undefined where it is absent or unknown. */
export function figureIn(
  { figures }: { readonly figures: readonly FoundFigure[] },
  name: string,
  of?: string,
): (FoundFigure & { readonly value: number }) | undefined {
  const found = figures.find((figure) => figure.name === name && (of === undefined || figure.of === of));
  return found && found.value !== null ? { ...found, value: found.value } : undefined;
}
