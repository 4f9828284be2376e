import type { ChalkInstance } from 'chalk';
import type { Cell, Section } from '../view.ts';
import { marksOf, toned } from './cell-text.ts';
import { wrapped } from './wrap.ts';

/** A block of lines for each row, where a table would not fit. */
export function stacked({ columns, rows }: Section, width: number, ink: ChalkInstance): string {
  const labelWidth = Math.max(...columns.map((column) => column.title.length)) + 2;
  return rows
    .map(({ title, part, cells }) => {
      const lines = columns.flatMap((column, i) => {
        const cell = cells[i]!;
        return column.isLabel || cell.text === part
          ? []
          : [stackedLine(column.title.padEnd(labelWidth), cell, width, ink)];
      });
      const name = part === null ? title : part.startsWith(title) ? part : `${title}, ${part}`;
      return [ink.underline(name), ...lines].join('\n');
    })
    .join('\n');
}

function stackedLine(label: string, cell: Cell, width: number, ink: ChalkInstance): string {
  const indent = ' '.repeat(label.length + 2);
  const below = cell.below === null ? '' : ` (${cell.below})`;
  const [first = '', ...more] = wrapped(indent + cell.text + marksOf(cell) + below, width, indent).split(
    '\n',
  );
  const lines = [`  ${ink.dim(label)}${toned(cell, first.trimStart(), ink)}`, ...more];
  return lines.join('\n');
}
