import type { Warning } from '../view.ts';

/** A warning in words: what is the matter, and what helps. */
export type WarningWords = Omit<Warning, 'code'>;
