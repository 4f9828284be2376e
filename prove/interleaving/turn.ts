import { existsSync, readFileSync } from 'node:fs';

export const MODES = ['pairs', 'switchback'] as const;
export type Mode = (typeof MODES)[number];
export const FIGURES = ['response', 'completion'] as const;
export type Figure = (typeof FIGURES)[number];

/** Medians of both patterns (us), and what the turn says of their ratio. */
export interface Found {
  readonly restUs: number;
  readonly grpcUs: number;
  /** Mean log of gRPC's median over REST's: of the trials, or of neighbouring blocks. */
  readonly logRatio: number;
}

/** One comparison of REST and gRPC: a pair of trials one after the other, or of trials that alternate in blocks. */
export interface Turn {
  /** From 1 on, in the order in which they were made: none is left out. */
  readonly number: number;
  readonly commit: string;
  readonly machine: Readonly<Record<string, unknown>>;
  readonly startedAt: string;
  readonly mode: Mode;
  /** Share of all cores that programs of the proof were made to use. */
  readonly others: number;
  /** What else ran on the machine, in the words of who began it; turns beside other things are another series. */
  readonly beside: string;
  /** Shares of all cores that programs other than commbench's took while the load lasted: one for each trial. */
  readonly taken: readonly (number | null)[];
  /** Null: no median of a trial, or too few blocks, or no trial at all. */
  readonly found: Readonly<Record<Figure, Found | null>>;
  readonly wallS: number;
}

export function readTurns(file: string): Turn[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Turn);
}
