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
import { figureColumn, patternRow, type TableColumn, tableOf } from '../../table.ts';
import { goodputCell, VARIANT } from '../../tables/latency.ts';
import { outageShareCell } from '../../tables/outage.ts';
import { percentileCell, tailCell, validCell } from './figures.ts';

/** Response and completion times of each pattern, or of each of its variants, and what is left of it while its service is down. */
export function latencyTable(result: Result): Section {
  const lines = variantResults(result);
  const outages = new Map(patternResults(result).map((pattern) => [pattern.record.id, pattern]));
  return tableOf<PatternResult>(
    {
      id: 'latency',
      isCompared: true,
      nameOf: patternRow,
      columns: [
        { ...VARIANT, isLabel: true, priority: 1 },
        ...latencyColumns(lines),
        ...outageColumns(outages),
        figureColumn('valid', 'Valid', (pattern) => validCell(timedTrials(pattern)), { priority: 4 }),
      ],
    },
    lines,
  );
}

function latencyColumns(lines: readonly PatternResult[]): TableColumn<PatternResult>[] {
  const isStream = lines.some((line) => line.series.firstItem.merged !== null);
  const streams: TableColumn<PatternResult>[] = [
    figureColumn('first-item-p50', 'First item p50', (pattern) => percentileCell(pattern, 'firstItem', 0.5), {
      priority: 1,
    }),
    figureColumn('first-item-p99', 'First item p99', (pattern) => tailCell(pattern, 'firstItem'), {
      priority: 2,
    }),
    figureColumn('jitter-p99', 'Jitter p99', (pattern) => tailCell(pattern, 'itemJitter'), { priority: 2 }),
  ];
  return [
    ...(isStream ? streams : []),
    figureColumn('response-p50', 'Response time p50', responseCell, { priority: isStream ? 5 : 1 }),
    figureColumn('response-p99', 'Response time p99', (pattern) => tailCell(pattern, 'response'), {
      priority: isStream ? 5 : 2,
    }),
    figureColumn(
      'completion-p50',
      'Completion time p50',
      (pattern) => percentileCell(pattern, 'completion', 0.5),
      { priority: 1 },
    ),
    figureColumn('completion-p99', 'Completion time p99', (pattern) => tailCell(pattern, 'completion'), {
      priority: 3,
    }),
    figureColumn(
      'goodput',
      'Goodput',
      ({ trials: { latency } }) => figureOnly(goodputCell(latency, 'correct')),
      { priority: 3 },
    ),
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
    figureColumn('accepted-down', 'Accepted while service down', share('served'), { priority: 1 }),
    figureColumn('completed-down', 'Completed in the end', share('finallyDone'), { priority: 1 }),
  ];
}
