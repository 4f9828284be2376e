import { type Format, reporters } from '../reporters/reporters.ts';
import type { Result } from '../results/record.ts';
import { viewOf } from '../results/view-of.ts';
import { type Context, wantsColor, widthOf } from './context.ts';

interface Wanted {
  readonly format: Format;
  readonly explain: boolean;
}

export function printReport({ stdout, env }: Context, result: Result, file: string, wanted: Wanted): void {
  const { format, explain } = wanted;
  const surface = { width: widthOf(stdout, env), color: wantsColor(stdout, env), explain };
  stdout.write(reporters[format](viewOf(result, file), result, surface));
}
