import { pageText } from '../page/page-text.ts';
import type { Reporter } from '../reporter.ts';

/** For a browser: one file that needs nothing else, with charts and the record to download. */
export const html: Reporter = (report, { carried = [] }) => pageText(report, carried);
