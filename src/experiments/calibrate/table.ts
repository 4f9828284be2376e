import { figureCell } from '../../report/cells.ts';
import { formatRangeUs } from '../../report/format.ts';
import { figureColumn, type TableColumn, tableOf, textColumn } from '../../report/table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../report/view.ts';
import type { CalibratedPattern, Calibration } from './found.ts';

/** No-op baseline and highest sustained rate of each pattern on this machine. */
export function calibrationTable({ calibrated, startedAt }: Calibration): Section {
  const isOlder = calibrated.some(({ at }) => at !== null && dayOf(at) !== dayOf(startedAt));
  return tableOf(
    {
      id: 'patterns',
      title: 'No-op baseline and highest sustained rate',
      nameOf: ({ pattern: { id, title } }) => ({ pattern: id, title }),
      columns: [...COLUMNS, ...(isOlder ? [ON] : [])],
    },
    calibrated,
  );
}

/** Some figures are those of an earlier calibration. */
const ON: TableColumn<CalibratedPattern> = textColumn(
  'at',
  'Measured on',
  ({ at }) => (at === null ? EMPTY_CELL : textCell(dayOf(at))),
  { priority: 5 },
);

function dayOf(at: string): string {
  return at.slice(0, 10);
}

const COLUMNS: readonly TableColumn<CalibratedPattern>[] = [
  figureColumn('no-op', 'No-op baseline p50', baselineCell, { priority: 1 }),
  figureColumn('sustained', 'Highest sustained rate', sustainedCell, { priority: 1 }),
  figureColumn(
    'not-sustained',
    'Not sustained',
    ({ sustainedRate }) => figureCell(sustainedRate?.notSustainedPerS, 'per-s'),
    { priority: 3 },
  ),
  textColumn('limit', 'Limited by', limitCell, { priority: 2 }),
  figureColumn(
    'closed-loop',
    'Closed loop',
    ({ closedLoop }) => figureCell(closedLoop?.perS, 'per-s', { below: closedLoop?.tool ?? null }),
    { priority: 4 },
  ),
];

function baselineCell({ noop }: CalibratedPattern): Cell {
  if (!noop) return EMPTY_CELL;
  const { p50Us, lowUs, highUs, trials } = noop;
  const below = trials > 1 ? formatRangeUs(lowUs, highUs, p50Us) : null;
  const interval = { low: lowUs, high: highUs };
  return figureCell(p50Us, 'us', { below, interval });
}

function sustainedCell({ sustainedRate }: CalibratedPattern): Cell {
  const below = sustainedRate?.isWhole === false ? 'or above' : null;
  return figureCell(sustainedRate?.sustainedPerS, 'per-s', { below });
}

const LIMIT_WORDS: Readonly<Record<string, string>> = {
  'generator-bound': 'load generator late',
  disturbed: 'noisy host',
};

function limitCell({ sustainedRate }: CalibratedPattern): Cell {
  const limit = sustainedRate?.limit;
  return limit == null ? EMPTY_CELL : textCell(LIMIT_WORDS[limit] ?? limit);
}
