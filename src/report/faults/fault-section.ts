import { type Cell, type Column, type Section, type SectionRow, textCell } from '../view.ts';
import type { FaultComparison } from '../../analysis/faults/fault-comparison.ts';
import { byCase } from '../../analysis/faults/fault-trials.ts';

/** A column of such a section. `cell` is undefined where the figure is none of this row's. */
export interface FaultColumn<Of> {
  readonly id: string;
  readonly title: string;
  readonly align?: Column['align'];
  readonly cell: (of: Of) => Cell;
}

/** What tells the rows of one line apart: a phase, an edge. */
export interface Part {
  readonly comparison: FaultComparison;
  /** One per label of the section. */
  readonly labels: readonly string[];
}

interface Plan<Of extends Part> {
  readonly id: string;
  readonly title: string;
  /** What the labels of the parts are: `Phase`. */
  readonly labels: readonly string[];
  readonly figures: readonly FaultColumn<Of>[];
}

/**
 * A table over lines: case by case where there are several, then line by line, then its parts. Columns of which
 * no row has anything are left out, and with no rows there is no section.
 */
export function faultSection<Of extends Part>(
  { id, title, labels, figures }: Plan<Of>,
  parts: readonly Of[],
): Section | undefined {
  if (parts.length === 0) return undefined;
  const isByCase = byCase(parts.map(({ comparison }) => comparison)).length > 1;
  const cells = figures.map((figure) => parts.map((part) => figure.cell(part)));
  const shown = figures.map((_, i) => cells[i]!.some(({ tone, text }) => tone !== 'weak' || text !== '–'));
  const isShown = (_: unknown, i: number) => shown[i]!;
  const label = (name: string): Column => {
    return { id: name.toLowerCase(), title: name, align: 'left', isLabel: true };
  };
  const rowOf = (part: Of, at: number): SectionRow => {
    const names = [
      ...(isByCase ? [part.comparison.case?.title ?? ''] : []),
      part.comparison.name,
      ...part.labels,
    ];
    return {
      pattern: part.comparison.pattern.id,
      title: names[0]!,
      part: names.join(', '),
      cells: [
        ...names.slice(1).map((text) => textCell(text)),
        ...figures.map((_, i) => cells[i]![at]!).filter(isShown),
      ],
    };
  };
  return {
    id,
    title,
    head: isByCase ? 'Case' : lineHead(parts),
    isCompared: true,
    columns: [
      ...(isByCase ? [label(lineHead(parts))] : []),
      ...labels.map(label),
      ...figures
        .filter(isShown)
        .map(({ id: own, title: name, align = 'right' }) => ({ id: own, title: name, align })),
    ],
    rows: parts.map(rowOf),
  };
}

/** Of several cases such a table is longer than all else together: it is one for who asks on. */
export function ifLong(section: Section, comparisons: readonly FaultComparison[]): Section {
  return byCase(comparisons).length > 1 ? { ...section, isDetail: true } : section;
}

function lineHead(parts: readonly Part[]): string {
  return parts.some(({ comparison }) => comparison.variant !== null) ? 'Variant' : 'Pattern';
}
