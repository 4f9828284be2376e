import { type FaultLine, hasCases } from './figures/faults.ts';
import type { StoredRecord } from './pages/stored.ts';
import { type OwnColumn, type TableRule, tableRule } from './rule.ts';

/** A line of a table about faults; several of one comparison are told apart by labels among their columns. */
export interface OfFault {
  readonly line: FaultLine;
}

interface FaultPlan<Line> {
  readonly heading: RegExp;
  readonly lines: (record: StoredRecord) => readonly Line[];
  readonly columns: (
    record: StoredRecord,
    lines: readonly Line[],
  ) => Readonly<Record<string, OwnColumn<Line>>>;
  readonly missing?: (line: Line) => string | null;
}

/** Rows begin with the case where there are several, then with the variant or the pattern. */
export function faultTableRule<Line extends OfFault>({
  heading,
  lines,
  columns,
  missing,
}: FaultPlan<Line>): TableRule {
  const rule = (own: StoredRecord): TableRule => {
    const isByCase = hasCases(lines(own).map(({ line }) => line));
    return tableRule<Line>({
      of: ['run'],
      heading,
      lines,
      name: ({ line }) => (isByCase ? (line.case?.title ?? '') : line.name),
      columns: (record, all) => ({
        ...(isByCase ? { [headOf(all)]: ({ line }: Line) => line.name } : {}),
        ...columns(record, all),
      }),
      ...(missing ? { missing } : {}),
      labels: ['Variant', 'Pattern'],
    });
  };
  return { of: ['run'], heading, unread: null, isScreen: false, own: (record) => rule(record).own(record) };
}

function headOf(lines: readonly OfFault[]): string {
  return lines.some(({ line }) => line.variant !== null) ? 'Variant' : 'Pattern';
}
