import { Command, Option } from 'commander';
import { helpAfter } from '../../commands/options/help.ts';
import type { ScenarioOptions } from '../../commands/options/measuring-options.ts';
import { addOptions } from '../../commands/options/options.ts';
import { idsIn, refuse, whole } from '../../commands/options/parsers.ts';
import { checkVariants, loadAsked } from '../../commands/options/patterns.ts';
import type { Context } from '../../commands/terminal/context.ts';
import type { Override } from '../../scenario/load/override.ts';
import { parseDurationMs } from '../../scenario/schema/units.ts';
import { addConductOptions, conduct, type ConductOptions, EXPERIMENT_EXITS } from './conduct.ts';

interface RunOptions extends ConductOptions, Pick<ScenarioOptions, 'set'> {
  readonly rate?: Override;
  readonly duration?: Override;
  readonly rounds?: Override;
  readonly variants?: readonly string[];
  readonly all?: true;
}

const DURATION = new Option(
  '--duration <time>',
  'measured time of each latency trial, e.g. 3s, 500ms, 2m',
).argParser((text): Override => {
  const value = parseDurationMs(text) ?? refuse('a time with its unit, such as 3s, 500ms or 2m', text);
  return { origin: `--duration ${text}`, path: 'durationMs', value };
});
const ROUNDS = new Option(
  '--rounds <n>',
  'number of rounds: every latency trial runs once per round',
).argParser((text): Override => ({ origin: `--rounds ${text}`, path: 'rounds', value: whole(text) }));
const VARIANTS = new Option('--variants <ids>', 'only these variants of the scenario').argParser(idsIn);
const ALL = new Option('--all', 'all variants, including those excluded by default').conflicts('variants');

const EXAMPLES = [
  'commbench run pattern-comparison --explain',
  'commbench run rest-vs-queue --rate 500/s --rounds 3 --seed 7',
  'commbench run circuit-breaker --all',
  'commbench run my-scenario.yaml --set service.processingMs=20ms --set serviceOutage=null',
  'commbench run rest-vs-queue --patterns rest --target rest=http://127.0.0.1:8080/users',
  'commbench run rest-vs-queue --strict --format json --quiet > result.json',
];

export function runCommand(context: Context): Command {
  const command = new Command('run').argument('<scenario>', 'a name (see `commbench list`) or a file');
  const own = [DURATION, ROUNDS];
  return addConductOptions(addOptions(command, 'rate', ...own, 'patterns', VARIANTS, ALL, 'seed', 'set'))
    .addHelpText('after', helpAfter(EXAMPLES, EXPERIMENT_EXITS))
    .action((scenario: string, options: RunOptions) => run(context, scenario, options));
}

async function run(context: Context, name: string, options: RunOptions): Promise<void> {
  const { rate, duration, rounds, set = [], patterns, variants } = options;
  const overrides = [rate, duration, rounds, ...set].filter((one) => one !== undefined);
  const scenario = await loadAsked(name, overrides, { '--patterns': patterns });
  checkVariants(scenario, variants ?? []);
  const chosen = options.all ? scenario.variants.map(({ id }) => id) : variants;
  await conduct(context, { name: scenario.name, scenario, variants: chosen }, options);
}
