import { columnQuantile, countCell, highestCell, ratioCell, shareCell, timeCell } from '../../cells.ts';
import type { Footnotes } from '../../footnotes.ts';
import { validityCell } from '../../tables/verdicts.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import { amplification } from '../../../analysis/faults/edge-totals.ts';
import { formatShare, quantileName } from '../../format.ts';
import type { FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { isAsynchronous } from '../../../analysis/faults/fault-trials.ts';
import { faultSection, type FaultColumn, type Part } from '../fault-section.ts';
import { recoveryText } from '../recovery-text.ts';
import { type Compared, correctShare, isAboutWaits } from '../../../analysis/faults/requests.ts';

/** One row per line: what the fault did, who noticed, and when it was over. */
export function resilienceSection(
  comparisons: readonly FaultComparison[],
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
          ? { ...correctCell(comparison.harm), marks: acceptedMarks(comparison, notes) }
          : missingCell(comparison.missing, comparison, notes),
    },
    { id: 'recovered', title: 'Recovered after', cell: found(recoveredCell) },
    ...(isAboutWaits(comparisons) ? [waitFigure(comparisons, found)] : []),
    { id: 'degraded', title: 'Degraded', cell: found(degradedCell) },
    { id: 'leaf', title: 'Retry amplification', cell: found(leafCell) },
    { id: 'detected', title: 'Detected after', cell: found(({ health }) => timeCell(health.detectedNs)) },
    { id: 'failed-fast', title: 'Failed fast', cell: found(failedFastCell) },
    { id: 'false-opens', title: 'False trips', cell: found(falseOpensCell) },
    {
      id: 'validity',
      title: 'Validity',
      align: 'left',
      cell: found((comparison) =>
        validityCell([...comparison.trials, ...comparison.controls], notes, 'trials'),
      ),
    },
  ];
  const section = faultSection(
    {
      id: 'resilience',
      title: 'Effect of the fault, and recovery (vs: the control, without the fault)',
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
  "Correct does not mean done here: a caller on the path waits for a broker's confirm only. Completion is shown beside it.";

function acceptedMarks(comparison: FaultComparison, notes: Footnotes): string[] {
  return isAsynchronous(comparison) ? [notes.mark(ACCEPTED)] : [];
}

type Found = (cell: (comparison: FaultComparison) => Cell) => (part: Part) => Cell;

function waitFigure(comparisons: readonly FaultComparison[], found: Found): FaultColumn<Part> {
  const quantile = columnQuantile(comparisons.map(({ harm }) => harm.here.response));
  const name = quantileName(quantile);
  const cell = ({ harm: { here, control } }: FaultComparison) =>
    highestCell(here.response, quantile, control.response);
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
function degradedCell({ harm: { here } }: FaultComparison): Cell {
  return here.degraded === 0 ? EMPTY_CELL : shareCell(here.degraded / here.correct);
}

function failedFastCell({ work: { leaf } }: FaultComparison): Cell {
  return leaf && leaf.seen.calls > 0 ? shareCell(leaf.seen.failedFast / leaf.seen.calls) : EMPTY_CELL;
}

function leafCell({ work: { leaf } }: FaultComparison): Cell {
  const times = leaf ? amplification(leaf.seen) : null;
  return ratioCell(times, {
    below: leaf?.leaf ?? null,
    tone: times !== null && Number(times.toFixed(2)) > 1 ? 'bad' : 'plain',
  });
}

function recoveredCell({ health: { ending } }: FaultComparison): Cell {
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

function falseOpensCell({ health: { falseOpens } }: FaultComparison): Cell {
  return falseOpens === null ? EMPTY_CELL : countCell(falseOpens, { tone: falseOpens > 0 ? 'bad' : 'plain' });
}
