import type { Reporter } from '../reporter.ts';
import { fullText } from '../text/full.ts';

/** For terminals. */
export const table: Reporter = (report, surface) => fullText(report, surface);
