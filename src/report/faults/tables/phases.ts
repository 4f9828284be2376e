import { columnQuantile, highestCell, shareCell } from '../../cells.ts';
import { formatRate, formatShare, quantileName } from '../../format.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import type { FaultLine } from '../../../analysis/faults/fault-line.ts';
import { isAsynchronous } from '../../../analysis/faults/fault-trials.ts';
import { faultSection, type Figure, type Part } from '../fault-section.ts';
import { type Compared, correctShare, phaseSeen, type Seen } from '../../../analysis/faults/seen.ts';

interface PhasePart extends Part {
  readonly seen: Compared;
}

/** Phase by phase: what came of requests, and how long they took, beside the control at the same time. */
export function phasesSection(lines: readonly FaultLine[]): Section | undefined {
  const parts = lines.flatMap((line): PhasePart[] =>
    namesOf(line).map((name) => ({ line, labels: [name], seen: phaseSeen(line, name) })),
  );
  const ifCompletes = (cell: (seen: Compared) => Cell) => (part: PhasePart) =>
    isAsynchronous(part.line) ? cell(part.seen) : EMPTY_CELL;
  const [wait, work] = (['response', 'completion'] as const).map((kind) =>
    columnQuantile(parts.map(({ seen }) => seen.here[kind])),
  ) as [number, number];
  const figures: Figure<PhasePart>[] = [
    { id: 'goodput', title: 'Goodput', cell: ({ seen }) => goodputCell(seen) },
    { id: 'correct', title: 'Of planned', cell: ({ seen }) => correctCell(seen) },
    { id: 'degraded', title: 'Degraded', cell: ({ seen: { here } }) => degradedCell(here) },
    { id: 'wait-p50', title: 'Caller waits p50', cell: ({ seen }) => waitCell(seen, 'response', 0.5) },
    {
      id: `wait-${quantileName(wait)}`,
      title: `Caller waits ${quantileName(wait)}`,
      cell: ({ seen }) => waitCell(seen, 'response', wait),
    },
    { id: 'done', title: 'Finally done', cell: ifCompletes(({ here }) => doneCell(here)) },
    {
      id: 'done-p50',
      title: 'Work done p50',
      cell: ifCompletes((seen) => waitCell(seen, 'completion', 0.5)),
    },
    {
      id: `done-${quantileName(work)}`,
      title: `Work done ${quantileName(work)}`,
      cell: ifCompletes((seen) => waitCell(seen, 'completion', work)),
    },
  ];
  return faultSection(
    {
      id: 'phases',
      title: 'Phase by phase (vs: the control at the same time)',
      labels: ['Phase'],
      figures,
    },
    parts,
  );
}

/** As they follow one another in the first of its trials; other rounds have the same. */
export function namesOf({ trials }: FaultLine): string[] {
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

function degradedCell({ degraded, correct }: Seen): Cell {
  return degraded === 0 ? EMPTY_CELL : shareCell(degraded / correct);
}

function waitCell({ here, control }: Compared, kind: 'response' | 'completion', quantile: number): Cell {
  return highestCell(here[kind], quantile, control[kind]);
}

function doneCell({ done, planned }: Seen): Cell {
  return planned === 0 ? EMPTY_CELL : shareCell(done / planned, { tone: done < planned ? 'bad' : 'plain' });
}
