import type { FaultComparison } from '../../analysis/faults/fault-comparison.ts';
import { byCase } from '../../analysis/faults/fault-trials.ts';
import { type TableColumn, tableOf, textColumn } from '../table.ts';
import { type Cell, type Section, textCell } from '../view.ts';

/** A line of a table about faults; labels among the columns distinguish those of one comparison. */
export interface ComparedLine {
  readonly comparison: FaultComparison;
}

interface Plan<Line> extends Pick<Section, 'id' | 'title' | 'isExplained'> {
  readonly columns: readonly TableColumn<Line>[];
  readonly missing?: (line: Line) => Cell | null;
}

/** Case by case where there are several, then comparison by comparison, then line by line. */
export function faultTable<Line extends ComparedLine>(plan: Plan<Line>, lines: readonly Line[]): Section {
  const comparisons = lines.map(({ comparison }) => comparison);
  const head = comparisonHead(comparisons);
  const name = labelColumn<Line>(head, ({ comparison }) => comparison.name);
  if (!hasCases(comparisons)) {
    const nameOf = ({ comparison: { pattern, name: own } }: Line) => {
      return { pattern: pattern.id, title: own, part: own };
    };
    return tableOf({ ...plan, isCompared: true, head, nameOf }, lines);
  }
  const nameOf = ({ comparison: { pattern, case: of } }: Line) => {
    const title = of?.title ?? '';
    return { pattern: pattern.id, title, part: title };
  };
  return tableOf(
    { ...plan, isCompared: true, head: 'Case', nameOf, columns: [name, ...plan.columns] },
    lines,
  );
}

/** Distinguishes the lines of one comparison: a phase, an edge. */
export function labelColumn<Line>(title: string, textOf: (line: Line) => string): TableColumn<Line> {
  const cell = (line: Line) => textCell(textOf(line));
  return textColumn(title.toLowerCase(), title, cell, { isLabel: true });
}

/** With several cases such a table is longer than all others together: shown with the explanations. */
export function ifLong(section: Section, comparisons: readonly FaultComparison[]): Section {
  return hasCases(comparisons) ? { ...section, isDetail: true } : section;
}

export function hasCases(comparisons: readonly FaultComparison[]): boolean {
  return byCase(comparisons).length > 1;
}

export function comparisonHead(comparisons: readonly FaultComparison[]): string {
  return comparisons.some(({ variant }) => variant !== null) ? 'Variant' : 'Pattern';
}
