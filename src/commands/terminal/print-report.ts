import { CommbenchError } from '../../kernel/errors.ts';
import { type Format, reporters } from '../../report/formats/reporters.ts';
import { calibrationView } from '../../report/searches/calibration-view.ts';
import { crossoverView } from '../../report/searches/crossover-view.ts';
import type { Stored } from '../../record/store.ts';
import { sweepView } from '../../report/searches/sweep-view.ts';
import { viewOf } from '../../report/view-of.ts';
import type { View } from '../../report/view.ts';
import { type Context, wantsColor, widthOf } from './context.ts';

interface Wanted {
  readonly format: Format;
  readonly explain: boolean;
}

export function printReport({ stdout, env }: Context, stored: Stored, file: string, wanted: Wanted): void {
  const { format, explain } = wanted;
  const surface = { width: widthOf(stdout, env), color: wantsColor(stdout, env), explain };
  const view = viewOfStored(stored, file);
  if (format === 'junit' && !view.checks) {
    throw new CommbenchError('bad-option', `Expected the result of a run for --format junit, found ${file}`);
  }
  stdout.write(reporters[format](view, stored, surface));
}

function viewOfStored(stored: Stored, file: string): View {
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
