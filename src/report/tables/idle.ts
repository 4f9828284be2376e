import { figureCell } from '../cells.ts';
import { mergeSeries } from '../../measure/figures/histogram.ts';
import { quantileCell } from '../../measure/figures/percentile.ts';
import type { Footnotes } from '../footnotes.ts';
import { formatInterval, formatRate, formatRatio, plural } from '../format.ts';
import type { Result, Trial } from '../../record/record.ts';
import type { PatternResult } from '../../analysis/patterns/pattern-result.ts';
import {
  plannedRatePerS,
  shareReached,
  type Variability,
  variabilityOf,
} from '../../analysis/patterns/variability.ts';
import { figureColumn, patternRow, type TableColumn, tableOf, textColumn } from '../table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { variabilityText } from '../reasons/variability-text.ts';
import { validityCell } from './verdicts.ts';

/** Latency of each pattern when idle and when busy; undefined where the scenario does not ask. */
export function idleSection(
  { scenario }: Result,
  patterns: readonly PatternResult[],
  notes: Footnotes,
): Section | undefined {
  if (!scenario.idleBusy || patterns.every((pattern) => pattern.trials.idleBusy.length === 0))
    return undefined;
  const { idlePerS, busyShare, blocks } = scenario.idleBusy;
  return tableOf(
    {
      id: 'idle',
      title: `Idle (${formatRate(idlePerS)}) and busy (${busyShare}× the rate of the pattern's closed loop) in turn: completion time, ${plural(blocks, 'pair')} of blocks`,
      nameOf: ({ pattern }) => patternRow(pattern),
      missing: ({ pattern }) => (pattern.trials.idleBusy.length === 0 ? EMPTY_CELL : null),
      columns: columnsOf(notes),
    },
    patterns.map((pattern) => ({ pattern, variability: variabilityOf(pattern, busyShare) })),
  );
}

interface Line {
  readonly pattern: PatternResult;
  readonly variability: Variability;
}

function columnsOf(notes: Footnotes): TableColumn<Line>[] {
  return [
    figureColumn('idle-p50', 'Idle p50', ({ pattern }) => medianCell(blocksOf(pattern, 'idle-'))),
    figureColumn('busy-p50', 'Busy p50', ({ pattern }) => medianCell(blocksOf(pattern, 'busy-'))),
    figureColumn('busy-rate', 'Busy rate, of closed loop', ({ pattern }) => busyRateCell(pattern)),
    textColumn('busy-ratio', 'Busy/idle [95 %]', ratioIntervalCell),
    textColumn('variable', 'Verdict', (line) => foundCell(line, notes)),
    textColumn('idle-validity', 'Validity', ({ pattern }) => validityCell(pattern.trials.idleBusy, notes)),
  ];
}

function blocksOf({ trials: { idleBusy } }: PatternResult, name: string): Trial['phases'] {
  return idleBusy.flatMap((trial) => trial.phases.filter((phase) => phase.name.startsWith(name)));
}

function ratioIntervalCell({ variability: { interval } }: Line): Cell {
  return interval ? textCell(formatInterval(interval), { value: interval.ratio, unit: 'ratio' }) : EMPTY_CELL;
}

function medianCell(phases: Trial['phases']): Cell {
  if (phases.length === 0) return EMPTY_CELL;
  const cell = quantileCell(mergeSeries(phases.map((phase) => phase.completion)), 0.5);
  return figureCell(cell.state === 'known' ? cell.valueUs : null, 'us');
}

function busyRateCell(pattern: PatternResult): Cell {
  const share = shareReached(pattern);
  const below = share === undefined ? null : formatRatio(share);
  return figureCell(plannedRatePerS(blocksOf(pattern, 'busy-')), 'per-s', { below });
}

function foundCell({ pattern, variability: { found, reason } }: Line, notes: Footnotes): Cell {
  if (found !== 'unknown') return textCell(found);
  const marks = reason === null ? [] : [notes.mark(`${pattern.record.title}: ${variabilityText(reason)}.`)];
  return textCell('inconclusive', { tone: 'weak', marks });
}
