import path from 'node:path';
import { splitCommand } from '../../components/target/program.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { plural } from '../../report/format.ts';
import { hiddenIn, shownProgram } from '../../scenario/load/target-secrets.ts';
import { check } from '../../scenario/rules/check.ts';
import { pathText } from '../../scenario/rules/problem.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { loadCatalogue } from '../../transports/discover.ts';
import { Command } from 'commander';
import { helpAfter } from '../../commands/options/help.ts';
import type { Context } from '../../commands/terminal/context.ts';
import type { Result } from '../../record/record.ts';
import { generatorsOf } from '../../analysis/patterns/generators.ts';
import { readRun } from '../read-record.ts';
import {
  addConductOptions,
  conduct,
  type ConductOptions,
  EXPERIMENT_EXITS,
  type RunWish,
} from './conduct.ts';

const EXAMPLES = [
  'commbench replay results/rest-vs-queue-20261102T100000.json',
  'commbench replay result.json --out again.json --strict',
];

export function replayCommand(context: Context): Command {
  const command = new Command('replay').argument('<file>', 'a result file');
  return addConductOptions(command)
    .option('--allow-command', 'start the programs that the file names')
    .addHelpText('after', helpAfter(EXAMPLES, EXPERIMENT_EXITS))
    .action((file: string, options: ReplayOptions) => again(context, file, options));
}

interface ReplayOptions extends ConductOptions {
  readonly allowCommand?: true;
}

async function again(
  context: Context,
  file: string,
  { allowCommand, ...options }: ReplayOptions,
): Promise<void> {
  const earlier = await readRun(file);
  await refuseUnknown(earlier.scenario);
  if (!allowCommand) refuseCommands(file, earlier.scenario);
  const { scenario, seed, patterns, design } = earlier;
  const variants = [...new Set(design.order.flatMap(({ variant }) => variant ?? []))];
  await conduct(
    context,
    { ...besides(file), scenario, variants },
    {
      ...options,
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

/**
 * A file may come from anybody: what it would start is named, and confirmed.
 * @throws CommbenchError bad-option
 */
function refuseCommands(file: string, { targets }: Scenario): void {
  const commands = Object.entries(targets).flatMap(([id, target]) => {
    const { command, cwd } = target;
    // One that lacks its values is refused in any case.
    if (command === undefined || hiddenIn(target).length > 0) return [];
    const [program, ...words] = splitCommand(command);
    const rest = words.length === 0 ? '' : ` with ${plural(words.length, 'word')}`;
    return [
      `targets.${id}.command: ${shownProgram(program ?? '')}${rest}${cwd === undefined ? '' : ` in ${cwd}`}`,
    ];
  });
  if (commands.length === 0) return;
  throw new CommbenchError('bad-option', `${file} would start programs:\n  ${commands.join('\n  ')}`, {
    hint: 'Read the commands in the file; --allow-command starts them.',
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

function besides(file: string): Pick<RunWish, 'name' | 'folder'> {
  const { dir, name } = path.parse(file.replace(/#.*$/, ''));
  return { folder: dir, name: `${name.replace(/-replay-.*$/, '')}-replay` };
}
