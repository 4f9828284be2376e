import path from 'node:path';
import { Command } from 'commander';
import { generatorsOf } from '../../report/generators.ts';
import type { Result } from '../../record/record.ts';
import { readResult } from '../../record/store.ts';
import { conduct } from './conduct.ts';
import { addConductOptions, type ConductOptions, EXPERIMENT_EXITS, requestOf } from './conduct-options.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { helpAfter } from '../../commands/options/help.ts';
import { timeStamp } from '../../commands/options/time-stamp.ts';

const EXAMPLES = [
  'commbench replay results/rest-vs-queue-20261102T100000.json',
  'commbench replay result.json --out again.json --strict',
];

export function replayCommand(context: Context): Command {
  const command = new Command('replay').argument('<file>', 'a result file');
  return addConductOptions(command)
    .addHelpText('after', helpAfter(EXAMPLES, EXPERIMENT_EXITS))
    .action((file: string, options: ConductOptions) => replay(context, file, options));
}

async function replay(context: Context, file: string, options: ConductOptions): Promise<void> {
  const earlier = readResult(file);
  await conduct(context, {
    ...requestOf(options),
    scenario: earlier.scenario,
    seed: earlier.seed,
    // The rows that were chosen then, run or not: the order is drawn over them.
    patterns: earlier.patterns.map((pattern) => pattern.id),
    generators: options.generators ?? generatorsOf(earlier),
    variants: [...new Set(earlier.order.flatMap(({ variant }) => variant ?? []))],
    targets: { ...earlierTargets(earlier), ...options.target },
    outPath: options.out ?? besides(file),
  });
}

/** URLs given with --target then; one with credentials was stored without them and has to be given again. */
function earlierTargets({ options }: Result): Record<string, string> {
  const { targets } = options as { targets?: unknown };
  if (typeof targets !== 'object' || targets === null) return {};
  return Object.fromEntries(
    Object.entries(targets).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function besides(file: string): string {
  const { dir, name } = path.parse(file);
  return path.join(dir, `${name.replace(/-replay-.*$/, '')}-replay-${timeStamp()}.json`);
}
