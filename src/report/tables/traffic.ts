import { figureCell } from '../cells.ts';
import type { Footnotes } from '../footnotes.ts';
import { formatBytes } from '../format.ts';
import { bytesPerCall } from '../../analysis/patterns/bytes.ts';
import type { Cost, Result } from '../../record/record.ts';
import { hasBroker, timedTrials, type PatternResult } from '../../analysis/patterns/pattern-result.ts';
import { figureColumn, patternRow, type TableColumn, tableOf } from '../table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';

/** Bytes on the wire, where they were counted, and memory. */
export function trafficSection(
  result: Result,
  patterns: readonly PatternResult[],
  notes: Footnotes,
): Section | undefined {
  const isCounted = patterns.some((pattern) => pattern.trials.wireBytes.length > 0);
  if (!isCounted && patterns.every((pattern) => timedTrials(pattern).length === 0)) return undefined;
  const ifBroker = (cell: (pattern: PatternResult) => Cell) => (pattern: PatternResult) =>
    hasBroker(result, pattern) ? cell(pattern) : EMPTY_CELL;
  const bytes: TableColumn<PatternResult>[] = [
    figureColumn('bytes-caller', 'Bytes of the caller', (pattern) => wireCell(pattern, 'caller', notes)),
    figureColumn(
      'bytes-services',
      'Bytes services, broker',
      ifBroker((pattern) => wireCell(pattern, 'service', notes)),
    ),
  ];
  const memory = (part: PeakBytes) => (pattern: PatternResult) => memoryCell(pattern, part);
  return tableOf(
    {
      id: 'traffic',
      title: isCounted ? 'Bytes per request on the wire, and peak memory' : 'Peak memory',
      nameOf: patternRow,
      columns: [
        ...(isCounted ? bytes : []),
        figureColumn('memory-caller', 'Memory caller', memory('callerPeakBytes')),
        figureColumn('memory-service', 'Memory service', memory('servicePeakBytes')),
        figureColumn(
          'memory-broker',
          'Memory broker',
          ifBroker((pattern) => brokerMemoryCell(pattern, notes)),
        ),
      ],
    },
    patterns,
  );
}

type PeakBytes = keyof Pick<Cost, 'callerPeakBytes' | 'servicePeakBytes' | 'brokerPeakBytes'>;

export const BYTES_NOTE =
  'Payload bytes of TCP, without its headers, both ways, counted in a trial of its own: caller with service (or broker), and services with the broker; with what a connection does besides (heartbeats, fetches that found nothing).';

export const BYTES_UNKNOWN =
  'Bytes unknown: not counted here, or not every call of the counting trial was answered ok.';

function wireCell(pattern: PatternResult, side: 'caller' | 'service', notes: Footnotes): Cell {
  if (pattern.trials.wireBytes.length === 0) return EMPTY_CELL;
  const bytes = bytesPerCall(pattern, side);
  if (!bytes) return textCell('unknown', { tone: 'weak', marks: [notes.mark(BYTES_UNKNOWN)] });
  return figureCell(bytes.sent + bytes.received, 'bytes', {
    below: `${formatBytes(bytes.sent)} out`,
    marks: [notes.mark(BYTES_NOTE)],
  });
}

const BROKER_MEMORY =
  "The broker's greatest use since it started, whoever caused it; Kafka's is mostly the heap that it is given (256 to 384 MB).";

function brokerMemoryCell(pattern: PatternResult, notes: Footnotes): Cell {
  const cell = memoryCell(pattern, 'brokerPeakBytes');
  return cell.value === null ? cell : { ...cell, marks: [notes.mark(BROKER_MEMORY)] };
}

/** The highest of all trials. */
function memoryCell(pattern: PatternResult, part: PeakBytes): Cell {
  if (timedTrials(pattern).length === 0) return EMPTY_CELL;
  const known = timedTrials(pattern).flatMap((trial) => trial.cost[part] ?? []);
  if (known.length === 0) return textCell('unknown', { tone: 'weak' });
  return figureCell(Math.max(...known), 'bytes');
}
