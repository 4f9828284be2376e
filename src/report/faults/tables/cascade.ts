import { propagation, type Since } from '../../../measure/hops/health.ts';
import type { HealthWindow } from '../../../measure/hops/hop-figures.ts';
import { countCell, shareCell, timeCell } from '../../cells.ts';
import { formatCount, formatShare } from '../../format.ts';
import type { Trial } from '../../../record/record.ts';
import { type Cell, EMPTY_CELL, type Section } from '../../view.ts';
import { wastedShare, workSeen } from '../../../analysis/faults/edges-seen.ts';
import { addWork, namesFrom, type Work } from '../../../analysis/faults/work-seen.ts';
import type { FaultLine } from '../../../analysis/faults/fault-line.ts';
import { dependentOf } from '../../../analysis/faults/fault-trials.ts';
import { faultSection, type Figure, type Part } from '../fault-section.ts';
import { afterText } from '../recovery-text.ts';
import { phasesWithin, spanOf, stageOf } from '../../../analysis/faults/stages.ts';

interface ServicePart extends Part {
  readonly service: string;
  readonly work: Work;
  readonly control: Work;
  readonly harmedAfter: Since | null;
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
  const services = line.trials[0]?.hops?.services ?? [];
  return services.map(({ id }) => ({
    line,
    labels: [id],
    service: id,
    work: addWork(line.trials.map((trial) => workOf(trial, id, namesFrom(trial)))),
    control: addWork(
      line.controls.map((control) => {
        const of = line.trials[0]!;
        const names = of.phases
          .filter((phase) => stageOf(of, phase) !== 'before')
          .flatMap((phase) => phasesWithin(control, phase).map(({ name }) => name));
        return workOf(control, id, names);
      }),
    ),
    harmedAfter: soonest(line.trials.map((trial) => propagationTo(line, trial, id))),
  }));
}

function workOf({ hops }: Trial, service: string, names: readonly string[]): Work {
  return workSeen(
    (hops?.services ?? []).filter(({ id }) => id === service),
    names,
  );
}

function propagationTo(line: FaultLine, trial: Trial, service: string): Since | null {
  const control = line.controls.find(({ round }) => round === trial.round) ?? line.controls[0];
  if (trial.faults.length === 0 || !control) return null;
  const { fromNs } = spanOf(trial.faults);
  const usual = windowsOf(line, control, service);
  return soonest(
    windowsOf(line, trial, service).map((windows, i) => propagation(windows, usual[i] ?? [], fromNs)),
  );
}

/** A service is as healthy as those see it who call it: the first one is called by the generator. */
function windowsOf(line: FaultLine, { hops }: Trial, service: string): (readonly HealthWindow[])[] {
  if (!hops) return [];
  if (service === hops.services[0]?.id) return dependentOf(line, hops).map(({ windows }) => windows);
  return hops.edges.filter(({ to }) => to === service).map(({ windows }) => windows);
}

function soonest(all: readonly (Since | null)[]): Since | null {
  const known = all.filter((one) => one !== null);
  return known.toSorted((a, b) => a.afterNs - b.afterNs)[0] ?? null;
}

function propagationCell({ harmedAfter }: ServicePart): Cell {
  if (!harmedAfter) return EMPTY_CELL;
  return timeCell(harmedAfter.afterNs, { text: afterText(harmedAfter), tone: 'bad' });
}

function workCell({ work, control }: ServicePart, kind: keyof Work): Cell {
  return countCell(work[kind], {
    below: control.executions === 0 ? null : `vs ${formatCount(control[kind])}`,
  });
}

function wastedCell({ work, control }: ServicePart): Cell {
  const [share, usual] = [wastedShare(work), wastedShare(control)];
  if (share === null) return EMPTY_CELL;
  return shareCell(share, {
    below: usual === null ? null : `vs ${formatShare(usual)}`,
    tone: share > (usual ?? 0) ? 'bad' : 'plain',
  });
}
