import { type Format, reporters } from '../reporters/reporters.ts';
import { crossoverView } from '../results/crossover-view.ts';
import type { Stored } from '../results/store.ts';
import { viewOf } from '../results/view-of.ts';
import { type Context, wantsColor, widthOf } from './context.ts';

interface Wanted {
  readonly format: Format;
  readonly explain: boolean;
}

export function printReport({ stdout, env }: Context, stored: Stored, file: string, wanted: Wanted): void {
  const { format, explain } = wanted;
  const surface = { width: widthOf(stdout, env), color: wantsColor(stdout, env), explain };
  const view = stored.format === 'commbench-result' ? viewOf(stored, file) : crossoverView(stored, file);
  stdout.write(reporters[format](view, stored, surface));
}
