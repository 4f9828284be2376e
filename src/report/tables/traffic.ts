import type { Footnotes } from '../footnotes.ts';
import { formatBytes } from '../format.ts';
import { bytesPerCall } from '../../analysis/patterns/bytes.ts';
import type { Cost, Result } from '../../record/record.ts';
import { hasBroker, timedTrials, type PatternResult } from '../../analysis/patterns/pattern-result.ts';
import { type Cell, type Column, EMPTY_CELL, type Section, textCell } from '../view.ts';

const BYTES: readonly Column[] = [
  { id: 'bytes-caller', title: 'Bytes of the caller', align: 'right' },
  { id: 'bytes-services', title: 'Bytes services, broker', align: 'right' },
];
const MEMORY: readonly Column[] = [
  { id: 'memory-caller', title: 'Memory caller', align: 'right' },
  { id: 'memory-service', title: 'Memory service', align: 'right' },
  { id: 'memory-broker', title: 'Memory broker', align: 'right' },
];

/** What a row sends, and the memory that it takes; bytes only where they were counted. */
export function trafficSection(
  result: Result,
  patterns: readonly PatternResult[],
  notes: Footnotes,
): Section | undefined {
  const isCounted = patterns.some((pattern) => pattern.trials.wireBytes.length > 0);
  if (!isCounted && patterns.every((pattern) => timedTrials(pattern).length === 0)) return undefined;
  return {
    id: 'traffic',
    title: isCounted ? 'Bytes per request on the wire, and peak memory' : 'Peak memory',
    columns: [...(isCounted ? BYTES : []), ...MEMORY],
    rows: patterns.map((pattern) => ({
      pattern: pattern.record.id,
      title: pattern.record.title,
      part: null,
      cells: [
        ...(isCounted
          ? [
              wireCell(pattern, 'caller', notes),
              hasBroker(result, pattern) ? wireCell(pattern, 'service', notes) : EMPTY_CELL,
            ]
          : []),
        memoryCell(pattern, 'callerPeakBytes'),
        memoryCell(pattern, 'servicePeakBytes'),
        hasBroker(result, pattern) ? memoryCell(pattern, 'brokerPeakBytes') : EMPTY_CELL,
      ],
    })),
  };
}

export const BYTES_NOTE =
  'Payload bytes of TCP, without its headers, both ways, counted in a trial of its own: caller with service (or broker), and services with the broker; with what a connection does besides (heartbeats, fetches that found nothing).';

export const BYTES_UNKNOWN =
  'Bytes unknown: not counted here, or not every call of the counting trial was answered ok.';

function wireCell(pattern: PatternResult, side: 'caller' | 'service', notes: Footnotes): Cell {
  if (pattern.trials.wireBytes.length === 0) return EMPTY_CELL;
  const bytes = bytesPerCall(pattern, side);
  if (!bytes) return textCell('unknown', { tone: 'weak', marks: [notes.mark(BYTES_UNKNOWN)] });
  const value = bytes.sent + bytes.received;
  return textCell(formatBytes(value), {
    value,
    unit: 'bytes',
    below: `${formatBytes(bytes.sent)} out`,
    marks: [notes.mark(BYTES_NOTE)],
  });
}

/** The highest of all trials. */
function memoryCell(
  pattern: PatternResult,
  part: keyof Pick<Cost, 'callerPeakBytes' | 'servicePeakBytes' | 'brokerPeakBytes'>,
): Cell {
  if (timedTrials(pattern).length === 0) return EMPTY_CELL;
  const known = timedTrials(pattern).flatMap((trial) => trial.cost[part] ?? []);
  if (known.length === 0) return textCell('unknown', { tone: 'weak' });
  const value = Math.max(...known);
  return textCell(formatBytes(value), { value, unit: 'bytes' });
}
