import { columnQuantile, countCell, highestCell, ratioCell, shareCell } from '../../cells.ts';
import type { Series } from '../../../measure/figures/figures.ts';
import { mergeSeries } from '../../../measure/figures/histogram.ts';
import type { EdgeFigures } from '../../../measure/hops/hop-figures.ts';
import { quantileName } from '../../format.ts';
import { type Cell, EMPTY_CELL, type Section } from '../../view.ts';
import { amplification, edgeTotals, type EdgeTotals } from '../../../analysis/faults/edge-totals.ts';
import type { FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { hopsOf } from '../../../analysis/faults/fault-trials.ts';
import { faultSection, type FaultColumn, ifLong, type Part } from '../fault-section.ts';
import { phasesWithin, timelineStageOf } from '../../../analysis/faults/stages.ts';

interface HopPart extends Part {
  /** The edge in each round, and in each control. */
  readonly edges: readonly EdgeFigures[];
  readonly controls: readonly EdgeFigures[];
  readonly name: string;
  readonly controlNames: readonly string[];
  readonly seen: EdgeTotals;
}

/** Edge by edge and phase by phase, as the caller of each saw it, from the first fault on. */
export function hopsSection(comparisons: readonly FaultComparison[]): Section | undefined {
  const parts = comparisons.flatMap(partsOf);
  const quantile = columnQuantile(parts.map(({ edges, name }) => mergedOf(edges, [name], 'ok')));
  const ok = quantileName(quantile);
  const figures: FaultColumn<HopPart>[] = [
    { id: 'calls', title: 'Calls', cell: ({ seen }) => countCell(seen.calls) },
    { id: 'attempts', title: 'Attempts', cell: ({ seen }) => countCell(seen.attempts) },
    { id: 'amplification', title: 'Attempts per due call', cell: ({ seen }) => timesCell(seen) },
    { id: 'ok', title: 'Ok', cell: okCell },
    { id: 'fallbacks', title: 'Fallbacks', cell: ({ seen }) => someCell(seen.fallbacks) },
    { id: 'rejected', title: 'Rejected', cell: ({ seen }) => someCell(seen.rejected) },
    { id: `ok-${ok}`, title: `Ok after ${ok}`, cell: (part) => afterCell(part, 'ok', quantile) },
    { id: 'failed-p50', title: 'Failed after p50', cell: (part) => afterCell(part, 'failed', 0.5) },
  ];
  const section = faultSection(
    {
      id: 'hops',
      title: 'By hop, as observed by its caller, from the fault on (vs: the control at the same time)',
      labels: ['Edge', 'Phase'],
      figures,
    },
    parts,
  );
  return section && ifLong(section, comparisons);
}

function partsOf(comparison: FaultComparison): HopPart[] {
  const [first] = comparison.trials;
  const phases = first?.phases.filter((phase) => timelineStageOf(first, phase) !== 'before') ?? [];
  return (first?.hops?.edges ?? []).flatMap(({ id, transport }) => {
    const own = (trials: FaultComparison['trials']) =>
      hopsOf(trials).flatMap(({ edges }) => edges.filter((edge) => edge.id === id));
    const edges = own(comparison.trials);
    return phases.map((phase) => ({
      comparison,
      labels: [transport === 'rest' ? id : `${id} (${transport})`, phase.name],
      edges,
      controls: own(comparison.controls),
      name: phase.name,
      controlNames: comparison.controls.flatMap((control) =>
        phasesWithin(control, phase).map(({ name }) => name),
      ),
      seen: edgeTotals(edges, [phase.name]),
    }));
  });
}

function timesCell(seen: EdgeTotals): Cell {
  const times = amplification(seen);
  return ratioCell(times, { tone: times !== null && Number(times.toFixed(2)) > 1 ? 'bad' : 'plain' });
}

function okCell({ seen }: HopPart): Cell {
  if (seen.calls === 0) return EMPTY_CELL;
  return shareCell(seen.ok / seen.calls, { tone: seen.ok < seen.calls ? 'bad' : 'plain' });
}

function someCell(n: number): Cell {
  return n === 0 ? EMPTY_CELL : countCell(n);
}

type Ending = 'ok' | 'failed';

function afterCell({ edges, controls, name, controlNames }: HopPart, kind: Ending, quantile: number): Cell {
  const control = kind === 'ok' ? mergedOf(controls, controlNames, kind) : null;
  return highestCell(mergedOf(edges, [name], kind), quantile, control);
}

function mergedOf(edges: readonly EdgeFigures[], names: readonly string[], kind: Ending): Series | null {
  const all = edges.flatMap(({ phases }) => phases.filter((phase) => names.includes(phase.name)));
  return all.length === 0 ? null : mergeSeries(all.map((phase) => phase[kind]));
}
