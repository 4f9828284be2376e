import { countCell, shareCell, timeCell } from '../../cells.ts';
import { formatCount, formatShare } from '../../format.ts';
import { type Cell, EMPTY_CELL, type Section } from '../../view.ts';
import { wastedShare } from '../../../analysis/faults/edges-seen.ts';
import { type ServiceSeen, servicesSeen } from '../../../analysis/faults/services-seen.ts';
import type { Work } from '../../../analysis/faults/work-seen.ts';
import type { FaultLine } from '../../../analysis/faults/fault-line.ts';
import { faultSection, type Figure, type Part } from '../fault-section.ts';
import { afterText } from '../recovery-text.ts';

interface ServicePart extends Part {
  readonly seen: ServiceSeen;
}

/** Service by service: when its callers first felt it, and how much of its work was for nothing. */
export function cascadeSection(lines: readonly FaultLine[]): Section | undefined {
  const figures: Figure<ServicePart>[] = [
    {
      id: 'propagation',
      title: 'Harmed after',
      cell: propagationCell,
    },
    { id: 'useful', title: 'Useful', cell: (part) => workCell(part, 'useful') },
    { id: 'executions', title: 'Executions', cell: (part) => workCell(part, 'executions') },
    { id: 'wasted', title: 'Wasted work', cell: wastedCell },
  ];
  const hasSeveral = lines.some(({ trials }) => (trials[0]?.hops?.services ?? []).length > 1);
  return faultSection(
    {
      id: 'cascade',
      title: 'Service by service, from the fault on (vs: the control at the same time)',
      labels: ['Service'],
      figures,
    },
    hasSeveral ? lines.flatMap(partsOf) : [],
  );
}

function partsOf(line: FaultLine): ServicePart[] {
  return servicesSeen(line).map((seen) => ({ line, labels: [seen.service], seen }));
}

function propagationCell({ seen: { harmedAfter } }: ServicePart): Cell {
  if (!harmedAfter) return EMPTY_CELL;
  return timeCell(harmedAfter.afterNs, { text: afterText(harmedAfter), tone: 'bad' });
}

function workCell({ seen: { work, control } }: ServicePart, kind: keyof Work): Cell {
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
