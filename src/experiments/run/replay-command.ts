import path from 'node:path';
import { CommbenchError } from '../../kernel/errors.ts';
import { check } from '../../scenario/rules/check.ts';
import { pathText } from '../../scenario/rules/problem.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { loadCatalogue } from '../../transports/discover.ts';
import { Command } from 'commander';
import { helpAfter } from '../../commands/options/help.ts';
import { timeStamp } from '../../commands/options/result-files.ts';
import type { Context } from '../../commands/terminal/context.ts';
import type { Result } from '../../record/record.ts';
import { generatorsOf } from '../../analysis/patterns/generators.ts';
import { readRun } from '../read-record.ts';
import { addConductOptions, conduct, type ConductOptions, EXPERIMENT_EXITS } from './conduct.ts';

const EXAMPLES = [
  'commbench replay results/rest-vs-queue-20261102T100000.json',
  'commbench replay result.json --out again.json --strict',
];

export function replayCommand(context: Context): Command {
  const command = new Command('replay').argument('<file>', 'a result file');
  return addConductOptions(command)
    .addHelpText('after', helpAfter(EXAMPLES, EXPERIMENT_EXITS))
    .action((file: string, options: ConductOptions) => again(context, file, options));
}

async function again(context: Context, file: string, options: ConductOptions): Promise<void> {
  const earlier = await readRun(file);
  await refuseUnknown(earlier.scenario);
  const { scenario, seed, patterns, design } = earlier;
  const variants = [...new Set(design.order.flatMap(({ variant }) => variant ?? []))];
  await conduct(
    context,
    { name: 'replay', scenario, variants },
    {
      ...options,
      out: options.out ?? `${besides(file)}-${timeStamp()}.json`,
      seed,
      // All patterns chosen then, run or not: the order is drawn over them.
      patterns: patterns.map(({ id }) => id),
      generators: options.generators ?? generatorsOf(earlier),
      target: { ...earlierTargets(earlier), ...options.target },
    },
  );
}

/**
 * A stored scenario may use what this version does not have. Targets are checked later, with the values of --target.
 * @throws CommbenchError bad-scenario
 */
async function refuseUnknown(scenario: Scenario): Promise<void> {
  const problems = await check(scenario, await loadCatalogue(), ['targets']);
  if (problems.length === 0) return;
  const lines = problems.map(({ path: at, message }) => `${pathText(at)}: ${message}`);
  throw new CommbenchError('bad-scenario', lines.join('\n'), {
    hint: 'See `commbench list` for what is available.',
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
  const { dir, name } = path.parse(file.replace(/#.*$/, ''));
  return path.join(dir, `${name.replace(/-replay-.*$/, '')}-replay`);
}
