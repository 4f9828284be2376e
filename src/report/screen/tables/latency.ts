import {
  variantResults,
  type PatternResult,
  patternResults,
  timedTrials,
} from '../../../analysis/patterns/pattern-result.ts';
import type { Result } from '../../../record/record.ts';
import { outageSeen } from '../../../analysis/patterns/outage-seen.ts';
import { figureOnly } from '../../cells.ts';
import type { Cell, Section } from '../../view.ts';
import { patternRow } from '../../row-name.ts';
import { type TableColumn, tableOf } from '../../table.ts';
import { goodputCell, VARIANT } from '../../tables/latency.ts';
import { outageShareCell } from '../../tables/outage.ts';
import { percentileCell, tailCell, validCell } from './figures.ts';

/** Response and completion times of each pattern, or of each of its variants, and what is left of it while its service is down. */
export function latencyTable(result: Result): Section {
  const lines = variantResults(result);
  const outages = new Map(patternResults(result).map((pattern) => [pattern.record.id, pattern]));
  return tableOf(
    {
      id: 'latency',
      isCompared: true,
      nameOf: patternRow,
      columns: [
        { ...VARIANT, isLabel: true, priority: 1 },
        ...latencyColumns(lines),
        ...outageColumns(outages),
        { id: 'valid', title: 'Valid', priority: 4, cell: (pattern) => validCell(timedTrials(pattern)) },
      ],
    },
    lines,
  );
}

function latencyColumns(lines: readonly PatternResult[]): TableColumn<PatternResult>[] {
  const isStream = lines.some((line) => line.series.firstItem.merged !== null);
  const streams: TableColumn<PatternResult>[] = [
    {
      id: 'first-item-p50',
      title: 'First item p50',
      priority: 1,
      cell: (pattern) => percentileCell(pattern, 'firstItem', 0.5),
    },
    {
      id: 'first-item-p99',
      title: 'First item p99',
      priority: 2,
      cell: (pattern) => tailCell(pattern, 'firstItem'),
    },
    {
      id: 'jitter-p99',
      title: 'Jitter p99',
      priority: 2,
      cell: (pattern) => tailCell(pattern, 'itemJitter'),
    },
  ];
  return [
    ...(isStream ? streams : []),
    { id: 'response-p50', title: 'Response time p50', priority: isStream ? 5 : 1, cell: responseCell },
    {
      id: 'response-p99',
      title: 'Response time p99',
      priority: isStream ? 5 : 2,
      cell: (pattern) => tailCell(pattern, 'response'),
    },
    {
      id: 'completion-p50',
      title: 'Completion time p50',
      priority: 1,
      cell: (pattern) => percentileCell(pattern, 'completion', 0.5),
    },
    {
      id: 'completion-p99',
      title: 'Completion time p99',
      priority: 3,
      cell: (pattern) => tailCell(pattern, 'completion'),
    },
    {
      id: 'goodput',
      title: 'Goodput',
      priority: 3,
      cell: ({ trials: { latency } }) => figureOnly(goodputCell(latency, 'correct')),
    },
  ];
}

function responseCell(pattern: PatternResult): Cell {
  const cell = percentileCell(pattern, 'response', 0.5);
  const until = pattern.waitsFor === 'confirm' ? 'until confirm' : cell.below;
  return cell.value === null ? cell : { ...cell, below: until };
}

function outageColumns(patterns: ReadonlyMap<string, PatternResult>): TableColumn<PatternResult>[] {
  const share =
    (part: 'served' | 'finallyDone') =>
    ({ record }: PatternResult): Cell =>
      figureOnly(outageShareCell(outageSeen(patterns.get(record.id)!, 'serviceOutage'), part));
  return [
    { id: 'accepted-down', title: 'Accepted while service down', priority: 1, cell: share('served') },
    { id: 'completed-down', title: 'Completed in the end', priority: 1, cell: share('finallyDone') },
  ];
}
