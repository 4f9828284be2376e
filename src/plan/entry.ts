import type { RunDesign } from '../record/record.ts';

/** One trial in the order of its experiment: its kind, pattern and round. */
export type Entry = RunDesign['order'][number];
