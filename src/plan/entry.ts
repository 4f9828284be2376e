import type { Result } from '../record/record.ts';

/** One trial in the order of its experiment: which, of which row, in which round. */
export type Entry = Result['order'][number];
