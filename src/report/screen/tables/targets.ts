import { NS_PER_S } from '../../../kernel/clock.ts';
import {
  isStep,
  operationResults,
  type OperationResult,
} from '../../../analysis/operations/operation-results.ts';
import {
  plannedOf,
  type PatternResult,
  unconfirmedIn,
  variantResults,
} from '../../../analysis/patterns/pattern-result.ts';
import type { Phase } from '../../../measure/figures/figures.ts';
import type { Result } from '../../../record/record.ts';
import { madeConnectionsText } from '../../connections-text.ts';
import { countCell, figureCell, shareCell } from '../../cells.ts';
import { formatCount, plural } from '../../format.ts';
import { countOf, failureCounts, successCounts } from '../../../analysis/patterns/outcomes.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import { figureColumn, type RowName, type TableColumn, tableOf, textColumn } from '../../table.ts';
import { percentileCell } from './figures.ts';

const QUANTILES = [0.5, 0.9, 0.95, 0.99] as const;

/** Servers of the user's own: percentiles, rate and success; of the whole mix, then of each operation. */
export function targetsTable(result: Result): Section {
  const columns = [OPERATION, ...PERCENTILES, ...STREAMS, ...COUNTS];
  return tableOf({ ...PLAN, id: 'targets', columns }, linesOnScreen(result).lines);
}

/** Answers by status, in the same rows. */
export function statusTable(result: Result): Section {
  const { lines } = linesOnScreen(result);
  return tableOf(
    { ...PLAN, id: 'statuses', head: 'Status', columns: [OPERATION, ...statuses(lines)] },
    lines,
  );
}

/** A screen has room for so many rows of each table. */
const MOST_LINES = 8;

/** Of too many rows, steps of flows are left to the whole report first. */
function linesOnScreen(result: Result): { readonly lines: OperationResult[]; readonly left: number } {
  const all = operationResults(result);
  const lines = all.length <= MOST_LINES ? all : all.filter(({ operation }) => !isStep(operation));
  return { lines: lines.slice(0, MOST_LINES), left: all.length - Math.min(lines.length, MOST_LINES) };
}

/** Rows that only the whole report has. */
export function operationNotes(result: Result): string[] {
  const { left } = linesOnScreen(result);
  return left > 0 ? [`  and ${plural(left, 'more row')} of operations and steps, with --full`] : [];
}

/** Both in one, for the whole report; undefined where no target has several operations. */
export function operationsSection(result: Result): Section | undefined {
  const lines = operationResults(result).filter(({ record }) => record.target !== null);
  if (!lines.some(({ operation }) => operation !== null)) return undefined;
  const columns = [OPERATION, ...PERCENTILES, ...STREAMS, ...COUNTS, ...statuses(lines)];
  return tableOf({ ...PLAN, id: 'operations', title: 'By operation', columns }, lines);
}

const PLAN = {
  head: 'Target',
  isCompared: true,
  // The operation is a column.
  nameOf: ({ record: { id, title }, variant }: OperationResult): RowName => {
    return { pattern: id, title: variant === null ? title : `${title}, ${variant}` };
  },
} as const;

const OPERATION: TableColumn<OperationResult> = textColumn(
  'operation',
  'Operation',
  ({ operation }) => textCell(operation ?? ''),
  { isLabel: true, isOptional: true, priority: 1 },
);

const PERCENTILES: readonly TableColumn<OperationResult>[] = QUANTILES.map((quantile) =>
  figureColumn(
    `response-p${quantile * 100}`,
    `p${quantile * 100}`,
    (pattern) => percentileCell(pattern, 'response', quantile),
    { priority: 1 },
  ),
);

/** Of streams alone, as empty columns are left out. */
const STREAMS: readonly TableColumn<OperationResult>[] = [
  figureColumn('first-item-p50', 'First item p50', (line) => percentileCell(line, 'firstItem', 0.5), {
    priority: 1,
  }),
  figureColumn('first-item-p99', 'First item p99', (line) => percentileCell(line, 'firstItem', 0.99), {
    priority: 2,
  }),
  figureColumn('jitter-p50', 'Jitter p50', (line) => percentileCell(line, 'itemJitter', 0.5), {
    priority: 2,
  }),
  figureColumn('jitter-p99', 'Jitter p99', (line) => percentileCell(line, 'itemJitter', 0.99), {
    priority: 3,
  }),
  figureColumn('items', 'Items', (line) => itemsCell(phasesOf(line)), { priority: 1 }),
];

/** `4,990 of 5,000`. */
function itemsCell(phases: readonly Phase[]): Cell {
  const counts = phases.flatMap(({ items }) => items ?? []);
  const sum = (key: 'planned' | 'received') => counts.reduce((n, count) => n + count[key], 0);
  const [received, planned] = [sum('received'), sum('planned')];
  if (planned === 0) return EMPTY_CELL;
  const text =
    received === planned ? formatCount(received) : `${formatCount(received)} of ${formatCount(planned)}`;
  return countCell(received, { text, tone: received < planned ? 'bad' : 'plain' });
}

const COUNTS: readonly TableColumn<OperationResult>[] = [
  figureColumn('req-s', 'req/s', (pattern) => rateCell(phasesOf(pattern)), { priority: 1 }),
  figureColumn('calls', 'Calls', (pattern) => countOfCalls(phasesOf(pattern)), { priority: 2 }),
  figureColumn('success', 'Success', (pattern) => successCell(phasesOf(pattern)), { priority: 1 }),
];

function phasesOf({ trials: { latency } }: PatternResult): Phase[] {
  return latency.flatMap((trial) => trial.phases);
}

function countOfCalls(phases: readonly Phase[]): Cell {
  const planned = plannedOf(phases);
  return planned === 0 ? EMPTY_CELL : countCell(planned);
}

/** Answered, whatever the answer. */
function rateCell(phases: readonly Phase[]): Cell {
  const seconds = phases.reduce((ns, phase) => ns + phase.toNs - phase.fromNs, 0) / NS_PER_S;
  if (seconds === 0) return EMPTY_CELL;
  const answered = countOf(phases, 'ok') + countOf(phases, 'error') + countOf(phases, 'contract-broken');
  return figureCell(answered / seconds, 'per-s');
}

/** Of what was sent unconfirmed nobody knows. */
function successCell(phases: readonly Phase[]): Cell {
  const unconfirmed = unconfirmedIn(phases);
  const known = plannedOf(phases) - unconfirmed;
  if (known === 0) return unconfirmed > 0 ? textCell('unconfirmed', { tone: 'weak' }) : EMPTY_CELL;
  const correct = phases.reduce((n, phase) => n + phase.correct, 0);
  return shareCell(correct / known, { tone: correct < known ? 'bad' : 'plain' });
}

/** Connections of each target: a server that ends them after each call is measured with their making. */
export function connectionNotes(result: Result): string[] {
  const lines = variantResults(result).flatMap((line) => {
    const text = madeConnectionsText(line);
    return text === null ? [] : [{ name: line.name, text }];
  });
  return lines.map(({ name, text }) => `Connections: ${lines.length > 1 ? `${name}: ` : ''}${text}`);
}

/** A column for each way to end: successes by their status, then failures. */
function statuses(lines: readonly OperationResult[]): TableColumn<OperationResult>[] {
  const columns = (counts: typeof failureCounts, tone: Cell['tone']) => {
    const names = [...new Set(lines.flatMap((line) => [...counts(phasesOf(line)).keys()]))].toSorted();
    return names.map((name) =>
      figureColumn<OperationResult>(
        `status-${name.replaceAll(' ', '-')}`,
        name,
        (line) => {
          const n = counts(phasesOf(line)).get(name);
          return n === undefined ? EMPTY_CELL : countCell(n, { tone });
        },
        { priority: 1 },
      ),
    );
  };
  return [...columns(successCounts, 'plain'), ...columns(failureCounts, 'bad')];
}
