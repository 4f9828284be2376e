import type { ChalkInstance } from 'chalk';
import type { Cell } from '../view.ts';
import { wrapped } from './wrap.ts';

/** Apart by a space that never breaks: ¹ and ² are not ¹². */
export function marksOf(cell: Cell): string {
  return cell.marks.join('\u00a0');
}

/** Marks get a place of their own behind figures, so that these stay aligned. */
export function cellText(
  cell: Cell,
  { width, room }: { width: number; room: number },
  ink: ChalkInstance,
): string {
  const main = `${cell.text}${marksOf(cell).padEnd(room)}`;
  const painted = toned(cell, cell.unit === 'graph' ? main : wrapped(main, width, ''), ink);
  if (cell.below === null) return painted;
  const below = wrapped(cell.below, width, '').split('\n');
  return [painted, ...below.map((line) => ink.dim(line) + ' '.repeat(room))].join('\n');
}

export function toned(cell: Cell, text: string, ink: ChalkInstance): string {
  switch (cell.tone) {
    case 'plain':
      return text;
    case 'good':
      return ink.green(text);
    case 'bad':
      return ink.red(text);
    case 'weak':
      return ink.dim(text);
  }
}
