import { figureColumn } from '../../table.ts';
import { countCell, shareCell, timeCell } from '../../cells.ts';
import { formatCount, formatShare } from '../../format.ts';
import { type Cell, EMPTY_CELL, type Section } from '../../view.ts';
import { wastedShare } from '../../../analysis/faults/edge-totals.ts';
import { type ServiceSeen, servicesSeen } from '../../../analysis/faults/services-seen.ts';
import type { WorkDone } from '../../../analysis/faults/work-seen.ts';
import type { FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { type ComparedLine, faultTable, labelColumn } from '../fault-table.ts';
import { afterText } from '../recovery-text.ts';

interface ServiceLine extends ComparedLine {
  readonly seen: ServiceSeen;
}

/** Service by service: when its callers were harmed, and the share of its work that was wasted. */
export function cascadeSection(comparisons: readonly FaultComparison[]): Section {
  const hasSeveral = comparisons.some(({ trials }) => (trials[0]?.hops?.services ?? []).length > 1);
  return faultTable<ServiceLine>(
    {
      id: 'cascade',
      title: 'By service, from the fault on (vs: the control at the same time)',
      columns: [
        labelColumn('Service', ({ seen }) => seen.service),
        figureColumn('propagation', 'Harmed after', propagationCell),
        figureColumn('executions', 'Executions', (line) => workCell(line, 'executions')),
        figureColumn('useful', 'Useful', (line) => workCell(line, 'useful')),
        figureColumn('late', 'Late', (line) => lossCell(line, 'late')),
        figureColumn('repeated', 'Repeated', (line) => lossCell(line, 'repeated')),
        figureColumn('failed', 'Failed', (line) => lossCell(line, 'failed')),
        figureColumn('wasted', 'Wasted work', wastedCell),
      ],
    },
    hasSeveral ? comparisons.flatMap(linesOf) : [],
  );
}

function linesOf(comparison: FaultComparison): ServiceLine[] {
  return servicesSeen(comparison).map((seen) => ({ comparison, seen }));
}

function propagationCell({ seen: { harmedAfter } }: ServiceLine): Cell {
  if (!harmedAfter) return EMPTY_CELL;
  return timeCell(harmedAfter.afterNs, { text: afterText(harmedAfter), tone: 'bad' });
}

function workCell({ seen: { work, control } }: ServiceLine, kind: keyof WorkDone): Cell {
  return countCell(work[kind], {
    below: control.executions === 0 ? null : `vs ${formatCount(control[kind])}`,
  });
}

/** Empty where neither it nor the control has any. */
function lossCell(line: ServiceLine, kind: keyof WorkDone): Cell {
  const { work, control } = line.seen;
  return work[kind] + control[kind] === 0 ? EMPTY_CELL : workCell(line, kind);
}

function wastedCell({ seen: { work, control } }: ServiceLine): Cell {
  const [share, usual] = [wastedShare(work), wastedShare(control)];
  if (share === null) return EMPTY_CELL;
  return shareCell(share, {
    below: usual === null ? null : `vs ${formatShare(usual)}`,
    tone: share > (usual ?? 0) ? 'bad' : 'plain',
  });
}
