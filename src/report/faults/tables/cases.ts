import type { Scenario } from '../../../scenario/schema/schema.ts';
import { shareCell } from '../../cells.ts';
import type { Footnotes } from '../../footnotes.ts';
import { type Cell, EMPTY_CELL, type Section } from '../../view.ts';
import type { FaultLine } from '../../../analysis/faults/fault-line.ts';
import { byCase } from '../../../analysis/faults/fault-trials.ts';
import { lostShare } from '../../../analysis/faults/seen.ts';
import { endText, lossText, workTexts } from '../loss.ts';
import { missingCell } from './resilience.ts';

/** All cases on one screen: a row per variant, a column per case, the loss and what came of it. */
export function casesSection(
  lines: readonly FaultLine[],
  scenario: Scenario,
  notes: Footnotes,
): Section | undefined {
  const cases = byCase(lines);
  if (cases.length < 2) return undefined;
  const names = [...new Set(lines.map(({ name }) => name))];
  const cellAt = (name: string, of: readonly FaultLine[]): Cell => {
    const line = of.find((one) => one.name === name);
    return line ? lostCell(line, scenario, notes) : EMPTY_CELL;
  };
  return {
    id: 'cases',
    title: 'Lost, of the requests that depend on what was harmed (below it: what came of it after the fault)',
    head: lines.some(({ variant }) => variant !== null) ? 'Variant' : 'Pattern',
    isCompared: true,
    columns: cases.map(([first]) => {
      return { id: first!.case?.id ?? 'faults', title: first!.case?.title ?? 'faults', align: 'right' };
    }),
    rows: names.map((name) => ({
      pattern: lines.find((line) => line.name === name)!.pattern.id,
      title: name,
      part: name,
      cells: cases.map((of) => cellAt(name, of)),
    })),
  };
}

function lostCell(line: FaultLine, scenario: Scenario, notes: Footnotes): Cell {
  if (line.missing !== null) return missingCell(line.missing, line, notes);
  const lost = lostShare(line.harm);
  const end = lost > 0 ? endText(line, scenario) : undefined;
  const below = [end, ...workTexts(line).map(shortened)].filter((text) => text !== undefined);
  return shareCell(lost, {
    text: lossText(lost),
    below: below.length > 0 ? below.join(', ') : null,
    tone: lost > 0 ? 'bad' : 'good',
  });
}

function shortened(text: string): string {
  return text.replace(' of the work', '').replace(' at its', ' at');
}
