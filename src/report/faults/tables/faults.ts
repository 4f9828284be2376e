import { figureColumn } from '../../table.ts';
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
        figureColumn('planned-at', 'Planned at', ({ fault }) => atCell(fault.plannedAtNs)),
        figureColumn('injected-at', 'Injected at', ({ fault }) => atCell(fault.injectedNs)),
        figureColumn('observed-at', 'Observed at', ({ fault }) => atCell(fault.observedNs)),
        figureColumn('lifted-at', 'Lifted at', ({ fault }) => atCell(fault.liftedNs)),
        figureColumn('ready-at', 'Ready at', ({ fault }) => atCell(fault.readyNs)),
        figureColumn('planned', 'Messages planned', ({ fault }) => struckCell(fault.planned)),
        figureColumn('injected', 'Injected', ({ fault }) => struckCell(fault.injected)),
        figureColumn('observed', 'Observed', ({ fault }) => struckCell(fault.observed)),
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
