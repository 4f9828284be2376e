import type { Scenario } from '../../../scenario/schema/schema.ts';
import { countCell, timeCell } from '../../cells.ts';
import { formatMs } from '../../format.ts';
import type { FaultRecord } from '../../../record/record.ts';
import { type Cell, EMPTY_CELL, type Section } from '../../view.ts';
import { type ComparedLine, faultTable, ifLong, labelColumn } from '../fault-table.ts';
import type { FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { faultText } from '../fault-text.ts';
import { secondsText } from '../recovery-text.ts';

interface InjectedLine extends ComparedLine {
  readonly fault: FaultRecord;
}

/** Planned, injected, observed: none of them derived from another. */
export function faultsSection(comparisons: readonly FaultComparison[], scenario: Scenario): Section {
  const section = faultTable<InjectedLine>(
    {
      id: 'faults',
      title: 'Faults: planned, injected, observed',
      columns: [
        labelColumn('Fault', ({ fault }) => faultText(fault, scenario)),
        { id: 'planned-at', title: 'Planned at', cell: ({ fault }) => atCell(fault.plannedAtNs) },
        { id: 'injected-at', title: 'Injected at', cell: ({ fault }) => atCell(fault.injectedNs) },
        { id: 'observed-at', title: 'Observed at', cell: ({ fault }) => atCell(fault.observedNs) },
        { id: 'lifted-at', title: 'Lifted at', cell: ({ fault }) => atCell(fault.liftedNs) },
        { id: 'ready-at', title: 'Ready at', cell: ({ fault }) => atCell(fault.readyNs) },
        { id: 'planned', title: 'Messages planned', cell: ({ fault }) => struckCell(fault.planned) },
        { id: 'injected', title: 'Injected', cell: ({ fault }) => struckCell(fault.injected) },
        { id: 'observed', title: 'Observed', cell: ({ fault }) => struckCell(fault.observed) },
      ],
    },
    comparisons.flatMap((comparison) =>
      comparison.trials.flatMap(({ faults }) => faults.map((fault) => ({ comparison, fault }))),
    ),
  );
  return ifLong(section, comparisons);
}

function atCell(ns: number | null): Cell {
  return ns === null ? EMPTY_CELL : timeCell(ns, { text: ns === 0 ? formatMs(0) : secondsText(ns) });
}

function struckCell(n: number | null): Cell {
  return n === null ? EMPTY_CELL : countCell(n, { tone: n === 0 ? 'bad' : 'plain' });
}
