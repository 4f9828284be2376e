import { type Format, reporters } from '../reporters/reporters.ts';
import type { Result } from '../results/record.ts';
import { viewOf } from '../results/view-of.ts';
import { type Context, wantsColor, widthOf } from './context.ts';

export function printReport({ stdout, env }: Context, result: Result, format: Format, file: string): void {
  const surface = { width: widthOf(stdout, env), color: wantsColor(stdout, env) };
  stdout.write(reporters[format](viewOf(result, file), result, surface));
}
