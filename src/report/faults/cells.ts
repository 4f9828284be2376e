import { amplification, type EdgeTotals } from '../../analysis/faults/edge-totals.ts';
import type { FaultComparison } from '../../analysis/faults/fault-comparison.ts';
import { isAsynchronous } from '../../analysis/faults/fault-trials.ts';
import { type Compared, correctShare, type RequestTotals } from '../../analysis/faults/requests.ts';
import { countCell, ratioCell, shareCell } from '../cells.ts';
import { formatShare } from '../format.ts';
import { type Cell, EMPTY_CELL, textCell } from '../view.ts';
import { recoveryText } from './recovery-text.ts';

/** Cells that several tables about faults have. */

/** Share of the requests that were due, against the control. */
export function correctCell({ here, control }: Compared): Cell {
  if (here.planned === 0) return EMPTY_CELL;
  const [share, usual] = [correctShare(here), correctShare(control)];
  return shareCell(share, {
    below: control.planned === 0 ? 'no control' : `vs ${formatShare(usual)}`,
    tone: share < usual ? 'bad' : 'good',
  });
}

/** How many calls the shares beside it are of. */
export function dueCell({ here }: Compared): Cell {
  return countCell(here.planned);
}

/** Share of the correct ones. */
export function degradedCell({ degraded, correct }: RequestTotals): Cell {
  return degraded === 0 ? EMPTY_CELL : shareCell(degraded / correct);
}

export function finallyDoneCell({ done, planned }: RequestTotals): Cell {
  return planned === 0 ? EMPTY_CELL : shareCell(done / planned, { tone: done < planned ? 'bad' : 'plain' });
}

/** Attempts over those due if nothing fails. */
export function amplifiedCell(seen: EdgeTotals | undefined, more: Partial<Cell> = {}): Cell {
  const times = seen ? amplification(seen) : null;
  const tone = times !== null && Number(times.toFixed(2)) > 1 ? 'bad' : 'plain';
  return ratioCell(times, { tone, ...more });
}

/** Empty unless acceptance is not completion. */
export function ifCompletes<Line extends { readonly comparison: FaultComparison }>(
  cell: (line: Line) => Cell,
): (line: Line) => Cell {
  return (line) => (isAsynchronous(line.comparison) ? cell(line) : EMPTY_CELL);
}

/** How long the recovery took; below it why that is unknown, or whether it came by itself. */
export function recoveredCell({ health: { ending } }: FaultComparison): Cell {
  if (!ending) return EMPTY_CELL;
  const { recovery, isCutShort, shed } = ending;
  if (isCutShort) return textCell('not watched', { below: 'long enough', tone: 'weak' });
  const text = recoveryText(recovery);
  switch (recovery.state) {
    case 'unjudged':
      return textCell(text, { tone: 'weak' });
    case 'never-harmed':
      return textCell(text, { tone: 'good' });
    case 'recovered': {
      const below = shed === null ? null : 'load shed';
      const tone = shed === null ? 'good' : 'bad';
      return textCell(text, { value: recovery.afterNs / 1000, unit: 'us', below, tone });
    }
    case 'not-recovered':
      return textCell(text, { below: 'not recovered', tone: 'bad' });
  }
}

/** Of the calls of an edge, those that succeeded. */
export function okShareCell({ calls, ok }: EdgeTotals): Cell {
  if (calls === 0) return EMPTY_CELL;
  return shareCell(ok / calls, { tone: ok < calls ? 'bad' : 'plain' });
}
