import { Command } from 'commander';
import { loadCatalogue } from '../../transports/discover.ts';
import { helpAfter } from '../../commands/options/help.ts';
import type { ScenarioOptions } from '../../commands/options/measuring-options.ts';
import {
  addOptions,
  allOption,
  durationOption,
  roundsOption,
  variantsOption,
} from '../../commands/options/options.ts';
import { checkPatterns, checkVariants } from '../../commands/options/patterns.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { loadScenario } from '../../scenario/load/load.ts';
import type { Override } from '../../scenario/load/override.ts';
import { addConductOptions, conduct, type ConductOptions, EXPERIMENT_EXITS } from './conduct.ts';

/** An option's value, and how it was written. */
interface Given<T> {
  readonly text: string;
  readonly value: T;
}

interface RunOptions extends ConductOptions, Pick<ScenarioOptions, 'set'> {
  readonly rate?: Given<number>;
  readonly duration?: Given<number>;
  readonly rounds?: Given<number>;
  readonly variants?: readonly string[];
  readonly all?: true;
}

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
  const own = [durationOption(), roundsOption()];
  const chosen = [variantsOption(), allOption()];
  return addConductOptions(addOptions(command, 'rate', ...own, 'patterns', ...chosen, 'seed', 'set'))
    .addHelpText('after', helpAfter(EXAMPLES, EXPERIMENT_EXITS))
    .action((scenario: string, options: RunOptions) => run(context, scenario, options));
}

async function run(context: Context, name: string, options: RunOptions): Promise<void> {
  const { scenario } = await loadScenario(name, overridesOf(options), await loadCatalogue());
  const { patterns, variants } = options;
  checkPatterns(scenario, { '--patterns': patterns ?? [] });
  checkVariants(scenario, variants ?? []);
  const chosen = options.all ? scenario.variants.map(({ id }) => id) : variants;
  await conduct(context, { name: scenario.name, scenario, variants: chosen }, options);
}

function overridesOf({ rate, duration, rounds, set }: RunOptions): Override[] {
  const given = (flag: string, at: string, option: Given<number> | undefined): Override[] =>
    option ? [{ origin: `${flag} ${option.text}`, path: at, value: option.value }] : [];
  return [
    ...given('--rate', 'load.ratePerS', rate),
    ...given('--duration', 'durationMs', duration),
    ...given('--rounds', 'rounds', rounds),
    ...(set ?? []),
  ];
}
