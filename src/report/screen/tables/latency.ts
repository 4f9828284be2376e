import { NS_PER_S } from '../../../kernel/clock.ts';
import {
  variantResults,
  plannedOf,
  type PatternResult,
  patternResults,
  timedTrials,
  variantsOf,
} from '../../../analysis/patterns/pattern-result.ts';
import type { Result, Trial } from '../../../record/record.ts';
import { shareCell } from '../../cells.ts';
import { formatRate } from '../../format.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import { type ScreenColumn, screenTable } from '../screen-table.ts';
import { percentileCell, tailCell, validCell } from './figures.ts';

/** Response and completion times of each pattern, or of each of its variants, and what is left of it while its service is down. */
export function latencyTable(result: Result): Section {
  const hasVariants = variantsOf(result).length > 0;
  const lines = variantResults(result);
  const outages = new Map(patternResults(result).map((pattern) => [pattern.record.id, pattern]));
  const columns = [
    ...(hasVariants ? [VARIANT] : []),
    ...latencyColumns(lines),
    ...outageColumns(outages),
    {
      id: 'valid',
      title: 'Valid',
      priority: 4,
      cell: (pattern: PatternResult) => validCell(timedTrials(pattern)),
    },
  ];
  const table = screenTable(
    {
      id: 'latency',
      title: '',
      head: 'Pattern',
      columns,
      nameOf: ({ record }) => ({ pattern: record.id, title: record.title }),
    },
    lines,
  );
  const labelled = table.columns.map((column) =>
    column.id === 'variant' ? { ...column, isLabel: true as const } : column,
  );
  return { ...table, columns: labelled };
}

const VARIANT: ScreenColumn<PatternResult> = {
  id: 'variant',
  title: 'Variant',
  align: 'left',
  priority: 1,
  cell: ({ variant }) => textCell(variant ?? ''),
};

function latencyColumns(lines: readonly PatternResult[]): ScreenColumn<PatternResult>[] {
  const isStream = lines.some((line) => line.series.firstItem.merged !== null);
  const streams: ScreenColumn<PatternResult>[] = [
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
    { id: 'goodput', title: 'Goodput', priority: 3, cell: ({ trials: { latency } }) => goodputCell(latency) },
  ];
}

function responseCell(pattern: PatternResult): Cell {
  const cell = percentileCell(pattern, 'response', 0.5);
  const until = pattern.waitsFor === 'confirm' ? 'until confirm' : cell.below;
  return cell.value === null ? cell : { ...cell, below: until };
}

/** Of all calls, whatever became of them: the correct ones, per second of intended time. */
function goodputCell(trials: readonly Trial[]): Cell {
  const phases = trials.flatMap((trial) => trial.phases);
  const planned = plannedOf(phases);
  if (planned === 0) return EMPTY_CELL;
  const correct = phases.reduce((n, phase) => n + phase.correct, 0);
  const perS = (correct * NS_PER_S) / phases.reduce((ns, phase) => ns + phase.toNs - phase.fromNs, 0);
  return textCell(formatRate(perS), {
    value: perS,
    unit: 'per-s',
    tone: correct < planned ? 'bad' : 'plain',
  });
}

function outageColumns(patterns: ReadonlyMap<string, PatternResult>): ScreenColumn<PatternResult>[] {
  const share =
    (pick: 'served' | 'finallyDone') =>
    ({ record }: PatternResult): Cell => {
      const found = patterns.get(record.id)!.trials.serviceOutage.flatMap((trial) => trial.coupling ?? []);
      const intended = found.reduce((n, one) => n + one.intended, 0);
      if (intended === 0) return EMPTY_CELL;
      return shareCell(found.reduce((n, one) => n + one[pick], 0) / intended);
    };
  return [
    { id: 'accepted-down', title: 'Accepted while service down', priority: 1, cell: share('served') },
    { id: 'completed-down', title: 'Completed in the end', priority: 1, cell: share('finallyDone') },
  ];
}
