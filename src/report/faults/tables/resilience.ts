import type { Scenario } from '../../../scenario/schema/schema.ts';
import { columnQuantile, countCell, highestCell, ratioCell, shareCell, timeCell } from '../../cells.ts';
import type { Footnotes } from '../../footnotes.ts';
import { validityCell } from '../../tables/verdicts.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import {
  addEdges,
  amplification,
  type EdgeTotals,
  leafOf,
  edgeTotalsInto,
} from '../../../analysis/faults/edge-totals.ts';
import { formatShare, quantileName } from '../../format.ts';
import { type FaultComparison, isAsynchronous } from '../../../analysis/faults/fault-comparison.ts';
import { faultSection, type FaultColumn, type Part } from '../fault-section.ts';
import { detectedNs, endingOf, falseOpensOf } from '../../../analysis/faults/health-of.ts';
import { recoveryText } from '../recovery-text.ts';
import {
  type Compared,
  correctShare,
  harmedRequests,
  isAboutWaits,
} from '../../../analysis/faults/requests.ts';
import { harmedPhases } from '../../../analysis/faults/stages.ts';

/** One row per line: what the fault did, who noticed, and when it was over. */
export function resilienceSection(
  comparisons: readonly FaultComparison[],
  scenario: Scenario,
  notes: Footnotes,
): Section | undefined {
  const found: Found = (cell) => (part) =>
    part.comparison.missing === null ? cell(part.comparison) : EMPTY_CELL;
  const figures: FaultColumn<Part>[] = [
    {
      id: 'correct',
      title: 'Correct in fault',
      cell: ({ comparison }) =>
        comparison.missing === null
          ? { ...correctCell(harmedRequests(comparison, scenario)), marks: acceptedMarks(comparison, notes) }
          : missingCell(comparison.missing, comparison, notes),
    },
    {
      id: 'recovered',
      title: 'Recovered after',
      cell: found((comparison) => recoveredCell(comparison, scenario)),
    },
    ...(isAboutWaits(comparisons, scenario) ? [waitFigure(comparisons, scenario, found)] : []),
    { id: 'degraded', title: 'Degraded', cell: found((comparison) => degradedCell(comparison, scenario)) },
    { id: 'leaf', title: 'Tries at the leaf', cell: found((comparison) => leafCell(comparison, scenario)) },
    {
      id: 'detected',
      title: 'Detected after',
      cell: found((comparison) => timeCell(detectedNs(comparison, scenario))),
    },
    {
      id: 'failed-fast',
      title: 'Failed fast',
      cell: found((comparison) => failedFastCell(comparison, scenario)),
    },
    { id: 'false-opens', title: 'False opens', cell: found(falseOpensCell) },
    {
      id: 'validity',
      title: 'Measured',
      align: 'left',
      cell: found((comparison) =>
        validityCell([...comparison.trials, ...comparison.controls], notes, 'trials'),
      ),
    },
  ];
  const section = faultSection(
    {
      id: 'resilience',
      title: 'What the fault did, and when it was over (vs: the control, without the fault)',
      labels: [],
      figures,
    },
    comparisons.map((comparison) => ({ comparison, labels: [] })),
  );
  return section && { ...section, isExplained: true };
}

export function missingCell(text: string, { reason, pattern }: FaultComparison, notes: Footnotes): Cell {
  const why = reason ?? pattern.reason;
  return textCell(text, { tone: 'weak', marks: why === null ? [] : [notes.mark(why)] });
}

const ACCEPTED =
  "Correct is not done here: somebody on the way waits for a broker's confirm only. Whether and when the work was done is told beside it.";

function acceptedMarks(comparison: FaultComparison, notes: Footnotes): string[] {
  return isAsynchronous(comparison) ? [notes.mark(ACCEPTED)] : [];
}

type Found = (cell: (comparison: FaultComparison) => Cell) => (part: Part) => Cell;

function waitFigure(
  comparisons: readonly FaultComparison[],
  scenario: Scenario,
  found: Found,
): FaultColumn<Part> {
  const quantile = columnQuantile(
    comparisons.map((comparison) => harmedRequests(comparison, scenario).here.response),
  );
  const name = quantileName(quantile);
  const cell = (comparison: FaultComparison) => {
    const { here, control } = harmedRequests(comparison, scenario);
    return highestCell(here.response, quantile, control.response);
  };
  return { id: `response-${name}`, title: `Response ${name}`, cell: found(cell) };
}

/** Against the control. */
export function correctCell({ here, control }: Compared): Cell {
  if (here.planned === 0) return EMPTY_CELL;
  const [share, usual] = [correctShare(here), correctShare(control)];
  return shareCell(share, {
    below: control.planned === 0 ? 'no control' : `vs ${formatShare(usual)}`,
    tone: share < usual ? 'bad' : 'good',
  });
}

/** Of the correct ones. */
function degradedCell(comparison: FaultComparison, scenario: Scenario): Cell {
  const { here } = harmedRequests(comparison, scenario);
  return here.degraded === 0 ? EMPTY_CELL : shareCell(here.degraded / here.correct);
}

/** Over the edges into the leaf, while somebody was harmed. */
export function leafTotals(
  comparison: FaultComparison,
  scenario: Scenario,
): { readonly leaf: string; readonly seen: EdgeTotals } | undefined {
  const each = comparison.trials.flatMap((trial) => {
    const leaf = trial.hops ? leafOf(trial.hops) : undefined;
    const names = harmedPhases(trial, scenario).map(({ name }) => name);
    return leaf === undefined ? [] : [{ leaf, seen: edgeTotalsInto(trial, leaf, names) }];
  });
  const [first] = each;
  return first && { leaf: first.leaf, seen: addEdges(each.map(({ seen }) => seen)) };
}

function failedFastCell(comparison: FaultComparison, scenario: Scenario): Cell {
  const found = leafTotals(comparison, scenario);
  return found && found.seen.calls > 0 ? shareCell(found.seen.failedFast / found.seen.calls) : EMPTY_CELL;
}

function leafCell(comparison: FaultComparison, scenario: Scenario): Cell {
  const found = leafTotals(comparison, scenario);
  const times = found ? amplification(found.seen) : null;
  return ratioCell(times, {
    below: found?.leaf ?? null,
    tone: times !== null && Number(times.toFixed(2)) > 1 ? 'bad' : 'plain',
  });
}

function recoveredCell(comparison: FaultComparison, scenario: Scenario): Cell {
  const ending = endingOf(comparison, scenario);
  if (!ending) return EMPTY_CELL;
  const { recovery, isCutShort, shed } = ending;
  const text = recoveryText(recovery);
  switch (recovery.state) {
    case 'unjudged':
      return textCell(text, { tone: 'weak' });
    case 'never-harmed':
      return textCell(text, { tone: 'good' });
    case 'recovered':
      return textCell(text, {
        value: recovery.afterNs / 1000,
        unit: 'us',
        below: shed === null ? null : 'load shed',
        tone: shed === null ? 'good' : 'bad',
      });
    case 'not-recovered':
      return isCutShort
        ? textCell('no time', { below: 'left to see it', tone: 'weak' })
        : textCell(text, { below: 'not recovered', tone: 'bad' });
  }
}

function falseOpensCell(comparison: FaultComparison): Cell {
  const count = falseOpensOf(comparison);
  return count === null ? EMPTY_CELL : countCell(count, { tone: count > 0 ? 'bad' : 'plain' });
}
