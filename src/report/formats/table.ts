import type { Reporter } from '../reporter.ts';
import { fullText } from '../text/full.ts';
import { screenText } from '../text/screen-text.ts';

/** For terminals: one screen, or the whole report where it is asked for. */
export const table: Reporter = (report, surface) =>
  surface.full || surface.explain ? fullText(report, surface) : screenText(report, surface);
