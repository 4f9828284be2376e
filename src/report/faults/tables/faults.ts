import { NS_PER_MS } from '../../../kernel/clock.ts';
import type { Scenario } from '../../../scenario/schema/schema.ts';
import { countCell } from '../../cells.ts';
import { formatMs } from '../../format.ts';
import type { FaultRecord } from '../../../record/record.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import { faultSection, type FaultColumn, ifLong, type Part } from '../fault-section.ts';
import type { FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { faultText } from '../fault-text.ts';
import { secondsText } from '../recovery-text.ts';

interface FaultPart extends Part {
  readonly fault: FaultRecord;
}

/** Planned, injected, observed: none of them derived from another. */
export function faultsSection(
  comparisons: readonly FaultComparison[],
  scenario: Scenario,
): Section | undefined {
  const figures: FaultColumn<FaultPart>[] = [
    { id: 'planned-at', title: 'Planned at', cell: ({ fault }) => atCell(fault.plannedAtNs) },
    { id: 'injected-at', title: 'Injected at', cell: ({ fault }) => atCell(fault.injectedNs) },
    { id: 'observed-at', title: 'Observed at', cell: ({ fault }) => atCell(fault.observedNs) },
    { id: 'lifted-at', title: 'Lifted at', cell: ({ fault }) => atCell(fault.liftedNs) },
    { id: 'ready-at', title: 'Ready at', cell: ({ fault }) => atCell(fault.readyNs) },
    { id: 'planned', title: 'Messages planned', cell: ({ fault }) => struckCell(fault.planned) },
    { id: 'injected', title: 'Injected', cell: ({ fault }) => struckCell(fault.injected) },
    { id: 'observed', title: 'Observed', cell: ({ fault }) => struckCell(fault.observed) },
  ];
  const parts = comparisons.flatMap((comparison) =>
    comparison.trials.flatMap(({ faults }) =>
      faults.map((fault): FaultPart => ({ comparison, labels: [faultText(fault, scenario)], fault })),
    ),
  );
  const section = faultSection(
    { id: 'faults', title: 'Faults: planned, injected, observed', labels: ['Fault'], figures },
    parts,
  );
  return section && ifLong(section, comparisons);
}

function atCell(ns: number | null): Cell {
  if (ns === null) return EMPTY_CELL;
  return textCell(ns === 0 ? formatMs(0) : secondsText(ns), { value: ns / (NS_PER_MS / 1000), unit: 'us' });
}

function struckCell(n: number | null): Cell {
  return n === null ? EMPTY_CELL : countCell(n, { tone: n === 0 ? 'bad' : 'plain' });
}
