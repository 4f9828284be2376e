import { countCell, shareCell, timeCell } from '../../cells.ts';
import { formatCount, formatShare } from '../../format.ts';
import { type Cell, EMPTY_CELL, type Section } from '../../view.ts';
import { wastedShare } from '../../../analysis/faults/edge-totals.ts';
import { type ServiceSeen, servicesSeen } from '../../../analysis/faults/services-seen.ts';
import type { WorkDone } from '../../../analysis/faults/work-seen.ts';
import type { FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { faultSection, type FaultColumn, type Part } from '../fault-section.ts';
import { afterText } from '../recovery-text.ts';

interface ServicePart extends Part {
  readonly seen: ServiceSeen;
}

/** Service by service: when its callers first felt it, and how much of its work was for nothing. */
export function cascadeSection(comparisons: readonly FaultComparison[]): Section | undefined {
  const figures: FaultColumn<ServicePart>[] = [
    {
      id: 'propagation',
      title: 'Harmed after',
      cell: propagationCell,
    },
    { id: 'useful', title: 'Useful', cell: (part) => workCell(part, 'useful') },
    { id: 'executions', title: 'Executions', cell: (part) => workCell(part, 'executions') },
    { id: 'wasted', title: 'Wasted work', cell: wastedCell },
  ];
  const hasSeveral = comparisons.some(({ trials }) => (trials[0]?.hops?.services ?? []).length > 1);
  return faultSection(
    {
      id: 'cascade',
      title: 'By service, from the fault on (vs: the control at the same time)',
      labels: ['Service'],
      figures,
    },
    hasSeveral ? comparisons.flatMap(partsOf) : [],
  );
}

function partsOf(comparison: FaultComparison): ServicePart[] {
  return servicesSeen(comparison).map((seen) => ({ comparison, labels: [seen.service], seen }));
}

function propagationCell({ seen: { harmedAfter } }: ServicePart): Cell {
  if (!harmedAfter) return EMPTY_CELL;
  return timeCell(harmedAfter.afterNs, { text: afterText(harmedAfter), tone: 'bad' });
}

function workCell({ seen: { work, control } }: ServicePart, kind: keyof WorkDone): Cell {
  return countCell(work[kind], {
    below: control.executions === 0 ? null : `vs ${formatCount(control[kind])}`,
  });
}

function wastedCell({ seen: { work, control } }: ServicePart): Cell {
  const [share, usual] = [wastedShare(work), wastedShare(control)];
  if (share === null) return EMPTY_CELL;
  return shareCell(share, {
    below: usual === null ? null : `vs ${formatShare(usual)}`,
    tone: share > (usual ?? 0) ? 'bad' : 'plain',
  });
}
