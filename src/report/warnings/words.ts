import type { Warning } from '../view.ts';

/** A warning in words, and what helps. Of several of one code a screen shows the first sentence. */
export type WarningWords = Omit<Warning, 'code'>;
