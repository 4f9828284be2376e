import { reportData } from '../json/report-data.ts';
import type { Reporter } from '../reporter.ts';

/** For programs, after the schema that `commbench schema result` prints. */
export const json: Reporter = (report) => `${JSON.stringify(reportData(report), null, 2)}\n`;
