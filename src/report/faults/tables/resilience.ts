import { columnQuantile, countCell, highestCell, ratioCell, shareCell, timeCell } from '../../cells.ts';
import type { Footnotes } from '../../footnotes.ts';
import { measurementCell } from '../../tables/verdicts.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import { amplification } from '../../../analysis/faults/edges-seen.ts';
import { formatShare, quantileName } from '../../format.ts';
import type { FaultLine } from '../../../analysis/faults/fault-line.ts';
import { isAsynchronous } from '../../../analysis/faults/fault-trials.ts';
import { faultSection, type Figure, type Part } from '../fault-section.ts';
import { recoveryText } from '../recovery-text.ts';
import { type Compared, correctShare, isAboutWaits } from '../../../analysis/faults/seen.ts';

/** One row per line: what the fault did, who noticed, and when it was over. */
export function resilienceSection(lines: readonly FaultLine[], notes: Footnotes): Section | undefined {
  const found: Found = (cell) => (part) => (part.line.missing === null ? cell(part.line) : EMPTY_CELL);
  const figures: Figure<Part>[] = [
    {
      id: 'correct',
      title: 'Correct in fault',
      cell: ({ line }) =>
        line.missing === null
          ? { ...correctCell(line.harm), marks: acceptedMarks(line, notes) }
          : missingCell(line.missing, line, notes),
    },
    { id: 'recovered', title: 'Recovered after', cell: found(recoveredCell) },
    ...(isAboutWaits(lines) ? [waitFigure(lines, found)] : []),
    { id: 'degraded', title: 'Degraded', cell: found(degradedCell) },
    { id: 'leaf', title: 'Tries at the leaf', cell: found(leafCell) },
    { id: 'detected', title: 'Detected after', cell: found(({ health }) => timeCell(health.detectedNs)) },
    { id: 'failed-fast', title: 'Failed fast', cell: found(failedFastCell) },
    { id: 'false-opens', title: 'False opens', cell: found(falseOpensCell) },
    {
      id: 'measurement',
      title: 'Measured',
      align: 'left',
      cell: found((line) => measurementCell([...line.trials, ...line.controls], notes, 'trials')),
    },
  ];
  const section = faultSection(
    {
      id: 'resilience',
      title: 'What the fault did, and when it was over (vs: the control, without the fault)',
      labels: [],
      figures,
    },
    lines.map((line) => ({ line, labels: [] })),
  );
  return section && { ...section, isExplained: true };
}

export function missingCell(text: string, { reason, pattern }: FaultLine, notes: Footnotes): Cell {
  const why = reason ?? pattern.reason;
  return textCell(text, { tone: 'weak', marks: why === null ? [] : [notes.mark(why)] });
}

const ACCEPTED =
  "Correct is not done here: somebody on the way waits for a broker's confirm only. Whether and when the work was done is told beside it.";

function acceptedMarks(line: FaultLine, notes: Footnotes): string[] {
  return isAsynchronous(line) ? [notes.mark(ACCEPTED)] : [];
}

type Found = (cell: (line: FaultLine) => Cell) => (part: Part) => Cell;

function waitFigure(lines: readonly FaultLine[], found: Found): Figure<Part> {
  const quantile = columnQuantile(lines.map(({ harm }) => harm.here.response));
  const name = quantileName(quantile);
  const cell = ({ harm: { here, control } }: FaultLine) =>
    highestCell(here.response, quantile, control.response);
  return { id: `wait-${name}`, title: `Caller waits ${name}`, cell: found(cell) };
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
function degradedCell({ harm: { here } }: FaultLine): Cell {
  return here.degraded === 0 ? EMPTY_CELL : shareCell(here.degraded / here.correct);
}

function failedFastCell({ work: { leaf } }: FaultLine): Cell {
  return leaf && leaf.seen.calls > 0 ? shareCell(leaf.seen.failedFast / leaf.seen.calls) : EMPTY_CELL;
}

function leafCell({ work: { leaf } }: FaultLine): Cell {
  const times = leaf ? amplification(leaf.seen) : null;
  return ratioCell(times, {
    below: leaf?.leaf ?? null,
    tone: times !== null && Number(times.toFixed(2)) > 1 ? 'bad' : 'plain',
  });
}

function recoveredCell({ health: { ending } }: FaultLine): Cell {
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

function falseOpensCell({ health: { falseOpens } }: FaultLine): Cell {
  return falseOpens === null ? EMPTY_CELL : countCell(falseOpens, { tone: falseOpens > 0 ? 'bad' : 'plain' });
}
