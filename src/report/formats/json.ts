import type { Reporter } from './reporter.ts';

/** The result record itself: every other report can be made of it again. */
export const json: Reporter = (_view, result) => `${JSON.stringify(result, null, 2)}\n`;
