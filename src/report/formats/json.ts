import { escapedJson } from '../../kernel/foreign/visible.ts';
import { reportData } from '../json/report-data.ts';
import type { Reporter } from '../reporter.ts';

export const hasEscapes = true;

/** For programs, after the schema that `commbench schema result` prints. */
export const json: Reporter = (report) => `${escapedJson(reportData(report))}\n`;
