import { figureColumn } from '../../table.ts';
import { columnQuantile, countCell, highestCell, someCell } from '../../cells.ts';
import type { Series } from '../../../measure/figures/figures.ts';
import { mergeSeries } from '../../../measure/figures/histogram.ts';
import type { EdgeFigures } from '../../../measure/hops/hop-figures.ts';
import { quantileName } from '../../format.ts';
import type { Cell, Section } from '../../view.ts';
import { edgeTotals, type EdgeTotals } from '../../../analysis/faults/edge-totals.ts';
import type { FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { hopsOf } from '../../../analysis/faults/fault-trials.ts';
import { amplifiedCell, okShareCell } from '../cells.ts';
import { type ComparedLine, faultTable, ifLong, labelColumn } from '../fault-table.ts';
import { phasesBeside, phasesByName, timelineStageOf } from '../../../analysis/faults/stages.ts';

interface HopLine extends ComparedLine {
  /** `storefront → payments`, with its transport unless it is REST. */
  readonly edge: string;
  readonly phase: string;
  /** The edge in each round, and in each control. */
  readonly edges: readonly EdgeFigures[];
  readonly controls: readonly EdgeFigures[];
  readonly controlPhases: readonly string[];
  readonly seen: EdgeTotals;
}

/** Edge by edge and phase by phase, as observed by the caller of each, from the first fault on. */
export function hopsSection(comparisons: readonly FaultComparison[]): Section {
  const lines = comparisons.flatMap(linesOf);
  const quantile = columnQuantile(lines.map(({ edges, phase }) => mergedOf(edges, [phase], 'ok')));
  const ok = quantileName(quantile);
  const section = faultTable<HopLine>(
    {
      id: 'hops',
      title: 'By hop, as observed by its caller, from the fault on (vs: the control at the same time)',
      columns: [
        labelColumn('Edge', ({ edge }) => edge),
        labelColumn('Phase', ({ phase }) => phase),
        figureColumn('calls', 'Calls', ({ seen }) => countCell(seen.calls)),
        figureColumn('attempts', 'Attempts', ({ seen }) => countCell(seen.attempts)),
        figureColumn('amplification', 'Attempts per due call', ({ seen }) => amplifiedCell(seen)),
        figureColumn('ok', 'Ok', ({ seen }) => okShareCell(seen)),
        figureColumn('fallbacks', 'Fallbacks', ({ seen }) => someCell(seen.fallbacks)),
        figureColumn('rejected', 'Rejected', ({ seen }) => someCell(seen.rejected)),
        figureColumn(`ok-${ok}`, `Ok after ${ok}`, (line) => afterCell(line, 'ok', quantile)),
        figureColumn('failed-p50', 'Failed after p50', (line) => afterCell(line, 'failed', 0.5)),
      ],
    },
    lines,
  );
  return ifLong(section, comparisons);
}

function linesOf(comparison: FaultComparison): HopLine[] {
  const [first] = comparison.trials;
  const phases = phasesByName(comparison.trials).filter(
    (phase) => timelineStageOf(first!, phase) !== 'before',
  );
  return (first?.hops?.edges ?? []).flatMap(({ id, transport }) => {
    const own = (trials: FaultComparison['trials']) =>
      hopsOf(trials).flatMap(({ edges }) => edges.filter((edge) => edge.id === id));
    const edges = own(comparison.trials);
    return phases.map((phase) => ({
      comparison,
      edge: transport === 'rest' ? id : `${id} (${transport})`,
      phase: phase.name,
      edges,
      controls: own(comparison.controls),
      controlPhases: comparison.controls.flatMap((control) =>
        phasesBeside(control, phase).map(({ name }) => name),
      ),
      seen: edgeTotals(edges, [phase.name]),
    }));
  });
}

type Ending = 'ok' | 'failed';

function afterCell({ edges, controls, phase, controlPhases }: HopLine, kind: Ending, quantile: number): Cell {
  const control = kind === 'ok' ? mergedOf(controls, controlPhases, kind) : null;
  return highestCell(mergedOf(edges, [phase], kind), quantile, control);
}

function mergedOf(edges: readonly EdgeFigures[], names: readonly string[], kind: Ending): Series | null {
  const all = edges.flatMap(({ phases }) => phases.filter((phase) => names.includes(phase.name)));
  return all.length === 0 ? null : mergeSeries(all.map((phase) => phase[kind]));
}
