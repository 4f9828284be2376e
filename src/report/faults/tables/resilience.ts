import type { Scenario } from '../../../scenario/schema/schema.ts';
import { columnQuantile, countCell, highestCell, ratioCell, shareCell, timeCell } from '../../cells.ts';
import type { Footnotes } from '../../footnotes.ts';
import { measurementCell } from '../../tables/verdicts.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import { amplification } from '../../../analysis/faults/edges-seen.ts';
import { leafSeen } from '../../../analysis/faults/leaf-seen.ts';
import { formatShare, quantileName } from '../../format.ts';
import { type FaultLine, isAsynchronous } from '../../../analysis/faults/fault-line.ts';
import { faultSection, type Figure, type Part } from '../fault-section.ts';
import { detectedNs, endingOfLine, falseOpensOf } from '../../../analysis/faults/health-seen.ts';
import { recoveryText } from '../recovery-text.ts';
import { type Compared, correctShare, harmSeen, isAboutWaits } from '../../../analysis/faults/seen.ts';

/** One row per line: what the fault did, who noticed, and when it was over. */
export function resilienceSection(
  lines: readonly FaultLine[],
  scenario: Scenario,
  notes: Footnotes,
): Section | undefined {
  const found: Found = (cell) => (part) => (part.line.missing === null ? cell(part.line) : EMPTY_CELL);
  const figures: Figure<Part>[] = [
    {
      id: 'correct',
      title: 'Correct in fault',
      cell: ({ line }) =>
        line.missing === null
          ? { ...correctCell(harmSeen(line, scenario)), marks: acceptedMarks(line, notes) }
          : missingCell(line.missing, line, notes),
    },
    { id: 'recovered', title: 'Recovered after', cell: found((line) => recoveredCell(line, scenario)) },
    ...(isAboutWaits(lines, scenario) ? [waitFigure(lines, scenario, found)] : []),
    { id: 'degraded', title: 'Degraded', cell: found((line) => degradedCell(line, scenario)) },
    { id: 'leaf', title: 'Tries at the leaf', cell: found((line) => leafCell(line, scenario)) },
    { id: 'detected', title: 'Detected after', cell: found((line) => timeCell(detectedNs(line, scenario))) },
    { id: 'failed-fast', title: 'Failed fast', cell: found((line) => failedFastCell(line, scenario)) },
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

function waitFigure(lines: readonly FaultLine[], scenario: Scenario, found: Found): Figure<Part> {
  const quantile = columnQuantile(lines.map((line) => harmSeen(line, scenario).here.response));
  const name = quantileName(quantile);
  const cell = (line: FaultLine) => {
    const { here, control } = harmSeen(line, scenario);
    return highestCell(here.response, quantile, control.response);
  };
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
function degradedCell(line: FaultLine, scenario: Scenario): Cell {
  const { here } = harmSeen(line, scenario);
  return here.degraded === 0 ? EMPTY_CELL : shareCell(here.degraded / here.correct);
}

function failedFastCell(line: FaultLine, scenario: Scenario): Cell {
  const found = leafSeen(line, scenario);
  return found && found.seen.calls > 0 ? shareCell(found.seen.failedFast / found.seen.calls) : EMPTY_CELL;
}

function leafCell(line: FaultLine, scenario: Scenario): Cell {
  const found = leafSeen(line, scenario);
  const times = found ? amplification(found.seen) : null;
  return ratioCell(times, {
    below: found?.leaf ?? null,
    tone: times !== null && Number(times.toFixed(2)) > 1 ? 'bad' : 'plain',
  });
}

function recoveredCell(line: FaultLine, scenario: Scenario): Cell {
  const ending = endingOfLine(line, scenario);
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

function falseOpensCell(line: FaultLine): Cell {
  const count = falseOpensOf(line);
  return count === null ? EMPTY_CELL : countCell(count, { tone: count > 0 ? 'bad' : 'plain' });
}
