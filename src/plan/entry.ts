import type { RunDesign } from '../record/record.ts';

/** One trial in the order of its experiment: which, of which row, in which round. */
export type Entry = RunDesign['order'][number];
