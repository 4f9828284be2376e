import { Chalk, type ChalkInstance } from 'chalk';
import type { Column, Section } from '../view.ts';
import { drawnTable } from './table-text.ts';

const PLAIN = new Chalk({ level: 0 });
/** Column widths of figures and texts, the wider first. */
const WIDTHS = [
  { figure: 18, text: 30 },
  { figure: 13, text: 18 },
  { figure: 10, text: 14 },
] as const;
/** Titles are broken into as many lines as that, and a rule of none stands below them. */
const HEAD_LINES = 3;

interface Room {
  readonly width: number;
  /** Lines under the figures are excluded. */
  readonly isCompact: boolean;
}

/**
 * A table that stays a table: of the columns that may be dropped, those are added that leave it as narrow as the room
 * and break no cell into more lines, what matters most first.
 */
export function fittedTable(section: Section, room: Room, ink: ChalkInstance): string {
  const whole = room.isCompact ? withoutBelow(section) : section;
  const base = withColumns(whole, ({ priority = 1 }) => priority <= 1);
  const least = fitOf(base, room.width, HEAD_LINES + linesOf(whole));
  const height = Math.max(HEAD_LINES + linesOf(whole), least?.lines ?? 0);
  const chosen = new Set(whole.columns.filter(({ priority = 1 }) => priority <= 1));
  for (const column of optionalColumns(whole)) {
    chosen.add(column);
    const fit = fitOf(
      withColumns(whole, (one) => chosen.has(one)),
      room.width,
      height,
    );
    if (!fit || fit.lines > height) chosen.delete(column);
  }
  const some = withColumns(whole, (one) => chosen.has(one));
  return drawnTable(some, fitOf(some, room.width, height)?.widths ?? WIDTHS.at(-1)!, ink);
}

function optionalColumns({ columns }: Section): Column[] {
  const priority = (column: Column) => column.priority ?? 1;
  return columns.filter((column) => priority(column) > 1).toSorted((a, b) => priority(a) - priority(b));
}

interface Fit {
  readonly widths: (typeof WIDTHS)[number];
  readonly lines: number;
}

/** The widest that is no wider than the room and no higher than that, or else the least high one; undefined: too wide. */
function fitOf(section: Section, width: number, height: number): Fit | undefined {
  const all = WIDTHS.flatMap((widths): Fit[] => {
    const lines = drawnTable(section, widths, PLAIN).split('\n');
    return lines.some((line) => line.length > width) ? [] : [{ widths, lines: lines.length }];
  });
  return all.find(({ lines }) => lines <= height) ?? all.toSorted((a, b) => a.lines - b.lines)[0];
}

function withColumns(section: Section, isChosen: (column: Column) => boolean): Section {
  const isSustained = (_: unknown, i: number) => isChosen(section.columns[i]!);
  return {
    ...section,
    columns: section.columns.filter(isSustained),
    rows: section.rows
      .map((row) => ({ ...row, cells: row.cells.filter(isSustained) }))
      .filter(({ pattern, cells }) => pattern !== null || cells.some(({ text }) => text !== '')),
  };
}

/** Lines of the rows, if no cell is broken. */
function linesOf({ rows }: Section): number {
  return rows.reduce((n, { cells }) => n + (cells.some(({ below }) => below !== null) ? 2 : 1), 0);
}

function withoutBelow(section: Section): Section {
  const cells = (all: Section['rows'][number]['cells']) => all.map((cell) => ({ ...cell, below: null }));
  return { ...section, rows: section.rows.map((row) => ({ ...row, cells: cells(row.cells) })) };
}
