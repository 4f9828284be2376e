import { LEVELS } from '../../analysis/claims/words/latency.ts';
import type { Dependence, FormResult, PatternFamily } from '../../analysis/patterns/alternatives.ts';
import type { PatternResult } from '../../analysis/patterns/pattern-result.ts';
import type { Footnotes } from '../footnotes.ts';
import { formatInterval, plural } from '../format.ts';
import { reasonText } from '../claims/word-text.ts';
import { percentileCell, validCell } from '../screen/tables/figures.ts';
import { figureColumn, patternRow, type TableColumn, tableOf, textColumn } from '../table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { doneCell } from './latency.ts';

/** A form with its family, of which the first form bears the verdicts. */
interface FormLine {
  readonly form: FormResult;
  readonly family: PatternFamily;
}

/**
 * Each pattern with its alternatives: is its latency word one of the pattern, or of the library?
 * @param notes of a page, where marks are explained by them; absent: on a screen
 */
export function alternativesTable(
  families: readonly PatternFamily[],
  reference: string,
  notes?: Footnotes,
): Section | undefined {
  const lines = families.flatMap((family) => family.forms.map((form): FormLine => ({ form, family })));
  if (lines.length === 0) return undefined;
  return tableOf<FormLine>(
    {
      id: 'alternatives',
      title: 'Library or pattern: the latency word of each form',
      isCompared: true,
      nameOf: ({ form: { pattern } }) => patternRow(pattern),
      columns: columnsOf(reference, notes),
    },
    lines,
  );
}

function columnsOf(reference: string, notes: Footnotes | undefined): TableColumn<FormLine>[] {
  const medianOf = (pattern: PatternResult) =>
    notes ? doneCell(pattern, 0.5, notes) : percentileCell(pattern, 'completion', 0.5);
  return [
    textColumn('client', 'Client library', ({ form: { pattern } }) => textCell(pattern.record.client), {
      priority: 2,
    }),
    figureColumn(
      'completion-p50',
      'Completion p50',
      ({ form: { pattern } }) => ({ ...medianOf(pattern), below: null }),
      { priority: 1 },
    ),
    textColumn('ratio', `Beside ${reference}`, ratioCell, { priority: 1 }),
    textColumn('word', 'Word', wordCell, { priority: 1 }),
    textColumn('holds', 'Word holds?', dependenceCell, { priority: 1 }),
    figureColumn('valid', 'Valid', ({ form: { pattern } }) => validCell(pattern.trials.latency), {
      priority: 3,
    }),
  ];
}

function ratioCell({ form: { interval, reason } }: FormLine): Cell {
  if (interval) return textCell(formatInterval(interval), { value: interval.ratio, unit: 'ratio', interval });
  if (reason === null) return textCell('reference');
  // In a row of figures there is no room for which rounds were excluded, and why.
  return textCell(reason.code === 'too-few-rounds' ? roundsText(reason) : reasonText(reason), {
    tone: 'weak',
  });
}

/** `0 of 2 rounds`: comparable ones, of those that an interval takes. */
function roundsText({ rounds, atLeast }: { readonly rounds: number; readonly atLeast: number }): string {
  return `${rounds} of ${plural(atLeast, 'round')}`;
}

/** `low → high` where the guides claim another one. */
function wordCell({ form: { levels, interval, reason }, family: { claimed } }: FormLine): Cell {
  if (!interval && reason !== null) return EMPTY_CELL;
  if (levels.length === LEVELS.length) return textCell('any', { tone: 'weak' });
  const found = levels.join(' or ');
  return textCell(claimed === null || claimed === found ? found : `${claimed} → ${found}`);
}

const DEPENDENCE: Readonly<Record<Dependence, Cell>> = {
  holds: textCell('holds'),
  depends: textCell('depends', { tone: 'bad' }),
  inconclusive: textCell('inconclusive', { tone: 'weak' }),
};

/** The verdict on libraries in the first line, that on settings beside the settings. */
function dependenceCell({ form: { by }, family: { dependence } }: FormLine): Cell {
  const verdict = by === null ? dependence.library : by === 'settings' ? dependence.settings : null;
  if (verdict === null) return EMPTY_CELL;
  const cell = DEPENDENCE[verdict];
  const on = by === null ? 'library' : 'settings';
  return {
    ...cell,
    text: verdict === 'depends' ? `depends on ${on}` : `${cell.text}${by === null ? '' : ' (settings)'}`,
  };
}
