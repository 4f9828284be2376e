import type { Footnotes } from '../footnotes.ts';
import { quantileCell } from '../../measure/percentile.ts';
import { peakPerS } from '../../scenario/schema.ts';
import { formatCount, formatCpuUs, formatRate, formatShare, formatUs } from '../format.ts';
import type { Cost, Result } from '../record.ts';
import { ceilingPerS, type ResultRow, sameGuarantee } from '../row.ts';
import { survivorsNote } from '../survivors.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';

/** A row that takes more than this share of its ceiling is near saturation, whatever its latencies say. */
export const CEILING_SHARE_LIMIT = 0.25;

/** What a request costs, how far its row could go, and what is promised for it. */
export function costSection(result: Result, rows: readonly ResultRow[], notes: Footnotes): Section {
  return {
    id: 'cost',
    title: 'CPU per request, limits, and what is promised',
    columns: [
      { id: 'cpu-caller', title: 'CPU caller', align: 'right' },
      { id: 'cpu-service', title: 'CPU service', align: 'right' },
      { id: 'cpu-broker', title: 'CPU broker', align: 'right' },
      { id: 'floor-p50', title: 'Floor p50', align: 'right' },
      { id: 'ceiling-share', title: 'Of ceiling', align: 'right' },
      { id: 'guarantee', title: 'Guarantee', align: 'left' },
    ],
    rows: rows.map((row) => ({
      pattern: row.pattern.id,
      title: row.pattern.title,
      part: null,
      cells: [
        cpuCell(row, 'callerUs', notes),
        cpuCell(row, 'serviceUs', notes),
        hasBroker(result, row) ? cpuCell(row, 'brokerUs', notes) : EMPTY_CELL,
        floorCell(row, notes),
        ceilingCell(row, peakPerS(result.scenario.load)),
        guaranteeCell(row, rows, notes),
      ],
    })),
  };
}

/** A broker bears the name of its transport's folder. */
function hasBroker(result: Result, row: ResultRow): boolean {
  return result.brokers.some((broker) => broker.name === row.pattern.transport);
}

function guaranteeCell(row: ResultRow, rows: readonly ResultRow[], notes: Footnotes): Cell {
  const unequal = 'These rows promise different things: no order between them is claimed without saying so.';
  return textCell(row.pattern.guarantee.label, { marks: sameGuarantee(rows) ? [] : [notes.mark(unequal)] });
}

/** CPU time adds up, so the mean over the rounds, weighted by their calls, is the cost of a request. */
function cpuCell(row: ResultRow, part: 'callerUs' | 'serviceUs' | 'brokerUs', notes: Footnotes): Cell {
  if (row.latency.length === 0) return EMPTY_CELL;
  const known = row.latency.flatMap((trial) => {
    const us: Cost[typeof part] = trial.cost[part];
    return us === null ? [] : [{ us, calls: trial.planned }];
  });
  if (known.length === 0) {
    return textCell('unknown', {
      tone: 'weak',
      marks: [notes.mark('CPU time unknown: not readable here, or the process is not ours.')],
    });
  }
  const calls = known.reduce((n, k) => n + k.calls, 0);
  const us = known.reduce((n, k) => n + k.us * k.calls, 0) / calls;
  const low = formatCount(Math.min(...known.map((k) => k.us)));
  const high = formatCount(Math.max(...known.map((k) => k.us)));
  return textCell(formatCpuUs(us), {
    value: us,
    unit: 'cpu-us',
    below: low === high ? null : `${low}–${high}`,
  });
}

function floorCell(row: ResultRow, notes: Footnotes): Cell {
  const [phase] = row.floor.flatMap((trial) => trial.phases);
  const cell = phase && quantileCell(phase.response, 0.5);
  if (!phase || cell?.state !== 'known') return EMPTY_CELL;
  const survivors = survivorsNote(phase.response.count, phase.planned, row.waitsFor);
  const marks = survivors.map((text) => notes.mark(text));
  return textCell(formatUs(cell.valueUs), { value: cell.valueUs, unit: 'us', marks });
}

function ceilingCell(row: ResultRow, ratePerS: number): Cell {
  const ceiling = ceilingPerS(row);
  if (ceiling === null || ceiling === 0) return EMPTY_CELL;
  const share = ratePerS / ceiling;
  return textCell(formatShare(share), {
    value: share,
    unit: 'share',
    below: formatRate(ceiling),
    tone: share > CEILING_SHARE_LIMIT ? 'bad' : 'plain',
  });
}
