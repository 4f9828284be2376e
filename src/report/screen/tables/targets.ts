import { NS_PER_S } from '../../../kernel/clock.ts';
import {
  variantResults,
  plannedOf,
  type PatternResult,
  unconfirmedIn,
} from '../../../analysis/patterns/pattern-result.ts';
import type { Phase } from '../../../measure/figures/figures.ts';
import type { Result } from '../../../record/record.ts';
import { madeConnectionsText } from '../../connections-text.ts';
import { countCell, figureCell, shareCell } from '../../cells.ts';
import { formatCount } from '../../format.ts';
import { countOf } from '../../../analysis/patterns/outcomes.ts';
import { failuresText } from '../../outcomes.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import { figureColumn, lineRow, type TableColumn, tableOf } from '../../table.ts';
import { percentileCell } from './figures.ts';

const QUANTILES = [0.5, 0.9, 0.95, 0.99] as const;

/** Servers of the user's own: percentiles, rate and success. */
export function targetsTable(result: Result): Section {
  return tableOf(
    {
      id: 'targets',
      head: 'Target',
      isCompared: true,
      nameOf: lineRow,
      columns: [...percentiles(), ...COUNTS],
    },
    variantResults(result),
  );
}

function percentiles(): TableColumn<PatternResult>[] {
  return QUANTILES.map((quantile) =>
    figureColumn(
      `response-p${quantile * 100}`,
      `p${quantile * 100}`,
      (pattern) => percentileCell(pattern, 'response', quantile),
      { priority: 1 },
    ),
  );
}

const COUNTS: readonly TableColumn<PatternResult>[] = [
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

/** `REST: ok ×153, error 500 ×147`: how calls ended, by status. */
export function statusNotes(result: Result): string[] {
  const lines = variantResults(result).filter(({ trials: { latency } }) => latency.length > 0);
  return lines.map((line) => {
    const phases = phasesOf(line);
    const failures = failuresText(phases);
    const ok = countOf(phases, 'ok');
    const counts = [...(ok > 0 ? [`ok ×${formatCount(ok)}`] : []), ...(failures === '' ? [] : [failures])];
    return `Status: ${lines.length > 1 ? `${line.name}: ` : ''}${counts.join(', ')}`;
  });
}
