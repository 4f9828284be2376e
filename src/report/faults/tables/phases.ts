import { columnQuantile, highestCell, shareCell } from '../../cells.ts';
import { formatRate, formatShare, quantileName } from '../../format.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import type { FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { isAsynchronous } from '../../../analysis/faults/fault-trials.ts';
import { faultSection, type FaultColumn, type Part } from '../fault-section.ts';
import {
  type Compared,
  correctShare,
  phaseRequests,
  type RequestTotals,
} from '../../../analysis/faults/requests.ts';

interface PhasePart extends Part {
  readonly seen: Compared;
}

/** Phase by phase: what came of requests, and how long they took, beside the control at the same time. */
export function phasesSection(comparisons: readonly FaultComparison[]): Section | undefined {
  const parts = comparisons.flatMap((comparison): PhasePart[] =>
    namesOf(comparison).map((name) => ({
      comparison,
      labels: [name],
      seen: phaseRequests(comparison, name),
    })),
  );
  const ifCompletes = (cell: (seen: Compared) => Cell) => (part: PhasePart) =>
    isAsynchronous(part.comparison) ? cell(part.seen) : EMPTY_CELL;
  const [wait, work] = (['response', 'completion'] as const).map((kind) =>
    columnQuantile(parts.map(({ seen }) => seen.here[kind])),
  ) as [number, number];
  const figures: FaultColumn<PhasePart>[] = [
    { id: 'goodput', title: 'Goodput', cell: ({ seen }) => goodputCell(seen) },
    { id: 'correct', title: 'Correct', cell: ({ seen }) => correctCell(seen) },
    { id: 'degraded', title: 'Degraded', cell: ({ seen: { here } }) => degradedCell(here) },
    { id: 'response-p50', title: 'Response p50', cell: ({ seen }) => waitCell(seen, 'response', 0.5) },
    {
      id: `response-${quantileName(wait)}`,
      title: `Response ${quantileName(wait)}`,
      cell: ({ seen }) => waitCell(seen, 'response', wait),
    },
    { id: 'done', title: 'Finally done', cell: ifCompletes(({ here }) => doneCell(here)) },
    {
      id: 'completion-p50',
      title: 'Completion p50',
      cell: ifCompletes((seen) => waitCell(seen, 'completion', 0.5)),
    },
    {
      id: `completion-${quantileName(work)}`,
      title: `Completion ${quantileName(work)}`,
      cell: ifCompletes((seen) => waitCell(seen, 'completion', work)),
    },
  ];
  return faultSection(
    {
      id: 'phases',
      title: 'By phase (vs: the control at the same time)',
      labels: ['Phase'],
      figures,
    },
    parts,
  );
}

/** As they follow one another in the first of its trials; other rounds have the same. */
export function namesOf({ trials }: FaultComparison): string[] {
  return trials[0]?.phases.map(({ name }) => name) ?? [];
}

function goodputCell({ here, control }: Compared): Cell {
  if (here.planned === 0) return EMPTY_CELL;
  const perS = here.correct / here.seconds;
  return textCell(formatRate(perS), {
    value: perS,
    unit: 'per-s',
    below: control.planned === 0 ? null : `vs ${formatRate(control.correct / control.seconds)}`,
  });
}

function correctCell({ here, control }: Compared): Cell {
  if (here.planned === 0) return EMPTY_CELL;
  const [share, usual] = [correctShare(here), correctShare(control)];
  return shareCell(share, {
    below: control.planned === 0 ? null : `vs ${formatShare(usual)}`,
    tone: share < usual ? 'bad' : 'plain',
  });
}

function degradedCell({ degraded, correct }: RequestTotals): Cell {
  return degraded === 0 ? EMPTY_CELL : shareCell(degraded / correct);
}

function waitCell({ here, control }: Compared, kind: 'response' | 'completion', quantile: number): Cell {
  return highestCell(here[kind], quantile, control[kind]);
}

function doneCell({ done, planned }: RequestTotals): Cell {
  return planned === 0 ? EMPTY_CELL : shareCell(done / planned, { tone: done < planned ? 'bad' : 'plain' });
}
