import type { Reporter } from '../reporter.ts';

/** For programs. */
export const json: Reporter = (report) => `${JSON.stringify(report, null, 2)}\n`;
