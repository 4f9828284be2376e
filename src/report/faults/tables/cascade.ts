import { propagation, type Since } from '../../../measure/hops/health.ts';
import type { HealthWindow } from '../../../measure/hops/hop-figures.ts';
import { countCell, shareCell, timeCell } from '../../cells.ts';
import { formatCount, formatShare } from '../../format.ts';
import type { Trial } from '../../../record/record.ts';
import { type Cell, EMPTY_CELL, type Section } from '../../view.ts';
import { wastedShare, workTotals } from '../../../analysis/faults/edge-totals.ts';
import { dependentOf, type FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { faultSection, type FaultColumn, type Part } from '../fault-section.ts';
import { afterText } from '../recovery-text.ts';
import { phasesWithin, spanOf, timelineStageOf } from '../../../analysis/faults/stages.ts';

interface ServicePart extends Part {
  readonly service: string;
  readonly work: Work;
  readonly control: Work;
  readonly harmedAfter: Since | null;
}

type Work = ReturnType<typeof workTotals>;

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
      title: 'Service by service, from the fault on (vs: the control at the same time)',
      labels: ['Service'],
      figures,
    },
    hasSeveral ? comparisons.flatMap(partsOf) : [],
  );
}

function partsOf(comparison: FaultComparison): ServicePart[] {
  const services = comparison.trials[0]?.hops?.services ?? [];
  return services.map(({ id }) => ({
    comparison,
    labels: [id],
    service: id,
    work: addWork(comparison.trials.map((trial) => workOf(trial, id, namesFrom(trial)))),
    control: addWork(
      comparison.controls.map((control) => {
        const of = comparison.trials[0]!;
        const names = of.phases
          .filter((phase) => timelineStageOf(of, phase) !== 'before')
          .flatMap((phase) => phasesWithin(control, phase).map(({ name }) => name));
        return workOf(control, id, names);
      }),
    ),
    harmedAfter: soonest(comparison.trials.map((trial) => propagationTo(comparison, trial, id))),
  }));
}

/** Phases from the first fault on. */
function namesFrom(trial: Trial): string[] {
  return trial.phases.filter((phase) => timelineStageOf(trial, phase) !== 'before').map(({ name }) => name);
}

function workOf({ hops }: Trial, service: string, names: readonly string[]): Work {
  return workTotals(
    (hops?.services ?? []).filter(({ id }) => id === service),
    names,
  );
}

export function addWork(all: readonly Work[]): Work {
  return {
    executions: all.reduce((n, work) => n + work.executions, 0),
    useful: all.reduce((n, work) => n + work.useful, 0),
  };
}

/** Of all services together, from the first fault on. */
export function workFromFault({ trials }: FaultComparison): Work {
  return addWork(trials.map((trial) => workTotals(trial.hops?.services ?? [], namesFrom(trial))));
}

function propagationTo(comparison: FaultComparison, trial: Trial, service: string): Since | null {
  const control = comparison.controls.find(({ round }) => round === trial.round) ?? comparison.controls[0];
  if (trial.faults.length === 0 || !control) return null;
  const { fromNs } = spanOf(trial.faults);
  const usual = windowsOf(comparison, control, service);
  return soonest(
    windowsOf(comparison, trial, service).map((windows, i) => propagation(windows, usual[i] ?? [], fromNs)),
  );
}

/** A service is as healthy as those see it who call it: the first one is called by the generator. */
function windowsOf(
  comparison: FaultComparison,
  { hops }: Trial,
  service: string,
): (readonly HealthWindow[])[] {
  if (!hops) return [];
  if (service === hops.services[0]?.id) return dependentOf(comparison, hops).map(({ windows }) => windows);
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
