import path from 'node:path';
import { Command } from 'commander';
import { loadScenario, type LoadedScenario } from '../../scenario/load/load.ts';
import type { Override } from '../../scenario/load/override.ts';
import { scenarioProblems } from '../../commands/checks/check-scenario.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { conduct } from './conduct.ts';
import { addConductOptions, type ConductOptions, EXPERIMENT_EXITS, requestOf } from './conduct-options.ts';
import { helpAfter } from '../../commands/options/help.ts';
import {
  allOption,
  durationOption,
  patternsOption,
  rateOption,
  roundsOption,
  seedOption,
  setOption,
  variantsOption,
} from '../../commands/options/options.ts';
import { newSeed } from '../../commands/options/new-seed.ts';
import { RESULTS_FOLDER } from '../../commands/options/result-files.ts';
import { checkPatterns, checkVariants } from '../../commands/options/patterns.ts';
import { timeStamp } from '../../commands/options/time-stamp.ts';

/** An option's value, and how it was written. */
interface Given<T> {
  readonly text: string;
  readonly value: T;
}

interface RunOptions extends ConductOptions {
  readonly rate?: Given<number>;
  readonly duration?: Given<number>;
  readonly rounds?: Given<number>;
  readonly patterns?: readonly string[];
  readonly variants?: readonly string[];
  readonly all?: true;
  readonly seed?: number;
  readonly set?: readonly Override[];
}

const EXAMPLES = [
  'commbench run pattern-comparison --explain',
  'commbench run rest-vs-queue --rate 500/s --rounds 3 --seed 7',
  'commbench run circuit-breaker --all',
  'commbench run my-scenario.yaml --set service.processingMs=20ms --set outage=null',
  'commbench run rest-vs-queue --patterns rest --target rest=http://127.0.0.1:8080/users',
  'commbench run rest-vs-queue --strict --format json --quiet > result.json',
];

export function runCommand(context: Context): Command {
  const command = new Command('run')
    .argument('<scenario>', 'a name (see `commbench list`) or a file')
    .addOption(rateOption())
    .addOption(durationOption())
    .addOption(roundsOption())
    .addOption(patternsOption())
    .addOption(variantsOption())
    .addOption(allOption())
    .addOption(seedOption())
    .addOption(setOption());
  return addConductOptions(command)
    .addHelpText('after', helpAfter(EXAMPLES, EXPERIMENT_EXITS))
    .action((scenario: string, options: RunOptions) => run(context, scenario, options));
}

async function run(context: Context, name: string, options: RunOptions): Promise<void> {
  const loaded = await loadScenario(name, overridesOf(options), scenarioProblems);
  checkPatterns(loaded.scenario, { '--patterns': options.patterns ?? [] });
  checkVariants(loaded.scenario, options.variants ?? []);
  await conduct(context, {
    ...requestOf(options),
    scenario: loaded.scenario,
    seed: options.seed ?? newSeed(),
    patterns: options.patterns,
    variants: options.all ? loaded.scenario.variants.map(({ id }) => id) : options.variants,
    outPath: options.out ?? defaultOut(loaded),
  });
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

function defaultOut({ scenario }: LoadedScenario): string {
  return path.join(RESULTS_FOLDER, `${scenario.name}-${timeStamp()}.json`);
}
