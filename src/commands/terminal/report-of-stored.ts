import type { Stored } from '../../record/store.ts';
import type { Report } from '../../report/report.ts';
import { calibrationView } from '../../report/searches/calibration-view.ts';
import { crossoverView } from '../../report/searches/crossover-view.ts';
import { sweepView } from '../../report/searches/sweep-view.ts';
import { viewOf } from '../../report/view-of.ts';

/** The report of whatever a result file may hold. */
export function reportOfStored(stored: Stored, file: string): Report {
  switch (stored.format) {
    case 'commbench-result':
      return viewOf(stored, file);
    case 'commbench-crossover':
      return crossoverView(stored, file);
    case 'commbench-sweep':
      return sweepView(stored, file);
    case 'commbench-calibration':
      return calibrationView(stored, file);
  }
}
