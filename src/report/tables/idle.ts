import { mergeSeries } from '../../measure/figures/histogram.ts';
import { quantileCell } from '../../measure/figures/percentile.ts';
import type { Footnotes } from '../footnotes.ts';
import { formatInterval, formatLimit, formatRate, formatShare, formatUs } from '../format.ts';
import type { Result, Trial } from '../../record/record.ts';
import type { PatternResult } from '../../analysis/patterns/pattern-result.ts';
import {
  plannedRatePerS,
  shareReached,
  type Variability,
  variabilityOf,
} from '../../analysis/patterns/variability.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { variabilityText } from '../reasons/variability-text.ts';
import { validityCell } from './verdicts.ts';

/** Is the latency of a row another one when it is busy? Undefined where no row was asked. */
export function idleSection(
  { scenario }: Result,
  patterns: readonly PatternResult[],
  notes: Footnotes,
): Section | undefined {
  if (!scenario.idleBusy || patterns.every((pattern) => pattern.trials.idleBusy.length === 0))
    return undefined;
  const { idlePerS, busyShare, blocks } = scenario.idleBusy;
  return {
    id: 'idle',
    title: `Idle (${formatRate(idlePerS)}) and busy (${formatLimit(busyShare)} of the pattern's own capacity) in turn: completion time, ${blocks} pairs of blocks`,
    columns: [
      { id: 'idle-p50', title: 'Idle p50', align: 'right' },
      { id: 'busy-p50', title: 'Busy p50', align: 'right' },
      { id: 'busy-rate', title: 'Busy rate, of capacity', align: 'right' },
      { id: 'busy-ratio', title: 'Busy/idle [95 %]', align: 'left' },
      { id: 'variable', title: 'Verdict', align: 'left' },
      { id: 'idle-validity', title: 'Validity', align: 'left' },
    ],
    rows: patterns.map((pattern) => ({
      pattern: pattern.record.id,
      title: pattern.record.title,
      part: null,
      cells: cellsOf(pattern, busyShare, notes),
    })),
  };
}

function cellsOf(pattern: PatternResult, busyShare: number, notes: Footnotes): Cell[] {
  if (pattern.trials.idleBusy.length === 0) return Array.from({ length: 6 }, () => EMPTY_CELL);
  const variability = variabilityOf(pattern, busyShare);
  const { interval } = variability;
  const blocks = (name: string) =>
    pattern.trials.idleBusy.flatMap((trial) => trial.phases.filter((phase) => phase.name.startsWith(name)));
  const busy = blocks('busy-');
  return [
    medianCell(blocks('idle-')),
    medianCell(busy),
    rateCell(pattern, busy),
    interval ? textCell(formatInterval(interval), { value: interval.ratio, unit: 'ratio' }) : EMPTY_CELL,
    foundCell(pattern, variability, notes),
    validityCell(pattern.trials.idleBusy, notes),
  ];
}

function medianCell(phases: Trial['phases']): Cell {
  if (phases.length === 0) return EMPTY_CELL;
  const cell = quantileCell(mergeSeries(phases.map((phase) => phase.completion)), 0.5);
  return cell.state === 'known'
    ? textCell(formatUs(cell.valueUs), { value: cell.valueUs, unit: 'us' })
    : EMPTY_CELL;
}

function rateCell(pattern: PatternResult, busy: Trial['phases']): Cell {
  const value = plannedRatePerS(busy);
  if (value === undefined) return EMPTY_CELL;
  const share = shareReached(pattern);
  return textCell(formatRate(value), {
    value,
    unit: 'per-s',
    below: share === undefined ? null : formatShare(share),
  });
}

function foundCell(pattern: PatternResult, { found, reason }: Variability, notes: Footnotes): Cell {
  if (found !== 'unknown') return textCell(found);
  const marks = reason === null ? [] : [notes.mark(`${pattern.record.title}: ${variabilityText(reason)}.`)];
  return textCell('inconclusive', { tone: 'weak', marks });
}
